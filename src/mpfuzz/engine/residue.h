#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace mpfuzz::engine {

//! Of the programs that a target ran, those that may have left something behind.
//!
//! A program is forgotten once the target takes no more than before it: what it took has been given back. Usage is seen
//! now and then only when something of a program is still about, so that what counts is the lowest level from then on,
//! and programs between two such levels are under suspicion together.
class Residue
{
public:
    using Programs = std::vector<std::shared_ptr<const program::Program>>;

    //! Programs kept of each measure, the latest; more would not fit into one. Guess, unmeasured.
    static constexpr size_t MAX_PROGRAMS{4096};

    //! After a run on a target that is alive.
    void Add(const std::shared_ptr<const program::Program>& program, const trace::UsageRecord& usage);

    //! The target has been restarted.
    void Clear();

    //! Of threads, descriptors and memory, in this order: those that may have left some behind, oldest first.
    std::array<Programs, 3> Suspects() const;

private:
    //! Programs since the target was seen at a level, until it was seen at the next one.
    struct Span {
        uint64_t level{0};
        Programs programs;
    };
    //! Levels rise from each to the next.
    struct Measure {
        std::vector<Span> spans;
        uint64_t level{0}; //!< now
        void Add(const std::shared_ptr<const program::Program>& program, uint64_t baseline, uint64_t after);
        void Trim();
    };

    std::array<Measure, 3> m_measures;
};

} // namespace mpfuzz::engine
