#include <mpfuzz/program/validate.h>

#include <mpfuzz/program/validate_value.h>

#include <type_traits>

namespace mpfuzz::program {
namespace {

class StepValidator
{
public:
    StepValidator(const schema::Schema& schema, const Program& program, StepIndex step)
        : m_schema{schema}, m_values{schema, program, step}
    {
    }

    bool operator()(const Connect&) { return true; }
    bool operator()(const Bootstrap& bootstrap)
    {
        if (!IsConnection(bootstrap.connection)) return false;
        return bootstrap.interface < m_schema.Interfaces().size() || m_values.Fail("the schema has no such interface");
    }
    bool operator()(const Call& call)
    {
        return m_values.CheckCapability(call.target) && m_values.CheckMethod(call.method) &&
               m_values.CheckStruct(m_schema.GetMethod(call.method).params, call.arguments.fields);
    }
    bool operator()(const Await& await) { return !await.call || IsCall(*await.call); }
    bool operator()(const Cancel& cancel) { return IsCall(cancel.call); }
    bool operator()(const Drop& drop) { return m_values.CheckCapability(drop.capability); }
    bool operator()(const Serve& serve) { return m_values.CheckServed(serve.object); }
    bool operator()(const Disconnect& disconnect)
    {
        if (!IsConnection(disconnect.connection)) return false;
        return disconnect.how <= Disconnect::How::TORN || m_values.Fail("there is no such way to disconnect");
    }
    bool operator()(const Message& message)
    {
        m_values.RefuseCapabilities();
        return IsConnection(message.connection) && m_values.CheckStruct(m_schema.RpcMessage(), message.message.fields);
    }
    bool operator()(const Bytes& bytes)
    {
        if (!IsConnection(bytes.connection)) return false;
        return bytes.bytes.size() / 8 <= MAX_WORDS || m_values.Fail("more bytes than a step may send");
    }
    bool operator()(const Delay& delay)
    {
        return delay.ms <= MAX_DELAY_MS || m_values.Fail("a delay is at most " + std::to_string(MAX_DELAY_MS) + " ms");
    }

    bool operator()(const Signal& signal)
    {
        return signal.kind <= Signal::Kind::HUP || m_values.Fail("there is no such signal to send");
    }

    std::string Fault() && { return std::move(m_values).Fault(); }

private:
    bool IsConnection(StepIndex step) { return m_values.Earlier<Connect>(step, "connection"); }
    bool IsCall(StepIndex step) { return m_values.Earlier<Call>(step, "call"); }

    const schema::Schema& m_schema;
    ValueValidator m_values;
};

} // namespace

base::Status ValidateStep(const schema::Schema& schema, const Program& program, StepIndex step)
{
    StepValidator validator{schema, program, step};
    if (std::visit(validator, program.steps.at(step))) return base::Ok();
    return base::Error{std::move(validator).Fault()};
}

base::Status Validate(const schema::Schema& schema, const Program& program)
{
    if (program.steps.size() > MAX_STEPS) {
        return base::Error{"more than " + std::to_string(MAX_STEPS) + " steps"};
    }
    for (StepIndex i{0}; i < program.steps.size(); ++i) {
        const auto status{ValidateStep(schema, program, i)};
        if (!status) return base::Error{"step " + std::to_string(i) + ": " + status.GetError().message};
    }
    return base::Ok();
}

} // namespace mpfuzz::program
