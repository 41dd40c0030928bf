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

//! One rule that a correct target never breaks, and what triage has to know about its findings.
struct Oracle {
    FindingKind kind{};
    std::string_view name;      //!< of the kind
    std::string_view notices;   //!< one sentence for users
    bool needs_two_runs{false}; //!< two runs are compared
    bool adds_up{false};        //!< several programs together may be the cause, such as of a leak
    //! A machine that is too busy may cause a finding of this kind: it is confirmed with more patience.
    bool depends_on_time{false};
    //! Returns one problem for each broken rule of this run, no two with the same title. nullptr if a single run on one
    //! target cannot show a finding of this kind.
    std::vector<Problem> (*judge)(const Case& run){nullptr};
};

//! The table of all oracles, in the order of FindingKind. Every front end uses it.
std::span<const Oracle> Oracles();

//! The row of a kind.
const Oracle& OracleOf(FindingKind kind);

//! Lets every oracle judge a run.
//!
//! If the target died, the oracles about a living target return nothing; `postcondition` and `order` still judge the
//! answers that arrived before.
//! @return Findings in the table's order, no two with the same identity. Each has a copy of the program and of
//!         the trace.
std::vector<Finding> Judge(const Case& run);

//! The functions of the oracles, for the table and the tests: see Oracle::judge.
std::vector<Problem> JudgeCrash(const Case& run);
std::vector<Problem> JudgeUnresponsive(const Case& run);
std::vector<Problem> JudgeNoReply(const Case& run);
std::vector<Problem> JudgeUnkillable(const Case& run);
std::vector<Problem> JudgeCanary(const Case& run);
std::vector<Problem> JudgeProtocol(const Case& run);
std::vector<Problem> JudgeResources(const Case& run);
std::vector<Problem> JudgePostconditions(const Case& run);
std::vector<Problem> JudgeOrder(const Case& run);

} // namespace mpfuzz::observe
