#include <domains/multiprocess/conventions.h>
#include <domains/multiprocess/domain.h>
#include <domains/multiprocess/model_node_schema.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/print.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace mpfuzz::domains::multiprocess {
namespace {

using program::Call;
using program::CapabilityRef;
using program::Program;

class MultiprocessTest : public testing::Test
{
protected:
    static void SetUpTestSuite() { s_schema = ModelNodeSchema(); }

    const schema::Schema& GetSchema() const { return *s_schema; }
    Threads GetThreads() const { return *Threads::Find(*s_schema); }
    schema::MethodRef Method(std::string_view name) const
    {
        const auto found{s_schema->MatchMethods(name)};
        CHECK(found.size() == 1, name);
        return found[0];
    }
    //! Generates `count` programs, of which a percentage misbehaves.
    static std::vector<Program> Generate(unsigned misbehaving_percent, size_t count)
    {
        std::vector<domain::Domain> domains;
        domains.push_back(MakeDomain());
        program::TargetRules rules;
        rules.main_interface = *s_schema->FindInterface("Init");
        rules.may_block = s_schema->MatchMethods("*.wait*");
        rules.misbehaving_percent = misbehaving_percent;
        generate::Generator generator{*s_schema, rules, domains};
        base::Rng rng{1};
        std::vector<Program> programs;
        for (size_t i{0}; i < count; ++i) programs.push_back(generator.Generate(rng));
        return programs;
    }

