#pragma once

#include <mpfuzz/engine/campaign.h>

#include <chrono>
#include <fstream>
#include <string>

namespace mpfuzz::apps {

//! A campaign's course as comma-separated values, for plotting: a row when it begins, one a second, and one at its end.
//!
//! Columns: seconds, programs, calls, methods, edges, features, findings.
class PlotFile
{
public:
    //! Replaces the file. One that cannot be written stays unwritten: a plot is not worth a campaign.
    explicit PlotFile(const std::string& path);

    //! Add a row if it is time for one.
    void Tick(const engine::Progress& progress);
    void Finish(const engine::Progress& progress) { Row(progress); }

private:
    void Row(const engine::Progress& progress);

    std::ofstream m_file;
    std::chrono::nanoseconds m_next{0};
};

} // namespace mpfuzz::apps
