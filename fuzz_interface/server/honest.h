// FuzzInterface as it should be: checks what it gets, and computes what transform.h says.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/server/state.h>

#include <memory>
#include <utility>

namespace mpfuzz::fuzz_interface {

class Honest : public FuzzInterface
{
public:
    explicit Honest(std::shared_ptr<State> state) : m_state{std::move(state)} {}

    int32_t AddOnLoop(int32_t value) override;
    void AddInt32(int32_t& value) override;
    int64_t RotateInt64(int64_t value) override;
    uint64_t InvertUInt64(uint64_t value) override;
    bool Not(bool value) override;
    double Negate(double value) override;
    Colour NextColour(Colour value) override;

    std::string ReverseText(const std::string& value) override;
    Bytes ReverseBytes(const Bytes& value) override;

    FeeRate BumpFeeRate(const FeeRate& value) override;
    OutPoint NextOutPoint(const OutPoint& value) override;
    Script ReverseScript(const Script& value) override;
    TransactionRef BumpTransaction(const TransactionRef& value) override;
    std::vector<TransactionRef> ReverseTransactions(const std::vector<TransactionRef>& value) override;
    Json WrapJson(const Json& value) override;
    Settings SwapSettings(const Settings& value) override;

    std::map<std::string, std::vector<FeeRate>>
    ReverseFees(const std::map<std::string, std::vector<FeeRate>>& value) override;
    std::set<int32_t> NegateSet(const std::set<int32_t>& value) override;
    std::unordered_set<std::string> ReverseEach(const std::unordered_set<std::string>& value) override;
    std::pair<int32_t, std::string> ChangePair(const std::pair<int32_t, std::string>& value) override;
    std::tuple<uint64_t, Bytes> ChangeTuple(const std::tuple<uint64_t, Bytes>& value) override;
    std::vector<std::vector<int32_t>> ReverseLists(const std::vector<std::vector<int32_t>>& value) override;
    std::vector<bool> NotEach(const std::vector<bool>& value) override;

    std::optional<int32_t> MaybeAdd(const std::optional<int32_t>& value) override;
    std::optional<bool> MaybeNot(const std::optional<bool>& value) override;
    std::optional<double> MaybeNegate(const std::optional<double>& value) override;
    std::optional<std::string> MaybeReverseText(const std::optional<std::string>& value) override;
    std::optional<Bytes> MaybeReverseBytes(const std::optional<Bytes>& value) override;
    std::optional<FeeRate> MaybeBump(const std::optional<FeeRate>& value) override;

    std::chrono::milliseconds NegateDuration(std::chrono::milliseconds value) override;
    std::chrono::seconds RotateSeconds(std::chrono::seconds value) override;
    TimePoint InvertTime(TimePoint value) override;

    int64_t Mixed(int32_t in, std::string& in_out, Bytes& out) override;
    int32_t Raise(int32_t kind, int32_t code, const std::string& message) override;

    int32_t CallFunction(std::function<int32_t(int32_t)> function, int32_t value) override;
    int32_t CallObject(FuzzCallback& callback, int32_t value) override;
    int32_t CallUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) override;
    int32_t CallShared(std::shared_ptr<FuzzCallback> callback, int32_t value) override;
    int32_t Recurse(FuzzCallback& callback, int32_t value, int32_t depth) override;

    std::unique_ptr<FuzzObject> MakeObject(int32_t id) override;
    uint64_t VisitObject(FuzzObject& object, uint64_t token) override;

    void Store(int32_t slot, std::shared_ptr<FuzzCallback> callback) override;
    int32_t CallStored(int32_t slot, int32_t value) override;
    bool Forget(int32_t slot) override;

    int32_t LiveObjects() override;

protected:
    State& Shared() { return *m_state; }

private:
    std::shared_ptr<State> m_state;
};

} // namespace mpfuzz::fuzz_interface
