#include <fuzz_interface/drivers/object_driver.h>

#include <fuzz_interface/drivers/object_model.h>
#include <fuzz_interface/drivers/worker_thread.h>

#include <algorithm>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds POLL{1};

bool Intersect(const std::vector<const void*>& a, const std::vector<const void*>& b)
{
    return std::ranges::any_of(a, [&](const void* x) { return std::ranges::find(b, x) != b.end(); });
}

bool Conflict(const PlannedCall& a, const PlannedCall& b)
{
    return Intersect(a.changes, b.changes) || Intersect(a.changes, b.reads) || Intersect(a.reads, b.changes);
}

//! Chooses one call, or several that may be made at the same time.
std::vector<PlannedCall> ChooseCalls(ObjectModel& model, Choices& choices)
{
    std::vector<PlannedCall> calls;
    const size_t count{choices.OneIn(3) ? MAX_CONCURRENT : 1};
    for (size_t thread{0}; thread < count; ++thread) {
        PlannedCall call{model.Choose(thread)};
        const bool conflict{
            std::ranges::any_of(calls, [&](const PlannedCall& other) { return Conflict(call, other); })};
        calls.push_back(conflict ? PlannedCall{} : std::move(call));
    }
    for (const PlannedCall& closing : calls) {
        if (!closing.closes) continue;
        for (PlannedCall& call : calls) {
            if (call.closes || call.ending == PlannedCall::Ending::EXCEPTION) continue;
            if (std::ranges::find(call.connections, closing.connections.front()) != call.connections.end()) {
                call.ending = PlannedCall::Ending::EITHER;
            }
        }
    }
    return calls;
}

class ObjectDriver
{
public:
    ObjectDriver(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices,
                 const ObjectOptions& options)
        : m_choices{choices}, m_options{options}, m_model{connect, choices}, m_calls{options.deadline}
    {
    }

    std::optional<Failure> Drive()
    {
        if (auto failure{CheckAtStart()}) return failure;
        for (size_t i{0}; i < m_options.rounds && !m_choices.Exhausted(); ++i) {
            auto failure{m_calls.MakeAll(ChooseCalls(m_model, m_choices))};
            if (!failure && !m_model.Connections().empty() && m_choices.OneIn(8)) {
                failure = Make(m_model.LiveObjects(m_choices.Pick(m_model.Connections()), 0));
            }
            if (failure) return failure;
        }
        if (auto failure{CloseAll()}) return failure;
        return CheckAtEnd();
    }

    void AbandonHanging(const std::shared_ptr<void>& owner) { m_calls.AbandonHanging(owner); }

private:
    std::optional<Failure> Make(PlannedCall call)
    {
        std::vector<PlannedCall> calls;
        calls.push_back(std::move(call));
        return m_calls.MakeAll(std::move(calls));
    }

    //! Checks that no object or callback of an earlier client is left.
    std::optional<Failure> CheckAtStart()
    {
        if (auto failure{Make(m_model.Connect())}) return failure;
        return AwaitNoObjects();
    }

    //! Closes all connections and destroys all objects, in random order.
    std::optional<Failure> CloseAll()
    {
        while (!m_model.Connections().empty() || !m_model.Objects().empty()) {
            const auto& connections{m_model.Connections()};
            const auto& objects{m_model.Objects()};
            const bool close{objects.empty() || (!connections.empty() && m_choices.Below(2) == 1)};
            auto failure{
                Make(close ? m_model.Close(m_choices.Pick(connections)) : m_model.Destroy(m_choices.Pick(objects)))};
            if (failure) return failure;
        }
        return std::nullopt;
    }

    //! Checks that the server releases all objects and callbacks.
    std::optional<Failure> CheckAtEnd()
    {
        if (auto failure{Make(m_model.Connect())}) return failure;
        for (int32_t slot{0}; slot < SLOTS; ++slot) {
            if (auto failure{Make(m_model.Forget(m_model.Connections().front(), 0, slot))}) return failure;
        }
        if (auto failure{AwaitNoObjects()}) return failure;
        if (auto failure{CloseAll()}) return failure;
        const auto until{Clock::now() + m_options.deadline};
        while (m_model.HeldCallbacks() > 0) {
            if (Clock::now() > until) return m_calls.Fail("callbacks that are no longer in a slot are not released");
            std::this_thread::sleep_for(POLL);
        }
        return std::nullopt;
    }

    std::optional<Failure> AwaitNoObjects()
    {
        const auto& connection{m_model.Connections().front()};
        PlannedCall call{m_model.LiveObjects(connection, 0)};
        call.text += ", finally";
        // Poll for less time than the deadline of a call.
        call.work = [connection, until = Clock::now() + m_options.deadline / 2] {
            while (connection->fuzz[0]->liveObjects() > 0 && Clock::now() < until) std::this_thread::sleep_for(POLL);
            return static_cast<uint64_t>(int64_t{connection->fuzz[0]->liveObjects()});
        };
        call.low = call.high = 0;
        return Make(std::move(call));
    }

    Choices& m_choices;
    const ObjectOptions m_options;
    ObjectModel m_model;
    ConcurrentCalls m_calls; //!< after m_model, so that its threads end first
};

} // namespace

std::optional<Failure> DriveObjects(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices,
                                    const ObjectOptions& options)
{
    const auto driver{std::make_shared<ObjectDriver>(connect, choices, options)};
    auto failure{driver->Drive()};
    driver->AbandonHanging(driver);
    return failure;
}

std::optional<Failure> FindLeftovers(const std::function<std::unique_ptr<FuzzInit>()>& connect,
                                     const ObjectOptions& options)
{
    // Without choices, the driver makes no other calls.
    Choices none{std::span<const uint8_t>{}};
    return DriveObjects(connect, none, options);
}

} // namespace mpfuzz::fuzz_interface
