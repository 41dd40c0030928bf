#include <fuzz_interface/native/main_object.h>

#include <fuzz_interface/native/methods.h>
#include <fuzz_interface/native/proxy.h>
#include <fuzz_interface/native/threads.h>

#include <functional>
#include <map>

namespace mpfuzz::fuzz_interface::native {
namespace {

using fuzz_interface::Bytes, fuzz_interface::Colour, fuzz_interface::FeeRate, fuzz_interface::FuzzCallback,
    fuzz_interface::FuzzInit, fuzz_interface::FuzzInterface, fuzz_interface::FuzzObject, fuzz_interface::Json,
    fuzz_interface::OutPoint, fuzz_interface::Script, fuzz_interface::Settings, fuzz_interface::TimePoint,
    fuzz_interface::TransactionRef;

class FunctionProxy final : public FuzzFunction, private Proxy
{
public:
    using Proxy::Proxy;
    ~FunctionProxy() override { Destroy<messages::FuzzFunction>(); }

    int32_t call(int32_t value) override { return Call<methods::FunctionCall>(value); }
};

class CallbackProxy final : public FuzzCallback, private Proxy
{
public:
    using Proxy::Proxy;
    ~CallbackProxy() override { Destroy<messages::FuzzCallback>(); }

    int32_t call(int32_t value) override { return Call<methods::CallbackCall>(value); }
    int32_t recurse(int32_t value, int32_t depth) override { return Call<methods::CallbackRecurse>(value, depth); }
};

class ObjectProxy final : public FuzzObject, private Proxy
{
public:
    using Proxy::Proxy;
    ~ObjectProxy() override { Destroy<messages::FuzzObject>(); }

    int32_t id() override { return Call<methods::ObjectId>(); }
    uint64_t visit(uint64_t token) override { return Call<methods::ObjectVisit>(token); }
    std::unique_ptr<FuzzObject> makeChild(int32_t id) override { return Call<methods::ObjectMakeChild>(id); }
};

class InterfaceProxy final : public FuzzInterface, private Proxy
{
public:
    using Proxy::Proxy;
    ~InterfaceProxy() override { Destroy<messages::FuzzInterface>(); }

    int32_t addOnLoop(int32_t value) override { return Call<methods::AddOnLoop>(value); }
    void addInt32(int32_t& value) override { Call<methods::AddInt32>(value); }
    int64_t rotateInt64(int64_t value) override { return Call<methods::RotateInt64>(value); }
    uint64_t invertUInt64(uint64_t value) override { return Call<methods::InvertUInt64>(value); }
    bool notBool(bool value) override { return Call<methods::Not>(value); }
    double negate(double value) override { return Call<methods::Negate>(value); }
    Colour nextColour(Colour value) override { return Call<methods::NextColour>(value); }
    std::string reverseText(const std::string& value) override { return Call<methods::ReverseText>(value); }
    Bytes reverseBytes(const Bytes& value) override { return Call<methods::ReverseBytes>(value); }
    FeeRate bumpFeeRate(const FeeRate& value) override { return Call<methods::BumpFeeRate>(value); }
    OutPoint nextOutPoint(const OutPoint& value) override { return Call<methods::NextOutPoint>(value); }
    Script reverseScript(const Script& value) override { return Call<methods::ReverseScript>(value); }
    TransactionRef bumpTransaction(const TransactionRef& value) override
    {
        return Call<methods::BumpTransaction>(value);
    }
    std::vector<TransactionRef> reverseTransactions(const std::vector<TransactionRef>& value) override
    {
        return Call<methods::ReverseTransactions>(value);
    }
    Json wrapJson(const Json& value) override { return Call<methods::WrapJson>(value); }
    Settings swapSettings(const Settings& value) override { return Call<methods::SwapSettings>(value); }
    std::map<std::string, std::vector<FeeRate>>
    reverseFees(const std::map<std::string, std::vector<FeeRate>>& value) override
    {
        return Call<methods::ReverseFees>(value);
    }
    std::set<int32_t> negateSet(const std::set<int32_t>& value) override { return Call<methods::NegateSet>(value); }
    std::unordered_set<std::string> reverseEach(const std::unordered_set<std::string>& value) override
    {
        return Call<methods::ReverseEach>(value);
    }
    std::pair<int32_t, std::string> changePair(const std::pair<int32_t, std::string>& value) override
    {
        return Call<methods::ChangePair>(value);
    }
    std::tuple<uint64_t, Bytes> changeTuple(const std::tuple<uint64_t, Bytes>& value) override
    {
        return Call<methods::ChangeTuple>(value);
    }
    std::vector<std::vector<int32_t>> reverseLists(const std::vector<std::vector<int32_t>>& value) override
    {
        return Call<methods::ReverseLists>(value);
    }
    std::vector<bool> notEach(const std::vector<bool>& value) override { return Call<methods::NotEach>(value); }
    std::optional<int32_t> maybeAdd(const std::optional<int32_t>& value) override
    {
        return Call<methods::MaybeAdd>(value);
    }
    std::optional<bool> maybeNot(const std::optional<bool>& value) override { return Call<methods::MaybeNot>(value); }
    std::optional<double> maybeNegate(const std::optional<double>& value) override
    {
        return Call<methods::MaybeNegate>(value);
    }
    std::optional<std::string> maybeReverseText(const std::optional<std::string>& value) override
    {
        return Call<methods::MaybeReverseText>(value);
    }
    std::optional<Bytes> maybeReverseBytes(const std::optional<Bytes>& value) override
    {
        return Call<methods::MaybeReverseBytes>(value);
    }
    std::optional<FeeRate> maybeBump(const std::optional<FeeRate>& value) override
    {
        return Call<methods::MaybeBump>(value);
    }
    std::chrono::milliseconds negateDuration(std::chrono::milliseconds value) override
    {
        return Call<methods::NegateDuration>(value);
    }
    std::chrono::seconds rotateSeconds(std::chrono::seconds value) override
    {
        return Call<methods::RotateSeconds>(value);
    }
    TimePoint invertTime(TimePoint value) override { return Call<methods::InvertTime>(value); }
    int64_t mixed(int32_t in, std::string& in_out, Bytes& out) override
    {
        return Call<methods::Mixed>(in, in_out, out);
    }
    int32_t raise(int32_t kind, int32_t code, const std::string& message) override
    {
        return Call<methods::Raise>(kind, code, message);
    }
    int32_t callFunction(std::function<int32_t(int32_t)> function, int32_t value) override
    {
        return Call<methods::CallFunction>(std::move(function), value);
    }
    int32_t callObject(FuzzCallback& callback, int32_t value) override
    {
        return Call<methods::CallObject>(callback, value);
    }
    int32_t callUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) override
    {
        return Call<methods::CallUnique>(std::move(callback), value);
    }
    int32_t callShared(std::shared_ptr<FuzzCallback> callback, int32_t value) override
    {
        return Call<methods::CallShared>(std::move(callback), value);
    }
    int32_t recurse(FuzzCallback& callback, int32_t value, int32_t depth) override
    {
        return Call<methods::Recurse>(callback, value, depth);
    }
    std::unique_ptr<FuzzObject> makeObject(int32_t id) override { return Call<methods::MakeObject>(id); }
    uint64_t visitObject(FuzzObject& object, uint64_t token) override
    {
        return Call<methods::VisitObject>(object, token);
    }
    void store(int32_t slot, std::shared_ptr<FuzzCallback> callback) override
    {
        Call<methods::Store>(slot, std::move(callback));
    }
    int32_t callStored(int32_t slot, int32_t value) override { return Call<methods::CallStored>(slot, value); }
    bool forget(int32_t slot) override { return Call<methods::Forget>(slot); }
    int32_t liveObjects() override { return Call<methods::LiveObjects>(); }
};

class InitProxy final : public FuzzInit, private Proxy
{
public:
    using Proxy::Proxy;

