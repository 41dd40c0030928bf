#pragma once

#include <mpfuzz/engine/campaign.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

namespace mpfuzz::apps {

//! Shows the progress of a campaign on standard error, once a second. On a terminal each line replaces the one before.
class StatusLine
{
public:
    //! @param methods  Number of methods in the schema.
    explicit StatusLine(size_t methods);

    void Tick(const engine::Progress& progress);

    //! Clear the line on a terminal, so that another line can be printed.
    void Clear() const;

private:
    using Clock = std::chrono::steady_clock;

    size_t m_methods;
    bool m_terminal;
    Clock::time_point m_last{Clock::now()};
    uint64_t m_last_calls{0};
};

//! Writes the progress of a campaign as comma-separated values, for plotting: one row at the start, one row a second,
//! and one row at the end.
//!
//! Columns: seconds, programs, calls, methods, edges, features, findings.
class PlotFile
{
public:
    //! Replaces the file. Errors are ignored: a campaign should not fail because its plot cannot be written.
    explicit PlotFile(const std::string& path);

    //! Add a row if a second has passed since the last one.
    void Tick(const engine::Progress& progress);
    void Finish(const engine::Progress& progress) { Row(progress); }

private:
    void Row(const engine::Progress& progress);

    std::ofstream m_file;
    std::chrono::nanoseconds m_next{0};
};

//! One line of a summary about a finding, without a newline.
std::string FindingLine(const engine::FindingReport& finding);

} // namespace mpfuzz::apps
