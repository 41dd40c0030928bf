#pragma once

#include <mpfuzz/base/rng.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mpfuzz::peer {

//! What a proxy can do to the bytes that pass through it. None of them changes, adds or reorders a byte.
enum class Perturbation : uint8_t {
    DELAY, //!< hold some messages back for up to 50 ms, and with them what follows
    SPLIT, //!< write in small pieces
    DROP,  //!< now and then cut the connection in the middle of a message
};

struct PerturbationInfo {
    Perturbation kind;
    std::string_view name;
    std::string_view description;
};

//! The only list of perturbations.
std::span<const PerturbationInfo> Perturbations();

//! Nothing where there is none of that name.
std::optional<Perturbation> FindPerturbation(std::string_view name);

//! How one message is to be passed on.
struct Passage {
    std::chrono::milliseconds hold{0};
    std::vector<size_t> pieces; //!< sizes in bytes, in order; together the message, or less where it is cut
    bool cut{false};            //!< close the connection behind the pieces
};

//! A plan for a message of `size` bytes, at least 1: a pure function of the kinds and the randomness.
Passage PlanPassage(const std::vector<Perturbation>& kinds, size_t size, base::Rng& rng);

} // namespace mpfuzz::peer