    // Closes the connection, even if other proxies still use it.
    ~InitProxy() override
    {
        try {
            GetLink()->loop->Sync([this] {
                if (GetLink()->connection != nullptr) GetLink()->loop->Remove(*GetLink()->connection);
            });
        } catch (const std::runtime_error&) {
            // The loop has ended, so the connection is closed already.
        }
    }

    //! Client and server exchange their ThreadMaps.
    void ShakeHands()
    {
        OutgoingCall call{GetLink()};
        call.Run([this](Connection& connection) {
            auto request{Object<messages::FuzzInit>(connection).constructRequest()};
            request.setThreadMap(kj::heap<ThreadMapServer>(GetLink()));
            return request.send().then([this](auto&& response) {
                if (!response.hasThreadMap()) throw std::runtime_error{"the server returned no ThreadMap"};
                GetLink()->Get().SetThreadMap(response.getThreadMap());
            });
        });
    }

    std::unique_ptr<FuzzInterface> makeFuzz() override { return Call<methods::MakeFuzz>(); }
};

} // namespace

std::unique_ptr<FuzzInterface> MakeProxy(Exchange& exchange, messages::FuzzInterface::Client object)
{
    return std::make_unique<InterfaceProxy>(exchange, kj::mv(object));
}

std::unique_ptr<FuzzCallback> MakeProxy(Exchange& exchange, messages::FuzzCallback::Client object)
{
    return std::make_unique<CallbackProxy>(exchange, kj::mv(object));
}

std::unique_ptr<FuzzObject> MakeProxy(Exchange& exchange, messages::FuzzObject::Client object)
{
    return std::make_unique<ObjectProxy>(exchange, kj::mv(object));
}

std::unique_ptr<FuzzFunction> MakeProxy(Exchange& exchange, messages::FuzzFunction::Client object)
{
    return std::make_unique<FunctionProxy>(exchange, kj::mv(object));
}

std::unique_ptr<FuzzInit> ConnectInit(LoopThread& loop, kj::Function<std::shared_ptr<Link>()> open)
{
    std::unique_ptr<InitProxy> init;
    loop.Sync([&] {
        const auto link{open()};
        Exchange exchange{link};
        init = std::make_unique<InitProxy>(exchange, link->Get().Bootstrap());
    });
    init->ShakeHands();
    return init;
}

} // namespace mpfuzz::fuzz_interface::native
