#include <fuzz_interface/native/proxies.h>

#include <fuzz_interface/native/methods.h>
#include <fuzz_interface/native/proxy.h>
#include <fuzz_interface/native/thread_server.h>

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

    int32_t Call(int32_t value) override { return Proxy::Call<methods::FunctionCall>(value); }
};

class CallbackProxy final : public FuzzCallback, private Proxy
{
public:
    using Proxy::Proxy;
    ~CallbackProxy() override { Destroy<messages::FuzzCallback>(); }

    int32_t Call(int32_t value) override { return Proxy::Call<methods::CallbackCall>(value); }
    int32_t Recurse(int32_t value, int32_t depth) override
    {
        return Proxy::Call<methods::CallbackRecurse>(value, depth);
    }
};

class ObjectProxy final : public FuzzObject, private Proxy
{
public:
    using Proxy::Proxy;
    ~ObjectProxy() override { Destroy<messages::FuzzObject>(); }

    int32_t Id() override { return Call<methods::ObjectId>(); }
    uint64_t Visit(uint64_t token) override { return Call<methods::ObjectVisit>(token); }
    std::unique_ptr<FuzzObject> MakeChild(int32_t id) override { return Call<methods::ObjectMakeChild>(id); }
};

class InterfaceProxy final : public FuzzInterface, private Proxy
{
public:
    using Proxy::Proxy;
    ~InterfaceProxy() override { Destroy<messages::FuzzInterface>(); }

