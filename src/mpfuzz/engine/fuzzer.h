#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/engine/counters.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/engine/lab.h>
#include <mpfuzz/engine/text_mutator.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! What there is to fuzz. Borrows everything.
struct Subject {
    const schema::Schema& schema;
    const program::TargetRules& rules;
    std::span<const domain::Domain> domains;
    const observe::Limits& limits;
    uint32_t restart_every{0}; //!< see Harness
    MakeLab make_lab;          //!< called in the process that fuzzes
};

//! What one program's run brought.
struct RunResult {
    std::vector<observe::Finding> findings;
    std::vector<Feature> new_features; //!< features that no run had reached; none where there are findings
};

//! A target, the harness around it, and a mutator of what runs there: all that a fuzzing engine's callbacks need.
//! Marks what a run reached in TheCounters(), so there is one in a process.
class Fuzzer
{
public:
    //! Borrows what the subject borrows, and the novelty. The target starts with the first run.
    Fuzzer(const Subject& subject, FeatureSet& features_seen);

    //! The program that an engine's input stands for; nothing where it has no step that can be carried out.
    std::optional<program::Program> Read(std::string_view input);

    //! Run it. Afterwards the counters hold what it reached, and are all zero where there are findings, so that its
    //! program enters no corpus. An error means that the target cannot be started.
    //!
    //! The counters must be zero before, as libFuzzer sees to.
    base::Result<RunResult> Run(const program::Program& program);

    //! Give an input that is no program the one feature that such inputs share: libFuzzer wants a corpus that is not
    //! empty, and the first input that it tries is a newline.
    void MarkNoProgram() { m_counters.outcomes[0] = 1; }

    //! What the target has compared since the last ForgetComparisons, where it was compiled for that.
    mutate::ComparisonList GetComparisons() const;
    void ForgetComparisons();

    //! Once, after the first run, why the target gives no coverage; else empty. See execute::Target.
    std::string TakeCoverageProblem();

    //! Stop the target and clean up after it. Nothing can be run any more.
    void Close() { m_lab.reset(); }

    Harness& GetHarness() { return m_harness; }
    TextMutator& GetMutator() { return m_mutator; }

private:
    FeatureSet& m_features_seen;
    Counters m_counters{TheCounters()};
    std::unique_ptr<Lab> m_lab;
    Harness m_harness;
    TextMutator m_mutator;
    bool m_checked_coverage{false};
};

} // namespace mpfuzz::engine
