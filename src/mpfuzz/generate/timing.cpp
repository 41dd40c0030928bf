#include <mpfuzz/generate/timing.h>

#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <array>
#include <vector>

namespace mpfuzz::generate {

using program::Program;
using program::Step;
using program::StepIndex;

namespace {

// All numbers here are guesses, unmeasured.

// Percentage of calls that are awaited, and how often a program has it. 0: all calls are pipelined; 100: each call
// waits for the one before.
constexpr std::array<unsigned, 4> AWAIT_PERCENTS{0, 15, 50, 100};
constexpr std::array<uint32_t, 4> AWAIT_WEIGHTS{30, 30, 25, 15};
// Percentages of calls, capabilities or programs.
constexpr unsigned CANCEL_PERCENT{5};
constexpr unsigned CANCEL_HANGING_PERCENT{25};
constexpr unsigned DROP_PERCENT{8};
constexpr unsigned EARLY_PERCENT{30};
constexpr unsigned DELAY_PERCENT{8};
constexpr unsigned AWAIT_ALL_PERCENT{30};
constexpr unsigned AWAIT_HANGING_PERCENT{3};
constexpr uint32_t LONGEST_DELAY_MS{50};

//! A step to insert before step `position` of the program.
struct Insertion {
    StepIndex position{0};
    Step step;
};

class Timing
{
public:
    Timing(const SchemaIndex& schema_index, const Program& program, bool misbehaves, base::Rng& rng)
        : m_program{program}, m_inventory{schema_index}, m_misbehaves{misbehaves}, m_rng{rng},
          m_last_use(program.steps.size())
    {
        for (StepIndex step{0}; step < program.steps.size(); ++step) {
            m_inventory.Note(program, step);
            m_last_use[step] = step;
            program::ForEachReference(program.steps[step], [&](StepIndex used) { m_last_use[used] = step; });
        }
    }

    std::vector<Insertion> Choose()
    {
        AddAwaits();
        AddCancels();
        AddDrops();
        if (m_rng.Percent(DELAY_PERCENT) && End() > 1) {
            const auto ms{static_cast<uint32_t>(1 + m_rng.SkewedLength(LONGEST_DELAY_MS - 1))};
            Insert(Between(0, End() - 1), program::Delay{ms});
        }
        return std::move(m_insertions);
    }

private:
    StepIndex End() const { return static_cast<StepIndex>(m_program.steps.size()); }
    bool IsCall(StepIndex step) const { return std::holds_alternative<program::Call>(m_program.steps[step]); }
    void Insert(StepIndex position, Step step) { m_insertions.push_back({position, std::move(step)}); }
    //! The step that closes a step's connection. Returns End() if there is none.
    StepIndex ClosingStep(StepIndex step) const
    {
        const auto connection{m_inventory.Connection(step)};
        const auto closes{[&](const Step& candidate) {
            const auto* disconnect{std::get_if<program::Disconnect>(&candidate)};
            return disconnect && disconnect->connection == connection;
        }};
        return static_cast<StepIndex>(std::ranges::find_if(m_program.steps, closes) - m_program.steps.begin());
    }
    //! A position after `step` and not after `limit`, mostly near `step`.
    StepIndex Between(StepIndex step, StepIndex limit)
    {
        return step + 1 + static_cast<StepIndex>(m_rng.SkewedLength(limit > step ? limit - 1 - step : 0));
    }
    //! Where to drop the capabilities of a step, or to cancel it: after its last use, or sometimes earlier.
    StepIndex ReleasePosition(StepIndex step)
    {
        const bool early{m_misbehaves && m_rng.Percent(EARLY_PERCENT)};
        return Between(early ? step : m_last_use[step], ClosingStep(step));
    }

    void AddAwaits()
    {
        const unsigned percent{AWAIT_PERCENTS[m_rng.Weighted(AWAIT_WEIGHTS)]};
        bool may_hang{false};
        for (StepIndex step{0}; step < End(); ++step) {
            if (!IsCall(step)) continue;
            may_hang |= m_inventory.MayHang(step);
            const unsigned chance{m_inventory.MayHang(step) ? AWAIT_HANGING_PERCENT : percent};
            if (m_rng.Percent(chance)) Insert(Between(step, ClosingStep(step)), program::Await{step});
        }
        // Wait for all answers before the last connections are closed.
        StepIndex closing{End()};
        while (closing > 0 && std::holds_alternative<program::Disconnect>(m_program.steps[closing - 1])) --closing;
        if (!may_hang && m_rng.Percent(AWAIT_ALL_PERCENT)) Insert(closing, program::Await{});
    }

    void AddCancels()
    {
        for (StepIndex step{0}; step < End(); ++step) {
            if (!IsCall(step)) continue;
            const bool unused{m_last_use[step] == step};
            if (!unused && !m_misbehaves) continue;
            const unsigned percent{m_inventory.MayHang(step) ? CANCEL_HANGING_PERCENT : CANCEL_PERCENT};
            if (m_rng.Percent(percent)) Insert(ReleasePosition(step), program::Cancel{step});
        }
    }

    void AddDrops()
    {
        for (const Item& item : m_inventory.Items()) {
            const bool released{!item.live && ClosingStep(item.ref.step) == End()};
            if (!released && m_rng.Percent(DROP_PERCENT))
                Insert(ReleasePosition(item.ref.step), program::Drop{item.ref});
        }
    }

    const Program& m_program;
    Inventory m_inventory;
    bool m_misbehaves;
    base::Rng& m_rng;
    std::vector<StepIndex> m_last_use; //!< for each step, the last step that refers to it; itself if there is none
    std::vector<Insertion> m_insertions;
};

} // namespace

void AddTiming(const SchemaIndex& schema_index, Program& program, bool misbehaves, base::Rng& rng)
{
    std::vector<Insertion> insertions{Timing{schema_index, program, misbehaves, rng}.Choose()};
    // Insert at the last position first, so that the remaining positions stay correct.
    std::ranges::stable_sort(insertions,
                             [](const Insertion& a, const Insertion& b) { return a.position > b.position; });
    for (Insertion& insertion : insertions) program::InsertStep(program, insertion.position, std::move(insertion.step));
}

} // namespace mpfuzz::generate
