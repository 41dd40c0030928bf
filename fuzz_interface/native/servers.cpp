#include <fuzz_interface/native/main_object.h>

#include <fuzz_interface/native/methods.h>
#include <fuzz_interface/native/server.h>
#include <fuzz_interface/native/threads.h>

namespace mpfuzz::fuzz_interface::native {
namespace {

using fuzz_interface::FuzzCallback, fuzz_interface::FuzzInit, fuzz_interface::FuzzInterface, fuzz_interface::FuzzObject;

class FunctionServer final : public messages::FuzzFunction::Server, private ObjectServer<FuzzFunction>
{
public:
    using ObjectServer::ObjectServer;
    kj::Promise<void> destroy(DestroyContext context) override { return RunDestroy(context); }
    kj::Promise<void> call(CallContext context) override { return Run<methods::FunctionCall>(context); }
};

class CallbackServer final : public messages::FuzzCallback::Server, private ObjectServer<FuzzCallback>
{
public:
    using ObjectServer::ObjectServer;
    kj::Promise<void> destroy(DestroyContext context) override { return RunDestroy(context); }
    kj::Promise<void> call(CallContext context) override { return Run<methods::CallbackCall>(context); }
    kj::Promise<void> recurse(RecurseContext context) override { return Run<methods::CallbackRecurse>(context); }
};

class FuzzObjectServer final : public messages::FuzzObject::Server, private ObjectServer<FuzzObject>
{
public:
    using ObjectServer::ObjectServer;
    kj::Promise<void> destroy(DestroyContext context) override { return RunDestroy(context); }
    kj::Promise<void> id(IdContext context) override { return Run<methods::ObjectId>(context); }
    kj::Promise<void> visit(VisitContext context) override { return Run<methods::ObjectVisit>(context); }
    kj::Promise<void> makeChild(MakeChildContext context) override { return Run<methods::ObjectMakeChild>(context); }
};

class InterfaceServer final : public messages::FuzzInterface::Server, private ObjectServer<FuzzInterface>
{
public:
    using ObjectServer::ObjectServer;
    kj::Promise<void> destroy(DestroyContext context) override { return RunDestroy(context); }

