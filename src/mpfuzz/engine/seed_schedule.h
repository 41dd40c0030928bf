#pragma once

#include <mpfuzz/base/rng.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace mpfuzz::engine {

//! The newest programs of a corpus: where they end is where the unknown begins, and the engine, which knows hundreds of
//! other programs, would come back to them too seldom.
class SeedSchedule
{
public:
    //! A program that reached something new. Of more than a few the oldest are forgotten: the engine has them still.
    void Add(std::string text);

    //! A program to mutate next, the newest most often; nothing where there is none, and every other time, so that the
    //! engine's own choice has its share. Valid until the next Add.
    std::optional<std::string_view> Pick(base::Rng& rng) const;

private:
    std::deque<std::string> m_programs; //!< newest first
};

} // namespace mpfuzz::engine
