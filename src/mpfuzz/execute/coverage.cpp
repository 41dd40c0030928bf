#include <mpfuzz/execute/coverage.h>

#include <mpfuzz/base/check.h>

#include <algorithm>

namespace mpfuzz::execute {

using agent::AflSharedMemory;
using agent::SharedMap;

namespace {

template<typename Made>
base::Result<Made> OrError(std::optional<Made> made, const std::error_code& error)
{
    if (!made) return base::Error{"no memory can be shared with the target for its coverage: " + error.message()};
    return std::move(*made);
}

} // namespace

base::Result<Coverage> Coverage::Create(CoverageKind kind)
{
    CHECK(kind != CoverageKind::NONE);
    std::error_code error;
    if (kind == CoverageKind::AFL) {
        auto memory{OrError(AflSharedMemory::Create(AflSharedMemory::DEFAULT_SIZE, error), error)};
        if (!memory) return memory.GetError();
        return Coverage{std::move(*memory)};
    }
    auto map{OrError(SharedMap::Create(error), error)};
    if (!map) return map.GetError();
    return Coverage{std::move(*map)};
}

std::map<std::string, std::string> Coverage::Environment() const
{
    return std::visit([](const auto& memory) { return memory.Environment(); }, m_memory);
}

int Coverage::Fd() const
{
    const auto* map{std::get_if<SharedMap>(&m_memory)};
    return map ? map->Fd() : -1;
}

void Coverage::LayOver(std::span<uint8_t> counters)
{
    m_counters = counters;
    if (const auto* map{std::get_if<SharedMap>(&m_memory)}) {
        const std::error_code error{map->LayOver(counters)};
        CHECK(!error, error.message());
    }
}

void Coverage::Collect()
{
    if (auto* map{std::get_if<SharedMap>(&m_memory)}) {
        // If the kernel does not allow this, the counts stay zero.
        (void)map->Collect();
    } else {
        std::get<AflSharedMemory>(m_memory).Collect(m_counters);
    }
}

void Coverage::Clear()
{
    if (auto* map{std::get_if<SharedMap>(&m_memory)}) {
        (void)map->Clear();
    } else {
        std::get<AflSharedMemory>(m_memory).Clear();
        std::ranges::fill(m_counters, uint8_t{0});
    }
}

std::vector<agent::Operands> Coverage::Comparisons() const
{
    const auto* map{std::get_if<SharedMap>(&m_memory)};
    return map ? map->Comparisons() : std::vector<agent::Operands>{};
}

void Coverage::ForgetComparisons()
{
    if (auto* map{std::get_if<SharedMap>(&m_memory)}) map->ForgetComparisons();
}

std::string Coverage::Problem() const
{
    const auto* map{std::get_if<SharedMap>(&m_memory)};
    return map ? map->Problem() : std::string{};
}

} // namespace mpfuzz::execute