    kj::Promise<void> addOnLoop(AddOnLoopContext context) override { return Run<methods::AddOnLoop>(context); }
    kj::Promise<void> addInt32(AddInt32Context context) override { return Run<methods::AddInt32>(context); }
    kj::Promise<void> rotateInt64(RotateInt64Context context) override { return Run<methods::RotateInt64>(context); }
    kj::Promise<void> invertUInt64(InvertUInt64Context context) override { return Run<methods::InvertUInt64>(context); }
    kj::Promise<void> notBool(NotBoolContext context) override { return Run<methods::Not>(context); }
    kj::Promise<void> negate(NegateContext context) override { return Run<methods::Negate>(context); }
    kj::Promise<void> nextColour(NextColourContext context) override { return Run<methods::NextColour>(context); }
    kj::Promise<void> reverseText(ReverseTextContext context) override { return Run<methods::ReverseText>(context); }
    kj::Promise<void> reverseBytes(ReverseBytesContext context) override { return Run<methods::ReverseBytes>(context); }
    kj::Promise<void> bumpFeeRate(BumpFeeRateContext context) override { return Run<methods::BumpFeeRate>(context); }
    kj::Promise<void> nextOutPoint(NextOutPointContext context) override { return Run<methods::NextOutPoint>(context); }
    kj::Promise<void> reverseScript(ReverseScriptContext context) override
    {
        return Run<methods::ReverseScript>(context);
    }
    kj::Promise<void> bumpTransaction(BumpTransactionContext context) override
    {
        return Run<methods::BumpTransaction>(context);
    }
    kj::Promise<void> reverseTransactions(ReverseTransactionsContext context) override
    {
        return Run<methods::ReverseTransactions>(context);
    }
    kj::Promise<void> wrapJson(WrapJsonContext context) override { return Run<methods::WrapJson>(context); }
    kj::Promise<void> swapSettings(SwapSettingsContext context) override { return Run<methods::SwapSettings>(context); }
    kj::Promise<void> reverseFees(ReverseFeesContext context) override { return Run<methods::ReverseFees>(context); }
    kj::Promise<void> negateSet(NegateSetContext context) override { return Run<methods::NegateSet>(context); }
    kj::Promise<void> reverseEach(ReverseEachContext context) override { return Run<methods::ReverseEach>(context); }
    kj::Promise<void> changePair(ChangePairContext context) override { return Run<methods::ChangePair>(context); }
    kj::Promise<void> changeTuple(ChangeTupleContext context) override { return Run<methods::ChangeTuple>(context); }
    kj::Promise<void> reverseLists(ReverseListsContext context) override { return Run<methods::ReverseLists>(context); }
    kj::Promise<void> notEach(NotEachContext context) override { return Run<methods::NotEach>(context); }
    kj::Promise<void> maybeAdd(MaybeAddContext context) override { return Run<methods::MaybeAdd>(context); }
    kj::Promise<void> maybeNot(MaybeNotContext context) override { return Run<methods::MaybeNot>(context); }
    kj::Promise<void> maybeNegate(MaybeNegateContext context) override { return Run<methods::MaybeNegate>(context); }
    kj::Promise<void> maybeReverseText(MaybeReverseTextContext context) override
    {
        return Run<methods::MaybeReverseText>(context);
    }
    kj::Promise<void> maybeReverseBytes(MaybeReverseBytesContext context) override
    {
        return Run<methods::MaybeReverseBytes>(context);
    }
    kj::Promise<void> maybeBump(MaybeBumpContext context) override { return Run<methods::MaybeBump>(context); }
    kj::Promise<void> negateDuration(NegateDurationContext context) override
    {
        return Run<methods::NegateDuration>(context);
    }
    kj::Promise<void> rotateSeconds(RotateSecondsContext context) override
    {
        return Run<methods::RotateSeconds>(context);
    }
    kj::Promise<void> invertTime(InvertTimeContext context) override { return Run<methods::InvertTime>(context); }
    kj::Promise<void> mixed(MixedContext context) override { return Run<methods::Mixed>(context); }
    kj::Promise<void> raise(RaiseContext context) override { return Run<methods::Raise>(context); }
    kj::Promise<void> callFunction(CallFunctionContext context) override { return Run<methods::CallFunction>(context); }
    kj::Promise<void> callObject(CallObjectContext context) override { return Run<methods::CallObject>(context); }
    kj::Promise<void> callUnique(CallUniqueContext context) override { return Run<methods::CallUnique>(context); }
    kj::Promise<void> callShared(CallSharedContext context) override { return Run<methods::CallShared>(context); }
    kj::Promise<void> recurse(RecurseContext context) override { return Run<methods::Recurse>(context); }
    kj::Promise<void> makeObject(MakeObjectContext context) override { return Run<methods::MakeObject>(context); }
    kj::Promise<void> visitObject(VisitObjectContext context) override { return Run<methods::VisitObject>(context); }
    kj::Promise<void> store(StoreContext context) override { return Run<methods::Store>(context); }
    kj::Promise<void> callStored(CallStoredContext context) override { return Run<methods::CallStored>(context); }
    kj::Promise<void> forget(ForgetContext context) override { return Run<methods::Forget>(context); }
    kj::Promise<void> liveObjects(LiveObjectsContext context) override { return Run<methods::LiveObjects>(context); }
};

class InitServer final : public messages::FuzzInit::Server, private ObjectServer<FuzzInit>
{
public:
    using ObjectServer::ObjectServer;

    kj::Promise<void> construct(ConstructContext context) override
    {
        Connection& connection{GetLink()->Get()};
        connection.SetThreadMap(context.getParams().getThreadMap());
        context.getResults().setThreadMap(kj::heap<ThreadMapServer>(GetLink()));
        return kj::READY_NOW;
    }

    kj::Promise<void> makeFuzz(MakeFuzzContext context) override { return Run<methods::MakeFuzz>(context); }
};

} // namespace

messages::FuzzInterface::Client MakeServer(Exchange& exchange, std::shared_ptr<Held<FuzzInterface>> object)
{
    return kj::heap<InterfaceServer>(exchange.link, std::move(object));
}

messages::FuzzCallback::Client MakeServer(Exchange& exchange, std::shared_ptr<Held<FuzzCallback>> object)
{
    return kj::heap<CallbackServer>(exchange.link, std::move(object));
}

messages::FuzzObject::Client MakeServer(Exchange& exchange, std::shared_ptr<Held<FuzzObject>> object)
{
    return kj::heap<FuzzObjectServer>(exchange.link, std::move(object));
}

messages::FuzzFunction::Client MakeServer(Exchange& exchange, std::shared_ptr<Held<FuzzFunction>> object)
{
    return kj::heap<FunctionServer>(exchange.link, std::move(object));
}

messages::FuzzInit::Client MakeInitServer(const std::shared_ptr<Link>& link, FuzzInit& init)
{
    const std::shared_ptr<FuzzInit> borrowed{&init, [](FuzzInit*) {}};
    return kj::heap<InitServer>(link, std::make_shared<Held<FuzzInit>>(borrowed));
}

} // namespace mpfuzz::fuzz_interface::native
