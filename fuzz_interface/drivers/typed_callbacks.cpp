// Methods that take callbacks. Weights are guesses, unmeasured.
#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/typed_methods.h>
#include <fuzz_interface/interface/transform.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace mpfuzz::fuzz_interface {

namespace {

// Each level needs some stack on both sides.
constexpr uint64_t USUAL_DEPTH{6};

//! What a callback has to do, and what has happened to it. Outlives the callback, and may be read on any thread.
struct Plan {
    int32_t key;      //!< its answers depend on it
    bool throws;      //!< it throws a std::runtime_error instead of answering
    bool calls_again; //!< it makes a call before it answers
    std::atomic<int32_t> calls{0};
    std::atomic<bool> destroyed{false};

    int32_t Answer(int32_t value) const { return value ^ key; }
};

std::shared_ptr<Plan> MakePlan(Choices& choices)
{
    auto plan{std::make_shared<Plan>()};
    plan->key = choices.Bits<int32_t>();
    plan->throws = choices.OneIn(16);
    plan->calls_again = choices.OneIn(4);
    return plan;
}

int32_t RunPlan(Plan& plan, Session& session, int32_t value)
{
    ++plan.calls;
    if (plan.calls_again) session.call_again();
    if (plan.throws) throw std::runtime_error{"this callback throws"};
    return plan.Answer(value);
}

class Callback final : public FuzzCallback
{
public:
    Callback(Session& session, std::shared_ptr<Plan> plan) : m_session{session}, m_plan{std::move(plan)} {}
    ~Callback() override { m_plan->destroyed = true; }

    int32_t call(int32_t value) override { return RunPlan(*m_plan, m_session, value); }

    int32_t recurse(int32_t value, int32_t depth) override
    {
        return fuzz_interface::Recurse(depth == 0 ? value : m_session.remote.recurse(*this, value, depth - 1), 0);
    }

private:
    Session& m_session;
    const std::shared_ptr<Plan> m_plan;
};

//! The result of a call, how often its callback was called, and whether the callback is destroyed.
using Answer = std::tuple<int32_t, int32_t, bool>;

//! Makes a call that has a callback as its argument.
//! @param call  Makes the call and returns its result.
template<typename Call>
std::optional<Mismatch> CallBack(std::string_view method, Plan& plan, int32_t value, bool destroyed_after,
                                 const Call& call)
{
    Outcome<Answer> expected{Answer{PassOn(plan.Answer(value)), 1, destroyed_after}};
    if (plan.throws) expected = Thrown{.kind = Thrown::Kind::STANDARD};
    const auto got{Try([&]() -> Answer {
        const int32_t result{call()};
        return {result, plan.calls, plan.destroyed};
    })};
    return Compare(method, std::tuple{value, plan.key}, expected, got);
}

} // namespace

std::optional<Mismatch> DriveFunction(Session& session, std::string_view method)
{
    const auto plan{MakePlan(session.choices)};
    const auto value{Random<int32_t>(session.choices)};
    return CallBack(method, *plan, value, /*destroyed_after=*/false, [&] {
        return session.remote.callFunction([plan, &session](int32_t number) { return RunPlan(*plan, session, number); },
                                           value);
    });
}

std::optional<Mismatch> DriveObject(Session& session, std::string_view method)
{
    const auto plan{MakePlan(session.choices)};
    const auto value{Random<int32_t>(session.choices)};
    Callback callback{session, plan};
    return CallBack(method, *plan, value, /*destroyed_after=*/false,
                    [&] { return session.remote.callObject(callback, value); });
}

std::optional<Mismatch> DriveUnique(Session& session, std::string_view method)
{
    const auto plan{MakePlan(session.choices)};
    const auto value{Random<int32_t>(session.choices)};
    return CallBack(method, *plan, value, /*destroyed_after=*/true,
                    [&] { return session.remote.callUnique(std::make_unique<Callback>(session, plan), value); });
}

std::optional<Mismatch> DriveShared(Session& session, std::string_view method)
{
    const auto plan{MakePlan(session.choices)};
    const auto value{Random<int32_t>(session.choices)};
    const auto callback{std::make_shared<Callback>(session, plan)};
    return CallBack(method, *plan, value, /*destroyed_after=*/false,
                    [&] { return session.remote.callShared(callback, value); });
}

std::optional<Mismatch> DriveRecurse(Session& session, std::string_view method)
{
    const auto value{Random<int32_t>(session.choices)};
    const bool is_wrong{session.choices.OneIn(16)};
    const auto depth{is_wrong ? MAX_DEPTH + 1 : static_cast<int32_t>(session.choices.Below(USUAL_DEPTH))};
    Callback callback{session, MakePlan(session.choices)};
    const auto got{Try([&] { return session.remote.recurse(callback, value, depth); })};
    Outcome<int32_t> expected{Recurse(value, depth)};
    if (is_wrong) expected = Thrown{.kind = Thrown::Kind::STANDARD};
    return Compare(method, std::tuple{value, depth}, expected, got);
}

std::optional<Mismatch> DriveStored(Session& session, std::string_view method)
{
    const auto plan{MakePlan(session.choices)};
    plan->calls_again = false; // that call might store another callback in the slot
    const auto value{Random<int32_t>(session.choices)};
    auto wrong{CallBack(method, *plan, value, /*destroyed_after=*/false, [&] {
        session.remote.store(session.slot, std::make_shared<Callback>(session, plan));
        return session.remote.callStored(session.slot, value);
    })};
    if (wrong) return wrong;

    // The results of two calls of Forget: the first finds the callback, the second does not.
    using Forgotten = std::pair<bool, bool>;
    const auto forgotten{Try([&]() -> Forgotten {
        const bool first{session.remote.forget(session.slot)};
        return {first, session.remote.forget(session.slot)};
    })};
    wrong = Compare<int32_t, Forgotten>("Forget", session.slot, Forgotten{true, false}, forgotten);
    if (wrong) return wrong;
    const auto called{Try([&] { return session.remote.callStored(session.slot, value); })};
    return Compare<int32_t, int32_t>(method, value, Thrown{.kind = Thrown::Kind::STANDARD}, called);
}

std::optional<Mismatch> DriveWrongSlot(Session& session, std::string_view method)
{
    const auto number{Random<int32_t>(session.choices)};
    const int32_t slot{number >= 0 && number < SLOTS ? SLOTS : number};
    const uint64_t which{session.choices.Below(3)};
    const auto got{Try([&] {
        if (which == 0) return session.remote.forget(slot);
        if (which == 1) return session.remote.callStored(slot, 0) == 0;
        session.remote.store(slot, std::make_shared<Callback>(session, MakePlan(session.choices)));
        return true;
    })};
    return Compare<int32_t, bool>(method, slot, Thrown{.kind = Thrown::Kind::STANDARD}, got);
}

} // namespace mpfuzz::fuzz_interface
