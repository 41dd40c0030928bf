#pragma once

#include <mpfuzz/base/rng.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! The newest programs of a corpus, each of which is due a number of mutations of its own: what is new is where the
//! unknown begins, and the engine, which knows hundreds of other programs, would come back to it too seldom.
class Frontier
{
public:
    //! A program that reached something new.
    void Add(std::string text);

    //! A program to mutate next, newest first; nothing where none is due. Every other time it is nothing, so that the
    //! engine's own choice has its share. Valid until the next call.
    std::optional<std::string_view> Pick(base::Rng& rng);

private:
    struct Entry {
        std::string text;
        uint32_t left;
    };

    std::vector<Entry> m_entries; //!< oldest first
    std::string m_picked;
};

} // namespace mpfuzz::engine
