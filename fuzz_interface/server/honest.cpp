#include <fuzz_interface/server/honest.h>

#include <fuzz_interface/interface/transform.h>

#include <stdexcept>

namespace mpfuzz::fuzz_interface {

namespace {

void Demand(bool condition, const char* what)
{
    if (!condition) throw std::runtime_error{what};
}

} // namespace

int32_t Honest::AddOnLoop(int32_t value) { return fuzz_interface::AddOnLoop(value); }
void Honest::AddInt32(int32_t& value) { value = fuzz_interface::AddInt32(value); }
int64_t Honest::RotateInt64(int64_t value) { return fuzz_interface::RotateInt64(value); }
uint64_t Honest::InvertUInt64(uint64_t value) { return fuzz_interface::InvertUInt64(value); }
bool Honest::Not(bool value) { return fuzz_interface::Not(value); }
double Honest::Negate(double value) { return fuzz_interface::Negate(value); }
Colour Honest::NextColour(Colour value) { return fuzz_interface::NextColour(value); }
std::string Honest::ReverseText(const std::string& value) { return fuzz_interface::ReverseText(value); }
Bytes Honest::ReverseBytes(const Bytes& value) { return fuzz_interface::ReverseBytes(value); }
FeeRate Honest::BumpFeeRate(const FeeRate& value) { return fuzz_interface::BumpFeeRate(value); }
OutPoint Honest::NextOutPoint(const OutPoint& value) { return fuzz_interface::NextOutPoint(value); }
Script Honest::ReverseScript(const Script& value) { return fuzz_interface::ReverseScript(value); }

TransactionRef Honest::BumpTransaction(const TransactionRef& value) { return fuzz_interface::BumpTransaction(value); }

std::vector<TransactionRef> Honest::ReverseTransactions(const std::vector<TransactionRef>& value)
{
    return fuzz_interface::ReverseTransactions(value);
}

Json Honest::WrapJson(const Json& value) { return fuzz_interface::WrapJson(value); }
Settings Honest::SwapSettings(const Settings& value) { return fuzz_interface::SwapSettings(value); }

std::map<std::string, std::vector<FeeRate>>
Honest::ReverseFees(const std::map<std::string, std::vector<FeeRate>>& value)
{
    return fuzz_interface::ReverseFees(value);
}

std::set<int32_t> Honest::NegateSet(const std::set<int32_t>& value) { return fuzz_interface::NegateSet(value); }

std::unordered_set<std::string> Honest::ReverseEach(const std::unordered_set<std::string>& value)
{
    return fuzz_interface::ReverseEach(value);
}

std::pair<int32_t, std::string> Honest::ChangePair(const std::pair<int32_t, std::string>& value)
{
    return fuzz_interface::ChangePair(value);
}

std::tuple<uint64_t, Bytes> Honest::ChangeTuple(const std::tuple<uint64_t, Bytes>& value)
{
    return fuzz_interface::ChangeTuple(value);
}

std::vector<std::vector<int32_t>> Honest::ReverseLists(const std::vector<std::vector<int32_t>>& value)
{
    return fuzz_interface::ReverseLists(value);
}

std::vector<bool> Honest::NotEach(const std::vector<bool>& value) { return fuzz_interface::NotEach(value); }

std::optional<int32_t> Honest::MaybeAdd(const std::optional<int32_t>& value) { return fuzz_interface::MaybeAdd(value); }
std::optional<bool> Honest::MaybeNot(const std::optional<bool>& value) { return fuzz_interface::MaybeNot(value); }

std::optional<double> Honest::MaybeNegate(const std::optional<double>& value)
{
    return fuzz_interface::MaybeNegate(value);
}

std::optional<std::string> Honest::MaybeReverseText(const std::optional<std::string>& value)
{
    return fuzz_interface::MaybeReverseText(value);
}

std::optional<Bytes> Honest::MaybeReverseBytes(const std::optional<Bytes>& value)
{
    return fuzz_interface::MaybeReverseBytes(value);
}

std::optional<FeeRate> Honest::MaybeBump(const std::optional<FeeRate>& value)
{
    return fuzz_interface::MaybeBump(value);
}

std::chrono::milliseconds Honest::NegateDuration(std::chrono::milliseconds value)
{
    return fuzz_interface::NegateDuration(value);
}

std::chrono::seconds Honest::RotateSeconds(std::chrono::seconds value) { return fuzz_interface::RotateSeconds(value); }
TimePoint Honest::InvertTime(TimePoint value) { return fuzz_interface::InvertTime(value); }

int64_t Honest::Mixed(int32_t in, std::string& in_out, Bytes& out) { return fuzz_interface::Mixed(in, in_out, out); }

int32_t Honest::Raise(int32_t kind, int32_t code, const std::string& message)
{
    if (kind == RAISE_TYPED) throw FuzzError{.code = code, .message = message};
    if (kind == RAISE_STANDARD) throw std::runtime_error{message};
    if (kind == RAISE_UNKNOWN) throw code; // NOLINT: as unexpected as can be
    return code;
}

int32_t Honest::CallFunction(std::function<int32_t(int32_t)> function, int32_t value)
{
    Demand(function != nullptr, "there is no function");
    return PassOn(function(value));
}

int32_t Honest::CallObject(FuzzCallback& callback, int32_t value) { return PassOn(callback.Call(value)); }

int32_t Honest::CallUnique(std::unique_ptr<FuzzCallback> callback, int32_t value)
{
    Demand(callback != nullptr, "there is no callback");
    return PassOn(callback->Call(value));
}

int32_t Honest::CallShared(std::shared_ptr<FuzzCallback> callback, int32_t value)
{
    Demand(callback != nullptr, "there is no callback");
    return PassOn(callback->Call(value));
}

int32_t Honest::Recurse(FuzzCallback& callback, int32_t value, int32_t depth)
{
    Demand(depth >= 0 && depth <= MAX_DEPTH, "no such depth");
    return fuzz_interface::Recurse(depth == 0 ? value : callback.Recurse(value, depth - 1), 0);
}

std::unique_ptr<FuzzObject> Honest::MakeObject(int32_t id) { return MakeFuzzObject(m_state, id, /*is_child=*/false); }

uint64_t Honest::VisitObject(FuzzObject& object, uint64_t token) { return object.Visit(token); }

void Honest::Store(int32_t slot, std::shared_ptr<FuzzCallback> callback)
{
    Demand(callback != nullptr, "there is no callback");
    m_state->slots.Store(slot, std::move(callback));
}

int32_t Honest::CallStored(int32_t slot, int32_t value)
{
    const auto callback{m_state->slots.Get(slot)};
    Demand(callback != nullptr, "the slot is empty");
    return PassOn(callback->Call(value));
}

bool Honest::Forget(int32_t slot) { return m_state->slots.Forget(slot); }
int32_t Honest::LiveObjects() { return m_state->live_objects; }

} // namespace mpfuzz::fuzz_interface