    int32_t AddOnLoop(int32_t value) override { return Call<methods::AddOnLoop>(value); }
    void AddInt32(int32_t& value) override { Call<methods::AddInt32>(value); }
    int64_t RotateInt64(int64_t value) override { return Call<methods::RotateInt64>(value); }
    uint64_t InvertUInt64(uint64_t value) override { return Call<methods::InvertUInt64>(value); }
    bool Not(bool value) override { return Call<methods::Not>(value); }
    double Negate(double value) override { return Call<methods::Negate>(value); }
    Colour NextColour(Colour value) override { return Call<methods::NextColour>(value); }
    std::string ReverseText(const std::string& value) override { return Call<methods::ReverseText>(value); }
    Bytes ReverseBytes(const Bytes& value) override { return Call<methods::ReverseBytes>(value); }
    FeeRate BumpFeeRate(const FeeRate& value) override { return Call<methods::BumpFeeRate>(value); }
    OutPoint NextOutPoint(const OutPoint& value) override { return Call<methods::NextOutPoint>(value); }
    Script ReverseScript(const Script& value) override { return Call<methods::ReverseScript>(value); }
    TransactionRef BumpTransaction(const TransactionRef& value) override
    {
        return Call<methods::BumpTransaction>(value);
    }
    std::vector<TransactionRef> ReverseTransactions(const std::vector<TransactionRef>& value) override
    {
        return Call<methods::ReverseTransactions>(value);
    }
    Json WrapJson(const Json& value) override { return Call<methods::WrapJson>(value); }
    Settings SwapSettings(const Settings& value) override { return Call<methods::SwapSettings>(value); }
    std::map<std::string, std::vector<FeeRate>>
    ReverseFees(const std::map<std::string, std::vector<FeeRate>>& value) override
    {
        return Call<methods::ReverseFees>(value);
    }
    std::set<int32_t> NegateSet(const std::set<int32_t>& value) override { return Call<methods::NegateSet>(value); }
    std::unordered_set<std::string> ReverseEach(const std::unordered_set<std::string>& value) override
    {
        return Call<methods::ReverseEach>(value);
    }
    std::pair<int32_t, std::string> ChangePair(const std::pair<int32_t, std::string>& value) override
    {
        return Call<methods::ChangePair>(value);
    }
    std::tuple<uint64_t, Bytes> ChangeTuple(const std::tuple<uint64_t, Bytes>& value) override
    {
        return Call<methods::ChangeTuple>(value);
    }
    std::vector<std::vector<int32_t>> ReverseLists(const std::vector<std::vector<int32_t>>& value) override
    {
        return Call<methods::ReverseLists>(value);
    }
    std::vector<bool> NotEach(const std::vector<bool>& value) override { return Call<methods::NotEach>(value); }
    std::optional<int32_t> MaybeAdd(const std::optional<int32_t>& value) override
    {
        return Call<methods::MaybeAdd>(value);
    }
    std::optional<bool> MaybeNot(const std::optional<bool>& value) override { return Call<methods::MaybeNot>(value); }
    std::optional<double> MaybeNegate(const std::optional<double>& value) override
    {
        return Call<methods::MaybeNegate>(value);
    }
    std::optional<std::string> MaybeReverseText(const std::optional<std::string>& value) override
    {
        return Call<methods::MaybeReverseText>(value);
    }
    std::optional<Bytes> MaybeReverseBytes(const std::optional<Bytes>& value) override
    {
        return Call<methods::MaybeReverseBytes>(value);
    }
    std::optional<FeeRate> MaybeBump(const std::optional<FeeRate>& value) override
    {
        return Call<methods::MaybeBump>(value);
    }
    std::chrono::milliseconds NegateDuration(std::chrono::milliseconds value) override
    {
        return Call<methods::NegateDuration>(value);
    }
    std::chrono::seconds RotateSeconds(std::chrono::seconds value) override
    {
        return Call<methods::RotateSeconds>(value);
    }
    TimePoint InvertTime(TimePoint value) override { return Call<methods::InvertTime>(value); }
    int64_t Mixed(int32_t in, std::string& in_out, Bytes& out) override
    {
        return Call<methods::Mixed>(in, in_out, out);
    }
    int32_t Raise(int32_t kind, int32_t code, const std::string& message) override
    {
        return Call<methods::Raise>(kind, code, message);
    }
    int32_t CallFunction(std::function<int32_t(int32_t)> function, int32_t value) override
    {
        return Call<methods::CallFunction>(std::move(function), value);
    }
    int32_t CallObject(FuzzCallback& callback, int32_t value) override
    {
        return Call<methods::CallObject>(callback, value);
    }
    int32_t CallUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) override
    {
        return Call<methods::CallUnique>(std::move(callback), value);
    }
    int32_t CallShared(std::shared_ptr<FuzzCallback> callback, int32_t value) override
    {
        return Call<methods::CallShared>(std::move(callback), value);
    }
    int32_t Recurse(FuzzCallback& callback, int32_t value, int32_t depth) override
    {
        return Call<methods::Recurse>(callback, value, depth);
    }
    std::unique_ptr<FuzzObject> MakeObject(int32_t id) override { return Call<methods::MakeObject>(id); }
    uint64_t VisitObject(FuzzObject& object, uint64_t token) override
    {
        return Call<methods::VisitObject>(object, token);
    }
    void Store(int32_t slot, std::shared_ptr<FuzzCallback> callback) override
    {
        Call<methods::Store>(slot, std::move(callback));
    }
    int32_t CallStored(int32_t slot, int32_t value) override { return Call<methods::CallStored>(slot, value); }
    bool Forget(int32_t slot) override { return Call<methods::Forget>(slot); }
    int32_t LiveObjects() override { return Call<methods::LiveObjects>(); }
};

class InitProxy final : public FuzzInit, private Proxy
{
public:
    using Proxy::Proxy;

    // Other objects of the connection are left without one.
    ~InitProxy() override
    {
        try {
            GetLink()->loop->Sync([this] {
                if (GetLink()->connection != nullptr) GetLink()->loop->Evict(*GetLink()->connection);
            });
        } catch (const std::runtime_error&) {
            // The loop has ended, and every connection with it.
        }
    }

    //! Give each other the means to make threads.
    void ShakeHands()
    {
        OutgoingCall call{GetLink()};
        call.Run([this](Connection& connection) {
            auto request{Object<messages::FuzzInit>(connection).constructRequest()};
            request.setThreadMap(kj::heap<ThreadMapServer>(GetLink()));
            return request.send().then([this](auto&& response) {
                if (!response.hasThreadMap()) throw std::runtime_error{"the server makes no threads"};
                GetLink()->Get().SetThreadMap(response.getThreadMap());
            });
        });
    }

    std::unique_ptr<FuzzInterface> MakeFuzz() override { return Call<methods::MakeFuzz>(); }
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
