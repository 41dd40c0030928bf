#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/observe/finding.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/observe/postcondition.h>
#include <mpfuzz/schema/schema.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

//! What the target's description permits it to do.
struct Limits {
    std::vector<schema::MethodRef> may_block;       //!< methods that may take as long as they like, in any order
    trace::Usage max_growth{trace::DEFAULT_GROWTH}; //!< that may stay behind
    uint32_t peak_threads{1'000};                   //!< that the target may have, whatever a program asks for
    std::vector<Queue> queues;                      //!< in which calls keep their order
    std::vector<schema::MethodRef> deterministic;   //!< whose answers are a function of the calls before them
    std::vector<Postcondition> postconditions;
    std::vector<domain::Postcondition> coded_postconditions; //!< those that are code

    bool MayBlock(schema::MethodRef method) const;
};

//! One run to be judged. Borrows everything; the trace has one outcome a step of the program.
struct Case {
    const schema::Schema& schema;
    const program::Program& program;
    const trace::Trace& trace;
    const Limits& limits;
};

//! Kind of what stays behind, which many programs may have to do with.
inline constexpr std::string_view RESOURCES{"resources"};

//! One rule that a well-behaved target never breaks.
struct Oracle {
    std::string_view name;    //!< the kind of its findings
    std::string_view notices; //!< one sentence for people
    //! Titles of what is wrong with this run, each once; empty where nothing is.
    std::vector<std::string> (*judge)(const Case& run);
};

//! The only list of oracles; every front end reads it.
std::span<const Oracle> Oracles();

//! Ask every oracle in the table's order. A target that crashed is asked about nothing else.
//!
//! @return Findings in the table's order, no two with the same kind and title. Copies the program and
//!         the trace into each finding; costs next to nothing where there is none.
std::vector<Finding> Judge(const Case& run);

} // namespace mpfuzz::observe
