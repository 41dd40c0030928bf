#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/observe/finding.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/observe/postcondition.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/schema/schema.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

//! What the target has to keep: its rules, and what this folder parses from its description.
struct Limits : program::TargetRules {
    std::vector<Queue> queues; //!< in which calls keep their order
    std::vector<Postcondition> postconditions;
    std::vector<domain::Postcondition> coded_postconditions; //!< those that a domain brings as code
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
