#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/observe/postcondition.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/schema/schema.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

//! What the oracles check a target against: the target's rules, and what this folder parses from the target file.
struct Limits : program::TargetRules {
    std::vector<Queue> queues; //!< queues in which calls keep their order
    std::vector<Postcondition> postconditions;
    std::vector<domain::Postcondition> coded_postconditions; //!< those that domains define in C++
};

//! One run that the oracles judge. Borrows everything. The trace has one outcome for each step of the program.
struct Case {
    const schema::Schema& schema;
    const program::Program& program;
    const trace::Trace& trace;
    const Limits& limits;
};

//! One broken rule that an oracle noticed.
struct Finding {
    std::string kind;  //!< the oracle's name: `crash`, `no-reply`, `unresponsive`
    std::string title; //!< the same for every run with the same cause; used to recognise duplicates
    program::Program program;
    trace::Trace trace;
};

//! Kind of the findings about threads, descriptors and memory: several programs together may have caused them.
inline constexpr std::string_view RESOURCES{"resources"};

//! One rule that a correct target never breaks.
struct Oracle {
    std::string_view name;    //!< the kind of its findings
    std::string_view notices; //!< one sentence for users
    //! Returns one title for each problem of this run, without duplicates.
    std::vector<std::string> (*judge)(const Case& run);
};

//! The table of all oracles. Every front end uses it.
std::span<const Oracle> Oracles();

//! Lets every oracle judge a run.
//!
//! If the target died, the oracles about a living target return nothing; `postcondition` and `order` still judge the
//! answers that arrived before.
//! @return Findings in the table's order, no two with the same kind and title. Each has a copy of the program and of
//!         the trace.
std::vector<Finding> Judge(const Case& run);

//! The functions of the oracles, for the table and the tests: see Oracle::judge.
std::vector<std::string> JudgeCrash(const Case& run);
std::vector<std::string> JudgeUnresponsive(const Case& run);
std::vector<std::string> JudgeNoReply(const Case& run);
std::vector<std::string> JudgeUnkillable(const Case& run);
std::vector<std::string> JudgeCanary(const Case& run);
std::vector<std::string> JudgeProtocol(const Case& run);
std::vector<std::string> JudgeResources(const Case& run);
std::vector<std::string> JudgePostconditions(const Case& run);
std::vector<std::string> JudgeOrder(const Case& run);

} // namespace mpfuzz::observe
