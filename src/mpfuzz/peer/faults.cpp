#include <mpfuzz/peer/faults.h>

#include <array>

namespace mpfuzz::peer {

std::span<const FaultInfo> Faults()
{
    static constexpr std::array FAULTS{
        FaultInfo{Fault::THROW, "throw", "answers some calls with an exception"},
        FaultInfo{Fault::SILENCE, "silence", "never answers some calls"},
        FaultInfo{Fault::HANG_UP, "hang-up", "closes the connection instead of answering some calls"},
        FaultInfo{Fault::ALTER, "alter", "sends other results than it logs"},
        FaultInfo{Fault::CRASH, "crash", "aborts on some calls"},
    };
    return FAULTS;
}

std::optional<Fault> FindFault(std::string_view name)
{
    for (const FaultInfo& info : Faults()) {
        if (info.name == name) return info.fault;
    }
    return std::nullopt;
}

} // namespace mpfuzz::peer
