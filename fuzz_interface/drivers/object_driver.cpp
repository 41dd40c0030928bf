#include <fuzz_interface/drivers/object_driver.h>

#include <fuzz_interface/drivers/graph.h>
#include <fuzz_interface/drivers/round.h>

#include <algorithm>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds POLL{1};

bool Meet(const std::vector<const void*>& a, const std::vector<const void*>& b)
{
    return std::ranges::any_of(a, [&](const void* x) { return std::ranges::find(b, x) != b.end(); });
}

bool Conflict(const Step& a, const Step& b)
{
    return Meet(a.changes, b.changes) || Meet(a.changes, b.reads) || Meet(a.reads, b.changes);
}

//! Steps that may be made at the same time.
std::vector<Step> ChooseRound(Graph& graph, Choices& choices)
{
    std::vector<Step> steps;
    const size_t count{choices.OneIn(3) ? HANDS : 1};
    for (size_t hand{0}; hand < count; ++hand) {
        Step step{graph.Choose(hand)};
        const bool conflict{std::ranges::any_of(steps, [&](const Step& other) { return Conflict(step, other); })};
        steps.push_back(conflict ? Step{} : std::move(step));
    }
    for (const Step& closing : steps) {
        if (!closing.closes) continue;
        for (Step& step : steps) {
            if (step.closes || step.ending == Step::Ending::ERROR) continue;
            if (std::ranges::find(step.links, closing.links.front()) != step.links.end()) {
                step.ending = Step::Ending::EITHER;
            }
        }
    }
    return steps;
}

class ObjectDriver
{
public:
    ObjectDriver(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices,
                 const ObjectOptions& options)
        : m_choices{choices}, m_options{options}, m_graph{connect, choices}, m_rounds{options.deadline}
    {
    }

    std::optional<Failure> Drive()
    {
        if (auto failure{Begin()}) return failure;
        for (size_t i{0}; i < m_options.rounds && !m_choices.Exhausted(); ++i) {
            auto failure{m_rounds.Run(ChooseRound(m_graph, m_choices))};
            if (!failure && !m_graph.Links().empty() && m_choices.OneIn(8)) {
                failure = Run(m_graph.LiveObjects(m_choices.Pick(m_graph.Links()), 0));
            }
            if (failure) return failure;
        }
        if (auto failure{Leave()}) return failure;
        return End();
    }

    void Abandon(const std::shared_ptr<void>& owner) { m_rounds.Abandon(owner); }

private:
    std::optional<Failure> Run(Step step)
    {
        std::vector<Step> steps;
        steps.push_back(std::move(step));
        return m_rounds.Run(std::move(steps));
    }

    //! Nobody has left anything behind.
    std::optional<Failure> Begin()
    {
        if (auto failure{Run(m_graph.Connect())}) return failure;
        return AwaitNoObjects();
    }

    //! Close and destroy everything, in any order.
    std::optional<Failure> Leave()
    {
        while (!m_graph.Links().empty() || !m_graph.Objects().empty()) {
            const auto& links{m_graph.Links()};
            const auto& objects{m_graph.Objects()};
            const bool close{objects.empty() || (!links.empty() && m_choices.Below(2) == 1)};
            auto failure{Run(close ? m_graph.Close(m_choices.Pick(links)) : m_graph.Destroy(m_choices.Pick(objects)))};
            if (failure) return failure;
        }
        return std::nullopt;
    }

    //! What is left then goes, sooner or later.
    std::optional<Failure> End()
    {
        if (auto failure{Run(m_graph.Connect())}) return failure;
        for (int32_t slot{0}; slot < SLOTS; ++slot) {
            if (auto failure{Run(m_graph.Forget(m_graph.Links().front(), 0, slot))}) return failure;
        }
        if (auto failure{AwaitNoObjects()}) return failure;
        if (auto failure{Leave()}) return failure;
        const auto until{Clock::now() + m_options.deadline};
        while (m_graph.HeldCallbacks() > 0) {
            if (Clock::now() > until) return m_rounds.Fail("callbacks that no slot holds are never released");
            std::this_thread::sleep_for(POLL);
        }
        return std::nullopt;
    }

    std::optional<Failure> AwaitNoObjects()
    {
        const auto& link{m_graph.Links().front()};
        Step step{m_graph.LiveObjects(link, 0)};
        step.text += ", in the end";
        // Shorter than what a hand may take.
        step.work = [link, until = Clock::now() + m_options.deadline / 2] {
            while (link->fuzz[0]->liveObjects() > 0 && Clock::now() < until) std::this_thread::sleep_for(POLL);
            return static_cast<uint64_t>(int64_t{link->fuzz[0]->liveObjects()});
        };
        step.low = step.high = 0;
        return Run(std::move(step));
    }

    Choices& m_choices;
    const ObjectOptions m_options;
    Graph m_graph;
    Rounds m_rounds; //!< behind the graph: its hands go first
};

} // namespace

std::optional<Failure> DriveObjects(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices,
                                    const ObjectOptions& options)
{
    const auto driver{std::make_shared<ObjectDriver>(connect, choices, options)};
    auto failure{driver->Drive()};
    driver->Abandon(driver);
    return failure;
}

std::optional<Failure> FindLeftovers(const std::function<std::unique_ptr<FuzzInit>()>& connect,
                                     const ObjectOptions& options)
{
    // Without choices, that is all that the driver looks at.
    Choices none{std::span<const uint8_t>{}};
    return DriveObjects(connect, none, options);
}

} // namespace mpfuzz::fuzz_interface
