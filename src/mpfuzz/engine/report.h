#pragma once

#include <mpfuzz/engine/finding_recorder.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/mutate/mutator_statistics.h>

#include <string>
#include <string_view>

namespace mpfuzz::engine {

//! What a worker tells the process that started it, one line of JSON a report.
struct Report {
    enum class Kind : uint8_t {
        PROGRESS, //!< statistics since the worker's start
        FINDING,  //!< a finding, new or seen again
        NOTE,     //!< text worth a line on the terminal
        ERROR,    //!< text: what the user has to change; the worker ends
    };
    Kind kind{Kind::NOTE};
    Statistics statistics{};
    mutate::MutatorStatistics mutators{};
    FindingReport finding{};
    std::string text{};
};

//! A line, with its newline.
std::string Encode(const Report& report);

//! CHECK fails for anything but a line of Encode's.
Report Decode(std::string_view line);

} // namespace mpfuzz::engine
