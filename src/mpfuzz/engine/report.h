#pragma once

#include <mpfuzz/engine/finding_recorder.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/mutate/mutator_statistics.h>

#include <string>
#include <string_view>

namespace mpfuzz::engine {

//! A message from a worker process to the process that started it: one line of JSON.
struct Report {
    enum class Kind : uint8_t {
        PROGRESS, //!< statistics since the start of the worker
        FINDING,  //!< a finding, new or known
        NOTE,     //!< text to print on the terminal
        ERROR,    //!< text that says what the user has to change; the worker ends
    };
    Kind kind{Kind::NOTE};
    Statistics statistics{};
    mutate::MutatorStatistics mutators{};
    FindingReport finding{};
    std::string text{};
};

//! The report as a line of text, including the newline.
std::string Encode(const Report& report);

//! Decode a line that Encode returned. CHECK fails for any other text.
Report Decode(std::string_view line);

} // namespace mpfuzz::engine
