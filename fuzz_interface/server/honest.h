// FuzzInterface without bugs: checks its arguments, and uses the functions of transform.h.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/server/state.h>

#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace mpfuzz::fuzz_interface {

class Honest : public FuzzInterface
{
public:
    explicit Honest(std::shared_ptr<State> state) : m_state{std::move(state)} {}

    int32_t addOnLoop(int32_t value) override;
    void addInt32(int32_t& value) override;
    int64_t rotateInt64(int64_t value) override;
    uint64_t invertUInt64(uint64_t value) override;
    bool notBool(bool value) override;
    double negate(double value) override;
    Colour nextColour(Colour value) override;

    std::string reverseText(const std::string& value) override;
    Bytes reverseBytes(const Bytes& value) override;

    FeeRate bumpFeeRate(const FeeRate& value) override;
    OutPoint nextOutPoint(const OutPoint& value) override;
    Script reverseScript(const Script& value) override;
    TransactionRef bumpTransaction(const TransactionRef& value) override;
    std::vector<TransactionRef> reverseTransactions(const std::vector<TransactionRef>& value) override;
    Json wrapJson(const Json& value) override;
    Settings swapSettings(const Settings& value) override;

    std::map<std::string, std::vector<FeeRate>>
    reverseFees(const std::map<std::string, std::vector<FeeRate>>& value) override;
    std::set<int32_t> negateSet(const std::set<int32_t>& value) override;
    std::unordered_set<std::string> reverseEach(const std::unordered_set<std::string>& value) override;
    std::pair<int32_t, std::string> changePair(const std::pair<int32_t, std::string>& value) override;
    std::tuple<uint64_t, Bytes> changeTuple(const std::tuple<uint64_t, Bytes>& value) override;
    std::vector<std::vector<int32_t>> reverseLists(const std::vector<std::vector<int32_t>>& value) override;
    std::vector<bool> notEach(const std::vector<bool>& value) override;

    std::optional<int32_t> maybeAdd(const std::optional<int32_t>& value) override;
    std::optional<bool> maybeNot(const std::optional<bool>& value) override;
    std::optional<double> maybeNegate(const std::optional<double>& value) override;
    std::optional<std::string> maybeReverseText(const std::optional<std::string>& value) override;
    std::optional<Bytes> maybeReverseBytes(const std::optional<Bytes>& value) override;
    std::optional<FeeRate> maybeBump(const std::optional<FeeRate>& value) override;

    std::chrono::milliseconds negateDuration(std::chrono::milliseconds value) override;
    std::chrono::seconds rotateSeconds(std::chrono::seconds value) override;
    TimePoint invertTime(TimePoint value) override;

    int64_t mixed(int32_t in, std::string& in_out, Bytes& out) override;
    int32_t raise(int32_t kind, int32_t code, const std::string& message) override;

    int32_t callFunction(std::function<int32_t(int32_t)> function, int32_t value) override;
    int32_t callObject(FuzzCallback& callback, int32_t value) override;
    int32_t callUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) override;
    int32_t callShared(std::shared_ptr<FuzzCallback> callback, int32_t value) override;
    int32_t recurse(FuzzCallback& callback, int32_t value, int32_t depth) override;

    std::unique_ptr<FuzzObject> makeObject(int32_t id) override;
    uint64_t visitObject(FuzzObject& object, uint64_t token) override;

    void store(int32_t slot, std::shared_ptr<FuzzCallback> callback) override;
    int32_t callStored(int32_t slot, int32_t value) override;
    bool forget(int32_t slot) override;

    int32_t liveObjects() override;

protected:
    State& Shared() { return *m_state; }

private:
    std::shared_ptr<State> m_state;
};

} // namespace mpfuzz::fuzz_interface
