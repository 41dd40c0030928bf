#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mpfuzz::peer {

//! What a stub can get wrong on purpose, so that whoever watches it can be seen to notice.
enum class Fault : uint8_t {
    THROW,   //!< answer with an exception
    SILENCE, //!< never answer
    HANG_UP, //!< close the connection instead of answering
    ALTER,   //!< send other results than the log says
    CRASH,   //!< abort
};

struct FaultInfo {
    Fault fault;
    std::string_view name;
    std::string_view description;
};

//! The only list of faults.
std::span<const FaultInfo> Faults();

//! Nothing where there is no fault of that name.
std::optional<Fault> FindFault(std::string_view name);

} // namespace mpfuzz::peer
