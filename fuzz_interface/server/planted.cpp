// The planted bugs in the methods of FuzzInterface. Those of FuzzObject are in object.cpp.
#include <fuzz_interface/server/planted.h>

#include <fuzz_interface/server/honest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface {

namespace {

using domains::bitcoin::Transaction;

//! An `assert` that is also active in release builds, as in Bitcoin Core.
void Assert(bool condition, const char* text)
{
    if (condition) return;
    std::fprintf(stderr, "fuzz_interface_server: Assertion `%s' failed.\n", text);
    std::abort();
}

//! Replaces values that are nested deeper than `depth` by null.
nlohmann::json WithoutDeepValues(const nlohmann::json& value, int depth)
{
    if (depth == 0 && value.is_structured()) return nullptr;
    nlohmann::json cut = value;
    if (value.is_structured()) {
        for (nlohmann::json& inner : cut) inner = WithoutDeepValues(inner, depth - 1);
    }
    return cut;
}

class Planted final : public Honest
{
public:
    explicit Planted(std::shared_ptr<State> state) : Honest{std::move(state)}, m_bugs{Shared().bugs} {}

    int64_t rotateInt64(int64_t value) override
    {
        return Honest::rotateInt64(m_bugs.truncate_32 ? static_cast<int32_t>(value) : value);
    }

    Colour nextColour(Colour value) override
    {
        return Honest::nextColour(m_bugs.enum_narrowed ? static_cast<Colour>(static_cast<int>(value) & 1) : value);
    }

    std::string reverseText(const std::string& value) override
    {
        return Honest::reverseText(m_bugs.text_nul ? value.c_str() : value);
    }

    Bytes reverseBytes(const Bytes& value) override
    {
        if (!m_bugs.empty_memcpy) return Honest::reverseBytes(value);
        Bytes copy(value.size());
        // Without a sanitizer, this reports the bug.
        Assert(copy.data() != nullptr, "copy.data() != nullptr");
        std::memcpy(copy.data(), value.data(), value.size());
        return Honest::reverseBytes(copy);
    }

    Script reverseScript(const Script& value) override
    {
        constexpr size_t MAX_ELEMENT{520};
        return Honest::reverseScript(m_bugs.script_cut ? Script{value.bytes.substr(0, MAX_ELEMENT)} : value);
    }

    TransactionRef bumpTransaction(const TransactionRef& value) override
    {
        if (!m_bugs.witness_lost || !value) return Honest::bumpTransaction(value);
        Transaction changed{*value};
        for (size_t i{0}; i + 1 < changed.inputs.size(); ++i) changed.inputs[i].witness.clear();
        return Honest::bumpTransaction(std::make_shared<const Transaction>(std::move(changed)));
    }

    std::vector<TransactionRef> reverseTransactions(const std::vector<TransactionRef>& value) override
    {
        auto reversed{Honest::reverseTransactions(value)};
        if (m_bugs.reverse_off_by_one && !reversed.empty()) {
            std::rotate(reversed.begin(), reversed.begin() + 1, reversed.end());
        }
        if (m_bugs.null_transaction) {
            std::ranges::replace(reversed, TransactionRef{}, std::make_shared<const Transaction>());
        }
        return reversed;
    }

    Json wrapJson(const Json& value) override
    {
        constexpr int MAX_LEVELS{100};
        return Honest::wrapJson(m_bugs.json_depth ? Json{WithoutDeepValues(value.Get(), MAX_LEVELS)} : value);
    }

    std::map<std::string, std::vector<FeeRate>>
    reverseFees(const std::map<std::string, std::vector<FeeRate>>& value) override
    {
        auto changed{Honest::reverseFees(value)};
        if (!m_bugs.map_order) return changed;
        auto old{value.begin()};
        for (auto& [name, rates] : changed) rates.assign(old->second.rbegin(), old->second.rend()), ++old;
        return changed;
    }

    std::vector<bool> notEach(const std::vector<bool>& value) override
    {
        constexpr size_t WORD{64};
        auto changed{Honest::notEach(value)};
        if (m_bugs.bool_words && changed.size() > WORD) {
            std::copy(value.begin() + WORD, value.end(), changed.begin() + WORD);
        }
        return changed;
    }

    std::optional<double> maybeNegate(const std::optional<double>& value) override
    {
        if (m_bugs.nan_compared && value && *value != *value) return std::nullopt;
        return Honest::maybeNegate(value);
    }

    std::optional<std::string> maybeReverseText(const std::optional<std::string>& value) override
    {
        if (m_bugs.optional_empty && value && value->empty()) return std::nullopt;
        return Honest::maybeReverseText(value);
    }

    TimePoint invertTime(TimePoint value) override
    {
        const auto lost{value.time_since_epoch() % std::chrono::milliseconds{1}};
        return Honest::invertTime(m_bugs.time_truncated ? value - lost : value);
    }

    int64_t mixed(int32_t in, std::string& in_out, Bytes& out) override
    {
        const int64_t result{Honest::mixed(in, in_out, out)};
        return m_bugs.sign_lost ? -int64_t{static_cast<uint32_t>(in)} : result;
    }

    int32_t raise(int32_t kind, int32_t code, const std::string& message) override
    {
        if (m_bugs.wrong_exception && kind == RAISE_TYPED && code == 0) throw std::runtime_error{message};
        return Honest::raise(kind, code, message);
    }

    int32_t callStored(int32_t slot, int32_t value) override
    {
        if (m_bugs.callback_after_destroy && Shared().slots.WasUsed(slot)) {
            return Honest::callObject(*Shared().slots.Get(slot), value);
        }
        return Honest::callStored(slot, value);
    }

private:
    const Bugs& m_bugs;
};

} // namespace

std::unique_ptr<FuzzInterface> MakePlanted(std::shared_ptr<State> state)
{
    return std::make_unique<Planted>(std::move(state));
}

} // namespace mpfuzz::fuzz_interface
