#include <fuzz_interface/server/honest.h>

#include <fuzz_interface/interface/transform.h>

#include <functional>
#include <map>
#include <stdexcept>

namespace mpfuzz::fuzz_interface {

namespace {

void Require(bool condition, const char* what)
{
    if (!condition) throw std::runtime_error{what};
}

} // namespace

int32_t Honest::addOnLoop(int32_t value) { return fuzz_interface::AddOnLoop(value); }
void Honest::addInt32(int32_t& value) { value = fuzz_interface::AddInt32(value); }
int64_t Honest::rotateInt64(int64_t value) { return fuzz_interface::RotateInt64(value); }
uint64_t Honest::invertUInt64(uint64_t value) { return fuzz_interface::InvertUInt64(value); }
bool Honest::notBool(bool value) { return fuzz_interface::Not(value); }
double Honest::negate(double value) { return fuzz_interface::Negate(value); }
Colour Honest::nextColour(Colour value) { return fuzz_interface::NextColour(value); }
std::string Honest::reverseText(const std::string& value) { return fuzz_interface::ReverseText(value); }
Bytes Honest::reverseBytes(const Bytes& value) { return fuzz_interface::ReverseBytes(value); }
FeeRate Honest::bumpFeeRate(const FeeRate& value) { return fuzz_interface::BumpFeeRate(value); }
OutPoint Honest::nextOutPoint(const OutPoint& value) { return fuzz_interface::NextOutPoint(value); }
Script Honest::reverseScript(const Script& value) { return fuzz_interface::ReverseScript(value); }

TransactionRef Honest::bumpTransaction(const TransactionRef& value) { return fuzz_interface::BumpTransaction(value); }

std::vector<TransactionRef> Honest::reverseTransactions(const std::vector<TransactionRef>& value)
{
    return fuzz_interface::ReverseTransactions(value);
}

Json Honest::wrapJson(const Json& value) { return fuzz_interface::WrapJson(value); }
Settings Honest::swapSettings(const Settings& value) { return fuzz_interface::SwapSettings(value); }

std::map<std::string, std::vector<FeeRate>>
Honest::reverseFees(const std::map<std::string, std::vector<FeeRate>>& value)
{
    return fuzz_interface::ReverseFees(value);
}

std::set<int32_t> Honest::negateSet(const std::set<int32_t>& value) { return fuzz_interface::NegateSet(value); }

std::unordered_set<std::string> Honest::reverseEach(const std::unordered_set<std::string>& value)
{
    return fuzz_interface::ReverseEach(value);
}

std::pair<int32_t, std::string> Honest::changePair(const std::pair<int32_t, std::string>& value)
{
    return fuzz_interface::ChangePair(value);
}

std::tuple<uint64_t, Bytes> Honest::changeTuple(const std::tuple<uint64_t, Bytes>& value)
{
    return fuzz_interface::ChangeTuple(value);
}

std::vector<std::vector<int32_t>> Honest::reverseLists(const std::vector<std::vector<int32_t>>& value)
{
    return fuzz_interface::ReverseLists(value);
}

std::vector<bool> Honest::notEach(const std::vector<bool>& value) { return fuzz_interface::NotEach(value); }

std::optional<int32_t> Honest::maybeAdd(const std::optional<int32_t>& value) { return fuzz_interface::MaybeAdd(value); }
std::optional<bool> Honest::maybeNot(const std::optional<bool>& value) { return fuzz_interface::MaybeNot(value); }

std::optional<double> Honest::maybeNegate(const std::optional<double>& value)
{
    return fuzz_interface::MaybeNegate(value);
}

std::optional<std::string> Honest::maybeReverseText(const std::optional<std::string>& value)
{
    return fuzz_interface::MaybeReverseText(value);
}

std::optional<Bytes> Honest::maybeReverseBytes(const std::optional<Bytes>& value)
{
    return fuzz_interface::MaybeReverseBytes(value);
}

std::optional<FeeRate> Honest::maybeBump(const std::optional<FeeRate>& value)
{
    return fuzz_interface::MaybeBump(value);
}

std::chrono::milliseconds Honest::negateDuration(std::chrono::milliseconds value)
{
    return fuzz_interface::NegateDuration(value);
}

std::chrono::seconds Honest::rotateSeconds(std::chrono::seconds value) { return fuzz_interface::RotateSeconds(value); }
TimePoint Honest::invertTime(TimePoint value) { return fuzz_interface::InvertTime(value); }

int64_t Honest::mixed(int32_t in, std::string& in_out, Bytes& out) { return fuzz_interface::Mixed(in, in_out, out); }

int32_t Honest::raise(int32_t kind, int32_t code, const std::string& message)
{
    if (kind == RAISE_TYPED) throw FuzzError{.code = code, .message = message};
    if (kind == RAISE_STANDARD) throw std::runtime_error{message};
    if (kind == RAISE_UNKNOWN) throw code; // NOLINT: intentionally not a std::exception
    return code;
}

int32_t Honest::callFunction(std::function<int32_t(int32_t)> function, int32_t value)
{
    Require(function != nullptr, "the function is null");
    return PassOn(function(value));
}

int32_t Honest::callObject(FuzzCallback& callback, int32_t value) { return PassOn(callback.call(value)); }

int32_t Honest::callUnique(std::unique_ptr<FuzzCallback> callback, int32_t value)
{
    Require(callback != nullptr, "the callback is null");
    return PassOn(callback->call(value));
}

int32_t Honest::callShared(std::shared_ptr<FuzzCallback> callback, int32_t value)
{
    Require(callback != nullptr, "the callback is null");
    return PassOn(callback->call(value));
}

int32_t Honest::recurse(FuzzCallback& callback, int32_t value, int32_t depth)
{
    Require(depth >= 0 && depth <= MAX_DEPTH, "the depth is not in [0, 100]");
    return fuzz_interface::Recurse(depth == 0 ? value : callback.recurse(value, depth - 1), 0);
}

std::unique_ptr<FuzzObject> Honest::makeObject(int32_t id) { return MakeFuzzObject(m_state, id, /*is_child=*/false); }

uint64_t Honest::visitObject(FuzzObject& object, uint64_t token) { return object.visit(token); }

void Honest::store(int32_t slot, std::shared_ptr<FuzzCallback> callback)
{
    Require(callback != nullptr, "the callback is null");
    m_state->slots.Store(slot, std::move(callback));
}

int32_t Honest::callStored(int32_t slot, int32_t value)
{
    const auto callback{m_state->slots.Get(slot)};
    Require(callback != nullptr, "the slot is empty");
    return PassOn(callback->call(value));
}

bool Honest::forget(int32_t slot) { return m_state->slots.Forget(slot); }
int32_t Honest::liveObjects() { return m_state->live_objects; }

} // namespace mpfuzz::fuzz_interface