    static inline std::shared_ptr<const schema::Schema> s_schema;
};

//! Describes the value of Context.thread.
std::string Describe(const schema::Schema& schema, const Program& program, const Call& call,
                     const std::vector<CapabilityRef>& released)
{
    const program::Value* context{call.arguments.Find(0)};
    const auto* fields{context ? context->As<program::StructValue>() : nullptr};
    if (!fields) return "no context";
    const program::Value* thread{fields->Find(0)};
    if (!thread || thread->As<program::Null>()) return "no thread";
    const auto* ref{thread->As<CapabilityRef>()};
    if (!ref) return "ours";
    const auto* source{std::get_if<Call>(&program.steps[ref->step])};
    if (!source || schema.MethodName(source->method) != "ThreadMap.makeThread") return "not a thread";
    if (std::ranges::count(released, *ref) > 0) return "released";
    const bool same{program::ConnectionOf(program, ref->step) == program::ConnectionOf(program, call.target.step)};
    return same ? "right" : "foreign";
}

//! Counts the descriptions of the threads in all contexts.
std::map<std::string, size_t> ThreadsInContexts(const schema::Schema& schema, const std::vector<Program>& programs)
{
    std::map<std::string, size_t> counts;
    for (const Program& program : programs) {
        std::vector<CapabilityRef> released;
        for (const program::Step& step : program.steps) {
            if (const auto* drop = std::get_if<program::Drop>(&step)) released.push_back(drop->capability);
            const auto* call{std::get_if<Call>(&step)};
            if (!call) continue;
            const schema::Struct& params{schema.GetStruct(schema.GetMethod(call->method).params)};
            const bool has_context{!params.fields.empty() && IsContext(schema, params.fields[0].type)};
            if (has_context) ++counts[Describe(schema, program, *call, released)];
        }
    }
    return counts;
}

TEST_F(MultiprocessTest, IdsAreThoseOfLibmultiprocess)
{
    const Threads threads{GetThreads()};
    EXPECT_EQ(GetSchema().GetInterface(threads.thread_map).name, "ThreadMap");
    EXPECT_EQ(GetSchema().GetInterface(threads.thread).name, "Thread");
    EXPECT_EQ(GetSchema().MethodName(threads.make_thread), "ThreadMap.makeThread");
    EXPECT_EQ(GetSchema().GetStruct(*GetSchema().FindStruct("Context")).id, CONTEXT_ID);
}

TEST_F(MultiprocessTest, WellBehavedCallsNameAThreadOfTheirConnection)
{
    auto counts{ThreadsInContexts(GetSchema(), Generate(/*misbehaving_percent=*/0, 250))};
    // A call has no thread only if its program was too long to add one.
    EXPECT_GT(counts["right"], 50 * counts["no thread"]);
    for (const char* wrong : {"no context", "ours", "not a thread", "released", "foreign"}) {
        EXPECT_EQ(counts[wrong], 0U) << wrong;
    }
}

TEST_F(MultiprocessTest, MisbehavingCallsHaveEveryKindOfWrongThread)
{
    auto counts{ThreadsInContexts(GetSchema(), Generate(/*misbehaving_percent=*/100, 250))};
    for (const char* kind : {"right", "no context", "no thread", "ours", "not a thread", "released", "foreign"}) {
        EXPECT_GT(counts[kind], 10U) << kind;
    }
}

TEST_F(MultiprocessTest, MostContextsAreRight)
{
    auto counts{ThreadsInContexts(GetSchema(), Generate(/*misbehaving_percent=*/25, 250))};
    size_t total{0};
    for (const auto& [kind, count] : counts) total += count;
    EXPECT_GT(counts["right"] * 100, total * 80);
    EXPECT_LT(counts["right"] * 100, total * 97);
}

TEST_F(MultiprocessTest, ThreadsAreMadeByTheMapOfTheHandshake)
{
    for (const Program& program : Generate(/*misbehaving_percent=*/0, 300)) {
        for (const program::Step& step : program.steps) {
            const auto* call{std::get_if<Call>(&step)};
            if (!call || call->method != GetThreads().make_thread) continue;
            const auto& handshake{std::get<Call>(program.steps[call->target.step])};
            EXPECT_EQ(handshake.method, Method("Init.construct"));
            ASSERT_NE(handshake.arguments.Find(0), nullptr);
            const program::Value& map{*handshake.arguments.Find(0)};
            EXPECT_TRUE(map.As<program::ServedObject>() || map.As<CapabilityRef>());
        }
    }
}

TEST_F(MultiprocessTest, OurThreadMapReturnsAThread)
{
    const program::ServedObject map{MakeServedThreadMap(GetThreads())};
    ASSERT_EQ(map.reactions.size(), 1U);
    ASSERT_EQ(map.reactions[0].results.size(), 1U);
    const auto* thread{map.reactions[0].results[0].value.As<program::ServedObject>()};
    ASSERT_TRUE(thread);
    EXPECT_EQ(thread->interface, GetThreads().thread);
}

TEST_F(MultiprocessTest, ThreadsAreSharedAndPoolsStaySmall)
{
    size_t most_threads{0};
    uint64_t largest_pool{0};
    for (const Program& program : Generate(/*misbehaving_percent=*/0, 250)) {
        std::map<program::StepIndex, size_t> threads;
        for (program::StepIndex i{0}; i < program.steps.size(); ++i) {
            const auto* call{std::get_if<Call>(&program.steps[i])};
            if (!call) continue;
            if (call->method == GetThreads().make_thread) {
                most_threads = std::max(most_threads, ++threads[*program::ConnectionOf(program, i)]);
            }
            const auto* count{call->arguments.Find(0) ? call->arguments.Find(0)->As<uint64_t>() : nullptr};
            if (call->method == Method("ThreadMap.makePool") && count) largest_pool = std::max(largest_pool, *count);
        }
    }
    EXPECT_GE(most_threads, 2U);
    EXPECT_LE(most_threads, 20U);
    EXPECT_GE(largest_pool, 4U);
    EXPECT_LE(largest_pool, 128U);
}

TEST_F(MultiprocessTest, DestroyIsARareGoal)
{
    std::map<schema::MethodRef, size_t> calls;
    for (const Program& program : Generate(/*misbehaving_percent=*/25, 500)) {
        for (const program::Step& step : program.steps) {
            if (const auto* call = std::get_if<Call>(&step)) ++calls[call->method];
        }
    }
    const size_t destroyed{calls[Method("Echo.destroy")]};
    EXPECT_GT(destroyed, 5U);
    EXPECT_LT(4 * destroyed, calls[Method("Echo.echo")]);
}

} // namespace
} // namespace mpfuzz::domains::multiprocess
