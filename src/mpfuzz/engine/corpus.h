#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/engine/counters.h>
#include <mpfuzz/program/program.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! Chooses programs to mutate, and prefers the newest of the corpus: their mutations often reach more new features. The
//! engine itself chooses among hundreds of programs, and so chooses the newest too seldom.
class SeedSchedule
{
public:
    //! Add a program that reached new features. Only the latest few are kept here; the engine keeps all.
    void Add(std::string text);

    //! The program to mutate next; the newest is chosen most often. Returns nullopt in half of the calls, and if there
    //! is no program: then the engine chooses. The result is valid until the next Add.
    std::optional<std::string_view> Pick(base::Rng& rng) const;

private:
    std::deque<std::string> m_programs; //!< newest first
};

//! Write a program to a corpus directory. An engine that reads the directory again finds it there. Errors are ignored:
//! the program is then missing in the corpus.
void AddToCorpus(const std::string& directory, const std::string& text);

//! Runs a program and returns its counters: COUNTERS bytes, valid until the next run; empty if the run showed a
//! finding.
using Probe = std::function<std::span<const uint8_t>(const program::Program&)>;

//! Shorten a program that reached new features, before it joins the corpus. Later mutations then change only steps that
//! are needed. syzkaller does the same when it triages inputs.
//!
//! First the program is run again. New features that it does not reach again are ignored: they depend on the scheduling
//! of threads and event loops. Then steps are removed as long as the program reaches the rest.
//!
//! @param new_features  The new features that the program reached, not empty.
//! @return nullopt if the second run reaches none of them. Cost: one run, and about two for each step, at most 32.
std::optional<program::Program> MinimizeInput(const schema::Schema& schema, const program::Program& program,
                                              std::vector<Feature> new_features, const Probe& probe);

//! Makes a program of the corpus smaller, for engines that ask for one candidate after another and keep it if it
//! reaches the same as the original (the trim functions of AFL++).
//!
//!     Trimmer trimmer{program, size};
//!     for (trimmer.Advance(schema); trimmer.Done() < trimmer.Total(); trimmer.Advance(schema))
//!         trimmer.Judged(ReachesTheSame(trimmer.Candidate()));
//!
//! Removes each step once, from the last to the first, together with the steps that depend on it.
class Trimmer
{
public:
    //! @param max  Maximum size of a candidate in bytes: the size of the original input.
    Trimmer(program::Program program, size_t max)
        : m_current{std::move(program)}, m_max{max}, m_total{m_current.steps.size()}, m_next{m_total}
    {
    }

    //! Make the next candidate, if there is one.
    void Advance(const schema::Schema& schema);

    //! The text of the candidate. It has at least one step.
    const std::string& Candidate() const { return m_text; }

    //! Tell whether the candidate reached the same as the original.
    void Judged(bool taken);

    //! Number of steps tried, and number of steps in total. Equal if there is no further candidate.
    size_t Done() const { return m_candidate ? m_total - 1 - m_next : m_total; }
    size_t Total() const { return m_total; }

private:
    program::Program m_current;
    size_t m_max;
    size_t m_total;
    size_t m_next; //!< the steps before this one have not been tried
    std::optional<program::Program> m_candidate;
    std::string m_text;
};

} // namespace mpfuzz::engine
