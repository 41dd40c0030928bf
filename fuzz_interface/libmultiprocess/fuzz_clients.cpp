#include <fuzz_interface/libmultiprocess/fuzz_clients.h>

#include <fuzz_interface/libmultiprocess/fuzz_types.h>

#include <fuzz_interface/interface/fuzz.capnp.proxy.h>

#include <kj/exception.h>

#include <stdexcept>

namespace mp {
namespace {

namespace messages = mpfuzz::fuzz_interface::messages;

//! Call the generated method of the proxy that `self` is the base of.
template<typename Interface, typename Impl, typename Result, typename... Params, typename... Args>
Result Send(ProxyClientBase<Interface, Impl>& self, Result (ProxyClient<Interface>::*method)(Params...), Args&&... args)
{
    try {
        return (static_cast<ProxyClient<Interface>&>(self).*method)(std::forward<Args>(args)...);
    } catch (const kj::Exception& error) {
        throw std::runtime_error{error.getDescription().cStr()};
    }
}

using InitProxy = ProxyClient<messages::FuzzInit>;
using InitClient = ProxyClientCustom<messages::FuzzInit, mpfuzz::fuzz_interface::FuzzInit>;
using CallbackProxy = ProxyClient<messages::FuzzCallback>;
using CallbackClient = ProxyClientCustom<messages::FuzzCallback, mpfuzz::fuzz_interface::FuzzCallback>;
using ObjectProxy = ProxyClient<messages::FuzzObject>;
using ObjectClient = ProxyClientCustom<messages::FuzzObject, mpfuzz::fuzz_interface::FuzzObject>;
using Proxy = ProxyClient<messages::FuzzInterface>;
using Client = ProxyClientCustom<messages::FuzzInterface, mpfuzz::fuzz_interface::FuzzInterface>;

} // namespace

std::unique_ptr<mpfuzz::fuzz_interface::FuzzInterface> InitClient::MakeFuzz()
{
    return Send(*this, &InitProxy::makeFuzz);
}

int32_t CallbackClient::Call(int32_t value) { return Send(*this, &CallbackProxy::call, value); }

int32_t CallbackClient::Recurse(int32_t value, int32_t depth)
{
    return Send(*this, &CallbackProxy::recurse, value, depth);
}

int32_t ObjectClient::Id() { return Send(*this, &ObjectProxy::id); }

uint64_t ObjectClient::Visit(uint64_t token) { return Send(*this, &ObjectProxy::visit, token); }

std::unique_ptr<mpfuzz::fuzz_interface::FuzzObject> ObjectClient::MakeChild(int32_t id)
{
    return Send(*this, &ObjectProxy::makeChild, id);
}

int32_t Client::AddOnLoop(int32_t value) { return Send(*this, &Proxy::addOnLoop, value); }

void Client::AddInt32(int32_t& value) { return Send(*this, &Proxy::addInt32, value); }

int64_t Client::RotateInt64(int64_t value) { return Send(*this, &Proxy::rotateInt64, value); }

uint64_t Client::InvertUInt64(uint64_t value) { return Send(*this, &Proxy::invertUInt64, value); }

bool Client::Not(bool value) { return Send(*this, &Proxy::notBool, value); }

double Client::Negate(double value) { return Send(*this, &Proxy::negate, value); }

Client::Colour Client::NextColour(Colour value) { return Send(*this, &Proxy::nextColour, value); }

std::string Client::ReverseText(const std::string& value) { return Send(*this, &Proxy::reverseText, value); }

Client::Bytes Client::ReverseBytes(const Bytes& value) { return Send(*this, &Proxy::reverseBytes, value); }

Client::FeeRate Client::BumpFeeRate(const FeeRate& value) { return Send(*this, &Proxy::bumpFeeRate, value); }

Client::OutPoint Client::NextOutPoint(const OutPoint& value) { return Send(*this, &Proxy::nextOutPoint, value); }

Client::Script Client::ReverseScript(const Script& value) { return Send(*this, &Proxy::reverseScript, value); }

Client::TransactionRef Client::BumpTransaction(const TransactionRef& value)
{
    return Send(*this, &Proxy::bumpTransaction, value);
}

std::vector<Client::TransactionRef> Client::ReverseTransactions(const std::vector<TransactionRef>& value)
{
    return Send(*this, &Proxy::reverseTransactions, value);
}

Client::Json Client::WrapJson(const Json& value) { return Send(*this, &Proxy::wrapJson, value); }

Client::Settings Client::SwapSettings(const Settings& value) { return Send(*this, &Proxy::swapSettings, value); }

std::map<std::string, std::vector<Client::FeeRate>>
Client::ReverseFees(const std::map<std::string, std::vector<FeeRate>>& value)
{
    return Send(*this, &Proxy::reverseFees, value);
}

std::set<int32_t> Client::NegateSet(const std::set<int32_t>& value) { return Send(*this, &Proxy::negateSet, value); }

std::unordered_set<std::string> Client::ReverseEach(const std::unordered_set<std::string>& value)
{
    return Send(*this, &Proxy::reverseEach, value);
}

std::pair<int32_t, std::string> Client::ChangePair(const std::pair<int32_t, std::string>& value)
{
    return Send(*this, &Proxy::changePair, value);
}

std::tuple<uint64_t, Client::Bytes> Client::ChangeTuple(const std::tuple<uint64_t, Bytes>& value)
{
    return Send(*this, &Proxy::changeTuple, value);
}

std::vector<std::vector<int32_t>> Client::ReverseLists(const std::vector<std::vector<int32_t>>& value)
{
    return Send(*this, &Proxy::reverseLists, value);
}

std::vector<bool> Client::NotEach(const std::vector<bool>& value) { return Send(*this, &Proxy::notEach, value); }

std::optional<int32_t> Client::MaybeAdd(const std::optional<int32_t>& value)
{
    return Send(*this, &Proxy::maybeAdd, value);
}

std::optional<bool> Client::MaybeNot(const std::optional<bool>& value) { return Send(*this, &Proxy::maybeNot, value); }

std::optional<double> Client::MaybeNegate(const std::optional<double>& value)
{
    return Send(*this, &Proxy::maybeNegate, value);
}

std::optional<std::string> Client::MaybeReverseText(const std::optional<std::string>& value)
{
    return Send(*this, &Proxy::maybeReverseText, value);
}

std::optional<Client::Bytes> Client::MaybeReverseBytes(const std::optional<Bytes>& value)
{
    return Send(*this, &Proxy::maybeReverseBytes, value);
}

std::optional<Client::FeeRate> Client::MaybeBump(const std::optional<FeeRate>& value)
{
    return Send(*this, &Proxy::maybeBump, value);
}

std::chrono::milliseconds Client::NegateDuration(std::chrono::milliseconds value)
{
    return Send(*this, &Proxy::negateDuration, value);
}

std::chrono::seconds Client::RotateSeconds(std::chrono::seconds value)
{
    return Send(*this, &Proxy::rotateSeconds, value);
}

Client::TimePoint Client::InvertTime(TimePoint value) { return Send(*this, &Proxy::invertTime, value); }

int64_t Client::Mixed(int32_t in, std::string& in_out, Bytes& out)
{
    return Send(*this, &Proxy::mixed, in, in_out, out);
}

int32_t Client::Raise(int32_t kind, int32_t code, const std::string& message)
{
    return Send(*this, &Proxy::raise, kind, code, message);
}

int32_t Client::CallFunction(std::function<int32_t(int32_t)> function, int32_t value)
{
    return Send(*this, &Proxy::callFunction, std::move(function), value);
}

int32_t Client::CallObject(FuzzCallback& callback, int32_t value)
{
    return Send(*this, &Proxy::callObject, callback, value);
}

int32_t Client::CallUnique(std::unique_ptr<FuzzCallback> callback, int32_t value)
{
    return Send(*this, &Proxy::callUnique, std::move(callback), value);
}

int32_t Client::CallShared(std::shared_ptr<FuzzCallback> callback, int32_t value)
{
    return Send(*this, &Proxy::callShared, std::move(callback), value);
}

int32_t Client::Recurse(FuzzCallback& callback, int32_t value, int32_t depth)
{
    return Send(*this, &Proxy::recurse, callback, value, depth);
}

std::unique_ptr<Client::FuzzObject> Client::MakeObject(int32_t id) { return Send(*this, &Proxy::makeObject, id); }

uint64_t Client::VisitObject(FuzzObject& object, uint64_t token)
{
    return Send(*this, &Proxy::visitObject, object, token);
}

void Client::Store(int32_t slot, std::shared_ptr<FuzzCallback> callback)
{
    return Send(*this, &Proxy::store, slot, std::move(callback));
}

int32_t Client::CallStored(int32_t slot, int32_t value) { return Send(*this, &Proxy::callStored, slot, value); }

bool Client::Forget(int32_t slot) { return Send(*this, &Proxy::forget, slot); }

int32_t Client::LiveObjects() { return Send(*this, &Proxy::liveObjects); }

} // namespace mp
