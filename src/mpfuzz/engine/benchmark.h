#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/program/program.h>

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! One way of running programs.
struct Way {
    std::string name;
    MakeLab make_lab;
    const std::vector<program::Program>& programs; //!< see Benchmarkable; not empty; borrowed
    bool await_each{false};                        //!< await every call before the next step
    bool coverage{false};                          //!< count the target's edges, as in a guided campaign
};

//! How fast one way went: medians over the rounds.
struct Speed {
    double programs_per_second{0};
    double calls_per_second{0};
};

//! Time several ways, in turns, so that a noisy machine disturbs all alike.
//!
//! @param rounds  Turns of each.
//! @param round   Time a turn.
//! @return One for each way, in their order.
base::Result<std::vector<Speed>> MeasureSpeeds(std::span<const Way> ways, unsigned rounds,
                                               std::chrono::milliseconds round);

//! Where the time of one program goes, on average, in microseconds of wall time.
struct TimeSplit {
    double generate{0}; //!< make it anew
    double mutate{0};   //!< or change one, with its validation
    double print{0};
    double parse{0};
    double execute{0}; //!< our own work in running it: processor time
    double wait{0};    //!< the rest of running it: for the target, and for the processor
    double observe{0}; //!< oracles and features
};

//! Measure it over these programs, each run once on a fresh target that counts its edges.
//!
//! @param problem  Set to why it does not count them, where it does not.
base::Result<TimeSplit> MeasureTimes(const Subject& subject, const std::vector<program::Program>& programs,
                                     uint64_t seed, std::string& problem);

//! A program without what would make its speed a matter of waiting: awaits, delays and calls that may block.
program::Program Benchmarkable(program::Program program, const program::TargetRules& rules);

} // namespace mpfuzz::engine
