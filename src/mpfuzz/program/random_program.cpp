#include <mpfuzz/program/random_maker.h>
#include <mpfuzz/program/test_program.h>

namespace mpfuzz::program {
namespace {

//! A random earlier step of a kind. Returns nullopt if there is none.
template<typename T>
std::optional<StepIndex> Earlier(const Program& program, base::Rng& rng)
{
    std::vector<StepIndex> found;
    for (StepIndex i{0}; i < program.steps.size(); ++i) {
        if (std::holds_alternative<T>(program.steps[i])) found.push_back(i);
    }
    if (found.empty()) return std::nullopt;
    return rng.Pick(found);
}

std::optional<Step> RandomStep(const schema::Schema& schema, const Program& program, base::Rng& rng)
{
    RandomMaker maker{schema, program, rng, /*in_message=*/false};
    const auto connection{Earlier<Connect>(program, rng)};
    const auto call{Earlier<Call>(program, rng)};
    switch (rng.Below(17)) {
    case 0: return Connect{};
    case 1:
        if (connection) return Bootstrap{*connection, static_cast<uint32_t>(rng.Below(schema.Interfaces().size()))};
        break;
    case 2: return Await{call};
    case 3:
        if (call) return Cancel{*call};
        break;
    case 4:
        if (auto capability{maker.Capability()}) return Drop{std::move(*capability)};
        break;
    case 5: return Serve{maker.Served()};
    case 6:
        if (connection) return Disconnect{*connection, static_cast<Disconnect::How>(rng.Below(4))};
        break;
    case 7:
        if (connection) {
            return Message{*connection, {RandomMaker{schema, program, rng, true}.Fields(schema.RpcMessage())}};
        }
        break;
    case 8:
        if (connection) return Bytes{*connection, maker.Bytes()};
        break;
    case 9: return Delay{static_cast<uint32_t>(rng.Below(MAX_DELAY_MS + 1))};
    case 10: return Signal{static_cast<Signal::Kind>(rng.Below(3))};
    default:
        if (auto target{maker.Capability()}) {
            auto method{maker.Method()};
            const auto own{InterfaceOf(schema, program, *target)};
            if (own && !schema.GetInterface(*own).all_methods.empty() && rng.Percent(80)) {
                method = rng.Pick(schema.GetInterface(*own).all_methods);
            }
            // Often call the method whose parameters have all types.
            if (rng.Percent(30)) method = schema.FindMethod(schema.FindInterface("Lab").value(), "echo").value();
            return Call{std::move(*target), method, {maker.Fields(schema.GetMethod(method).params)}};
        }
    }
    return std::nullopt;
}

} // namespace

Program RandomProgram(const schema::Schema& schema, base::Rng& rng)
{
    Program program;
    const uint64_t size{3 + rng.Below(20)};
    if (!rng.OneIn(20)) program.steps = {Connect{}, Bootstrap{0, schema.FindInterface("Init").value()}};
    while (program.steps.size() < size) {
        if (auto step{RandomStep(schema, program, rng)}) program.steps.push_back(std::move(*step));
    }
    return program;
}

Value RandomValue(const schema::Schema& schema, const Program& program, schema::Type type, base::Rng& rng)
{
    return RandomMaker{schema, program, rng, /*in_message=*/false}.Make(type, /*in_list=*/false);
}

} // namespace mpfuzz::program
