#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/program/program.h>

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! One way to run programs, to be measured.
struct Way {
    std::string name;
    TargetSpec target;
    const std::vector<program::Program>& programs; //!< see Benchmarkable; not empty; borrowed
    bool await_each{false};                        //!< await every call before the next step
    bool coverage{false};                          //!< count the target's edges, as in a guided campaign
};

//! The speed of one way: medians over the rounds.
struct Speed {
    double programs_per_second{0};
    double calls_per_second{0};
};

//! Measure the speed of several ways. Each round measures every way once, so other load on the machine affects all of
//! them.
//!
//! @param rounds  Number of measurements of each way.
//! @param round   Time of one measurement.
//! @return One speed for each way, in the same order.
base::Result<std::vector<Speed>> MeasureSpeeds(std::span<const Way> ways, unsigned rounds,
                                               std::chrono::milliseconds round);

//! The average time that each phase takes for one program, in microseconds of wall time.
struct TimeSplit {
    double generate{0}; //!< generate it
    double mutate{0};   //!< or mutate and validate an existing one
    double print{0};
    double parse{0};
    double execute{0}; //!< run it: processor time of mpfuzz
    double wait{0};    //!< run it: time in which mpfuzz waits for the target or for a processor
    double observe{0}; //!< oracles and features
};

//! Measure the phases. Each program runs once, on a new target process that counts its edges.
//!
//! @param problem  Set to the reason if the target does not count edges.
base::Result<TimeSplit> MeasureTimes(const Subject& subject, const std::vector<program::Program>& programs,
                                     uint64_t seed, std::string& problem);

//! Remove from a program the steps that wait: awaits, delays and calls that may block.
program::Program Benchmarkable(program::Program program, const program::TargetRules& rules);

} // namespace mpfuzz::engine
