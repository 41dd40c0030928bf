// The stub receives exactly what the client sends, and the client receives exactly what the stub sends.
#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/peer/testing/stub_fixture.h>
#include <mpfuzz/program/print.h>

#include <capnp/schema-loader.h>

#include <algorithm>

namespace mpfuzz::peer {
namespace {

using program::Value;
using trace::Status;

//! Resolves references in a call's arguments. Each capability becomes a broken one; data comes from the trace's
//! answers.
class TraceReferences final : public execute::References
{
public:
    explicit TraceReferences(const trace::Trace& trace) : m_trace{trace} {}

    kj::Maybe<capnp::Capability::Client> Find(const program::CapabilityRef&) override { return Object(); }
    capnp::Capability::Client Serve(const program::ServedObject&) override { return Object(); }
    std::optional<Value> Find(const program::DataRef& ref) override
    {
        if (!m_trace.outcomes[ref.step].answer) return std::nullopt;
        Value value{*m_trace.outcomes[ref.step].answer};
        for (const program::PathElement& element : ref.path) {
            const Value* inner{nullptr};
            if (const auto* fields{value.As<program::StructValue>()}) inner = fields->Find(element.index);
            if (const auto* list{value.As<program::ListValue>()}; list && element.index < list->elements.size())
                inner = &list->elements[element.index];
            if (!inner) return std::nullopt;
            value = Value{*inner};
        }
        if (auto* blob{value.As<program::Blob>()}) blob->bytes = program::ApplyEdits(blob->bytes, ref.edits);
        return value;
    }

private:
    static capnp::Capability::Client Object() { return KJ_EXCEPTION(FAILED, "unused"); }

    const trace::Trace& m_trace;
};

std::string Expected(const program::Call& call, const trace::Trace& trace)
{
    const schema::Schema& schema{*TestSchema()};
    const schema::Method& method{schema.GetMethod(call.method)};
    const auto interface = schema.Loader().get(schema.GetInterface(call.method.interface).id).asInterface();
    // A request that is never sent: it provides a message builder with a capability table.
    auto request{capnp::Capability::Client{KJ_EXCEPTION(FAILED, "unused")}
                     .castAs<capnp::DynamicCapability>(interface)
                     .newRequest(interface.getMethodByName(method.name.c_str()))};
    TraceReferences references{trace};
    execute::Fill(schema, method.params, request, call.arguments, references);
    return program::PrintStruct(schema, method.params, execute::Read(schema, method.params, request.asReader()), {});
}

std::string Found(const program::Call& call, const trace::Outcome& outcome)
{
    const schema::Schema& schema{*TestSchema()};
    if (!outcome.answer || schema.GetMethod(call.method).streaming) return {};
    return program::PrintStruct(schema, schema.GetMethod(call.method).results, *outcome.answer, {});
}

class RoundTrip : public StubTest
{
protected:
    //! Check that each answered call was received as it was sent and answered as the stub reports, and that the stub
    //! reports no other calls.
    void Compare(const program::Program& program, const trace::Trace& trace)
    {
        std::vector<ReceivedCall> received{m_stub.Take()};
        for (program::StepIndex i{0}; i < program.steps.size(); ++i) {
            const auto* call{std::get_if<program::Call>(&program.steps[i])};
            if (!call || !program::ConnectionOf(program, i)) continue;
            const trace::Outcome& outcome{trace.outcomes[i]};
            const std::string sent{Expected(*call, trace)};
            if (outcome.status != Status::ANSWERED) {
                EXPECT_NE(outcome.status, Status::EXCEPTION) << outcome.message;
                m_unanswered.push_back(sent);
                continue;
            }
            const std::string results{Found(*call, outcome)};
            const auto match{std::ranges::find_if(received, [&](const ReceivedCall& other) {
                return other.method == call->method && other.arguments == sent && other.results == results;
            })};
            ASSERT_NE(match, received.end())
                << program::Print(*TestSchema(), program) << "step " << i << ": " << sent << " -> " << results;
            received.erase(match);
            ++m_compared;
        }
        for (const ReceivedCall& call : received)
            EXPECT_GT(std::ranges::count(m_unanswered, call.arguments), 0) << call.arguments;
    }

    size_t m_compared{0};
    //! Arguments of unanswered calls. The stub may receive them later, even after the program's end.
    std::vector<std::string> m_unanswered;
};

TEST_F(RoundTrip, ArgumentsAndResultsArriveUnchanged)
{
    program::TargetRules rules;
    rules.main_interface = *TestSchema()->FindInterface("Init");
    // Misbehaving programs send null or released capabilities on purpose, which do not arrive as they were written.
    rules.misbehaving_percent = 0;
    generate::Generator generator{*TestSchema(), rules, {}};
    base::Rng rng{1};
    for (int i{0}; i < 150 && !HasFatalFailure(); ++i) {
        const program::Program program{generator.Generate(rng)};
        Compare(program, Run(program, /*await_each=*/i % 2 == 0));
    }
    EXPECT_GT(m_compared, 500U);
}

} // namespace
} // namespace mpfuzz::peer
