#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mpfuzz::program {

//! The rules and limits of a target: what programs may do, how long to wait for answers, and how many resources the
//! target may use.
//!
//! The reader of target.toml (execute/target_file.h) fills this struct. The generator, the mutators, the executor and
//! the oracles read it. The fields have the names of the keys in target.toml, without the units. Methods and interfaces
//! are indices into the target's Schema. The default values are guesses.
struct TargetRules {
    // [schema]
    uint32_t main_interface{0}; //!< interface of the object that `bootstrap` returns

    // [rules]
    std::vector<schema::MethodRef> denied;        //!< never called
    std::vector<schema::MethodRef> may_block;     //!< may stay unanswered: called, but rarely awaited
    std::vector<schema::MethodRef> deterministic; //!< the answer depends only on earlier calls
    std::vector<Signal::Kind> signals;            //!< signals that programs may send to the target's process

    // [limits]: programs
    size_t max_steps{30};        //!< the generator begins no new call in a program of this length
    unsigned max_connections{3}; //!< in one program

    // [limits]: deadlines
    std::chrono::milliseconds reply{5'000};      //!< for the answer to a call that may not block
    std::chrono::milliseconds program{20'000};   //!< for all steps of one program
    std::chrono::milliseconds bootstrap{10'000}; //!< for the main interface of a new connection
    std::chrono::milliseconds end{10'000};       //!< for the process to exit after a `signal` step
    std::chrono::milliseconds canary{1'000};     //!< for each answer to a second client; 0: there is no second client

    // [limits]: what the target's process may use
    uint32_t left_threads{64};     //!< more than at the start, after all clients have disconnected
    uint32_t left_descriptors{64}; //!< likewise
    uint32_t left_memory_mb{512};  //!< likewise: resident memory in MiB
    uint32_t peak_threads{1'000};  //!< at any time

    // Not in target.toml: set by commands and tests.
    std::vector<schema::MethodRef> only; //!< methods that the generator tries to call; empty: all methods
    unsigned misbehaving_percent{25};    //!< percentage of programs that break the protocol's rules on purpose
    //! How long to wait for the next answer if a call that may block is delaying other answers.
    std::chrono::milliseconds blocked{5};
    //! Extra time after each deadline. It is needed if the whole machine was suspended: then the deadline has passed,
    //! but the target could not run.
    std::chrono::milliseconds grace{500};

    bool MayBlock(schema::MethodRef method) const
    {
        return std::find(may_block.begin(), may_block.end(), method) != may_block.end();
    }
};

} // namespace mpfuzz::program
