#pragma once

#include <mpfuzz/engine/campaign.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mpfuzz::apps {

//! The line on standard error that tells how a campaign goes, once a second; on a terminal always the same line.
class StatusLine
{
public:
    //! @param methods  How many the schema has.
    explicit StatusLine(size_t methods);

    void Tick(const engine::Progress& progress);

    //! Make room for other lines.
    void Clear() const;

private:
    using Clock = std::chrono::steady_clock;

    size_t m_methods;
    bool m_terminal;
    Clock::time_point m_last{Clock::now()};
    uint64_t m_last_calls{0};
};

} // namespace mpfuzz::apps
