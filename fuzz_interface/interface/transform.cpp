#include <fuzz_interface/interface/transform.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <stdexcept>

namespace mpfuzz::fuzz_interface {

namespace {

using domains::bitcoin::Transaction;

constexpr int ROTATION{13};

int64_t Rotated(int64_t value) { return static_cast<int64_t>(std::rotl(static_cast<uint64_t>(value), ROTATION)); }

// Computed with the unsigned type, because signed overflow is undefined.
int32_t PlusOne(int32_t value) { return static_cast<int32_t>(static_cast<uint32_t>(value) + 1); }
int64_t PlusOne(int64_t value) { return static_cast<int64_t>(static_cast<uint64_t>(value) + 1); }
int32_t Negated(int32_t value) { return static_cast<int32_t>(0 - static_cast<uint32_t>(value)); }
int64_t Negated(int64_t value) { return static_cast<int64_t>(0 - static_cast<uint64_t>(value)); }

template<typename T>
T Reversed(T value)
{
    std::ranges::reverse(value);
    return value;
}

template<typename T>
std::optional<T> IfPresent(std::optional<T> value, T (*change)(T))
{
    if (value) *value = change(std::move(*value));
    return value;
}

uint64_t Mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

} // namespace

int32_t AddOnLoop(int32_t value) { return PlusOne(value); }
int32_t AddInt32(int32_t value) { return PlusOne(value); }
int64_t RotateInt64(int64_t value) { return Rotated(value); }
uint64_t InvertUInt64(uint64_t value) { return ~value; }
bool Not(bool value) { return !value; }

double Negate(double value)
{
    // Not `-value`: that may change the payload of a NaN.
    return std::bit_cast<double>(std::bit_cast<uint64_t>(value) ^ (uint64_t{1} << 63));
}

Colour NextColour(Colour value)
{
    const int number{static_cast<int>(value)};
    if (number >= COLOURS) throw std::runtime_error{"there is no such colour"};
    return static_cast<Colour>((number + 1) % COLOURS);
}

std::string ReverseText(std::string value) { return Reversed(std::move(value)); }
Bytes ReverseBytes(Bytes value) { return Reversed(std::move(value)); }

FeeRate BumpFeeRate(FeeRate value) { return {.sat_per_kvb = PlusOne(value.sat_per_kvb)}; }

OutPoint NextOutPoint(OutPoint value) { return {.txid = Reversed(std::move(value.txid)), .output = value.output + 1}; }

Script ReverseScript(Script value) { return {.bytes = Reversed(std::move(value.bytes))}; }

TransactionRef BumpTransaction(const TransactionRef& value)
{
    if (!value) return nullptr;
    Transaction changed{*value};
    ++changed.version;
    std::ranges::reverse(changed.inputs);
    for (auto& input : changed.inputs) std::ranges::reverse(input.witness);
    std::ranges::reverse(changed.outputs);
    return std::make_shared<const Transaction>(std::move(changed));
}

std::vector<TransactionRef> ReverseTransactions(std::vector<TransactionRef> value)
{
    return Reversed(std::move(value));
}

Json WrapJson(const Json& value)
{
    nlohmann::json wrapped;
    wrapped["was"] = value.Get();
    return Json{std::move(wrapped)};
}

Settings SwapSettings(const Settings& value)
{
    Settings swapped;
    for (const auto& [name, setting] : value.forced) swapped.command_line[name].push_back(setting);
    for (const auto& [name, settings] : value.command_line) {
        nlohmann::json array = nlohmann::json::array();
        for (const Json& setting : settings) array.push_back(setting.Get());
        swapped.forced.emplace(name, Json{std::move(array)});
    }
    return swapped;
}

std::map<std::string, std::vector<FeeRate>> ReverseFees(const std::map<std::string, std::vector<FeeRate>>& value)
{
    std::map<std::string, std::vector<FeeRate>> changed;
    for (const auto& [name, rates] : value) changed.emplace(Reversed(name), Reversed(rates));
    return changed;
}

std::set<int32_t> NegateSet(const std::set<int32_t>& value)
{
    std::set<int32_t> changed;
    for (const int32_t number : value) changed.insert(Negated(number));
    return changed;
}

std::unordered_set<std::string> ReverseEach(const std::unordered_set<std::string>& value)
{
    std::unordered_set<std::string> changed;
    for (const std::string& text : value) changed.insert(Reversed(text));
    return changed;
}

std::pair<int32_t, std::string> ChangePair(std::pair<int32_t, std::string> value)
{
    return {PlusOne(value.first), Reversed(std::move(value.second))};
}

std::tuple<uint64_t, Bytes> ChangeTuple(std::tuple<uint64_t, Bytes> value)
{
    return {~std::get<0>(value), Reversed(std::move(std::get<1>(value)))};
}

std::vector<std::vector<int32_t>> ReverseLists(std::vector<std::vector<int32_t>> value)
{
    for (auto& list : value) std::ranges::reverse(list);
    return Reversed(std::move(value));
}

std::vector<bool> NotEach(std::vector<bool> value)
{
    value.flip();
    return value;
}

std::optional<int32_t> MaybeAdd(std::optional<int32_t> value) { return IfPresent(value, AddInt32); }
std::optional<bool> MaybeNot(std::optional<bool> value) { return IfPresent(value, Not); }
std::optional<double> MaybeNegate(std::optional<double> value) { return IfPresent(value, Negate); }
std::optional<FeeRate> MaybeBump(std::optional<FeeRate> value) { return IfPresent(value, BumpFeeRate); }

std::optional<std::string> MaybeReverseText(std::optional<std::string> value)
{
    return IfPresent(std::move(value), ReverseText);
}

std::optional<Bytes> MaybeReverseBytes(std::optional<Bytes> value) { return IfPresent(std::move(value), ReverseBytes); }

std::chrono::milliseconds NegateDuration(std::chrono::milliseconds value)
{
    return std::chrono::milliseconds{Negated(int64_t{value.count()})};
}

std::chrono::seconds RotateSeconds(std::chrono::seconds value) { return std::chrono::seconds{Rotated(value.count())}; }

TimePoint InvertTime(TimePoint value)
{
    return TimePoint{std::chrono::microseconds{~value.time_since_epoch().count()}};
}

int64_t Mixed(int32_t in, std::string& in_out, Bytes& out)
{
    out.assign(in_out.begin(), in_out.end());
    std::ranges::reverse(in_out);
    return -int64_t{in};
}

int32_t PassOn(int32_t answer) { return PlusOne(answer); }

int32_t Recurse(int32_t value, int32_t depth)
{
    return static_cast<int32_t>(static_cast<uint32_t>(value) + static_cast<uint32_t>(depth) + 1);
}

uint64_t NextVisit(int32_t id, uint64_t previous, uint64_t token)
{
    return Mix(Mix(Mix(static_cast<uint32_t>(id)) + previous) + token);
}

} // namespace mpfuzz::fuzz_interface
