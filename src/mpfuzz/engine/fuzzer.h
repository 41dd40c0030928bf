#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/engine/counters.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/engine/live_target.h>
#include <mpfuzz/engine/text_mutator.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! The target to fuzz. Borrows everything.
struct Subject {
    TargetSpec target;
    std::span<const domain::Domain> domains;
    const observe::Limits& limits;
};

//! The result of running one program.
struct RunResult {
    std::vector<observe::Finding> findings;
    std::vector<Feature> new_features; //!< features that no earlier run reached; empty if there are findings
};

//! Everything that the callbacks of a fuzzing engine need: a target, its harness, and a mutator of programs. Writes the
//! counts of a run to TheCounters(), so there can be only one Fuzzer in a process.
class Fuzzer
{
public:
    //! Borrows what the subject borrows, and the feature set. The target starts with the first run.
    Fuzzer(const Subject& subject, FeatureSet& features_seen);

    //! The program in an input of the engine. Returns nullopt if it has no steps, or a step that the target does not
    //! support.
    std::optional<program::Program> Read(std::string_view input);

    //! Run a program. Afterwards the counters contain what it reached. If there are findings they are all zero, so that
    //! the program does not enter the corpus. An error means that the target cannot be started.
    //!
    //! The counters are cleared before the run.
    base::Result<RunResult> Run(const program::Program& program);

    //! Give an input that contains no program a feature, the same one for all such inputs. libFuzzer needs a corpus
    //! that is not empty, and the first input that it tries is a newline.
    void MarkNoProgram()
    {
        std::ranges::fill(m_counters.all, uint8_t{0});
        m_counters.outcomes[0] = 1;
    }

    //! The comparisons that the target has made since the last ForgetComparisons; empty if it was not compiled to
    //! report them.
    mutate::ComparisonList GetComparisons() const;
    void ForgetComparisons();

    //! Why the target reports no coverage; empty if it does. Only the first call returns a reason. Call after the first
    //! run.
    std::string TakeCoverageProblem();

    //! Stop the target and clean up. Nothing can be run afterwards.
    void Close() { m_target.reset(); }

    Harness& GetHarness() { return m_harness; }
    TextMutator& GetMutator() { return m_mutator; }

private:
    FeatureSet& m_features_seen;
    Counters m_counters{TheCounters()};
    std::unique_ptr<LiveTarget> m_target;
    Harness m_harness;
    TextMutator m_mutator;
    bool m_checked_coverage{false};
};

} // namespace mpfuzz::engine
