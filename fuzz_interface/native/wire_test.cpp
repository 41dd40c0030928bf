// Sends hand-written messages, valid and invalid, to the binding's server.
#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/native/binding_fixture.h>

#include <capnp/rpc-twoparty.h>
#include <fuzz.capnp.h>
#include <kj/async-io.h>
#include <mp/proxy.capnp.h>

#include <optional>
#include <vector>

namespace mpfuzz::fuzz_interface::native {
namespace {

namespace messages = fuzz_interface::messages;

class NoThreads final : public multiprocess::ThreadMap::Server
{
};

class NoThread final : public multiprocess::Thread::Server
{
};

//! A hand-written client on the test's own event loop.
class WireTest : public BindingTest
{
protected:
    auto MakeThread(const char* name)
    {
        auto request{m_thread_map.makeThreadRequest()};
        request.setName(name);
        return request.send();
    }

    template<typename Promise>
    auto Wait(Promise promise)
    {
        return promise.wait(m_io.waitScope);
    }

    template<typename Request>
    Request With(Request request)
    {
        request.initContext().setThread(m_thread);
        return request;
    }

    //! Returns the message if the answer is an error; otherwise an empty text.
    std::string ErrorTo(auto request)
    {
        return request.send()
            .then([](auto&&) { return std::string{}; },
                  [](kj::Exception&& error) { return std::string{error.getDescription().cStr()}; })
            .wait(m_io.waitScope);
    }

    void ExpectGoesOn()
    {
        auto request{With(m_fuzz.rotateInt64Request())};
        request.setValue(1);
        EXPECT_EQ(Wait(request.send()).getResult(), 1 << 13);
    }

    int32_t LiveObjects() { return Wait(With(m_fuzz.liveObjectsRequest()).send()).getResult(); }

    WireTest()
    {
        const auto [client, server]{SocketPair()};
        m_server->Serve(server, *m_implementation);
        m_stream = m_io.lowLevelProvider->wrapSocketFd(client, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
        m_rpc.emplace(*m_stream);
        auto init{m_rpc->bootstrap().castAs<messages::FuzzInit>()};
        auto construct{init.constructRequest()};
        construct.setThreadMap(kj::heap<NoThreads>());
        m_thread_map = Wait(construct.send()).getThreadMap();
        m_thread = Wait(MakeThread("me")).getResult();
        m_fuzz = Wait(With(init.makeFuzzRequest()).send()).getResult();
    }
    ~WireTest() noexcept override = default;

    kj::AsyncIoContext m_io{kj::setupAsyncIo()};
    kj::Own<kj::AsyncIoStream> m_stream;
    std::optional<capnp::TwoPartyClient> m_rpc;
    multiprocess::ThreadMap::Client m_thread_map{nullptr};
    multiprocess::Thread::Client m_thread{nullptr};
    messages::FuzzInterface::Client m_fuzz{nullptr};
};

TEST_F(WireTest, ThreadsHaveTheNameThatTheyWereMadeWith)
{
    EXPECT_EQ(std::string{Wait(m_thread.getNameRequest().send()).getResult().cStr()}, "(from me)");
}

TEST_F(WireTest, CallsNeedAThreadOfTheServer)
{
    EXPECT_NE(ErrorTo(m_fuzz.liveObjectsRequest()), "") << "no context";
    auto empty{m_fuzz.liveObjectsRequest()};
    empty.initContext();
    EXPECT_NE(ErrorTo(kj::mv(empty)), "") << "no thread";
    auto foreign{m_fuzz.liveObjectsRequest()};
    foreign.initContext().setThread(kj::heap<NoThread>());
    EXPECT_NE(ErrorTo(kj::mv(foreign)), "") << "a thread of the client";
    auto no_thread{m_fuzz.liveObjectsRequest()};
    no_thread.initContext().setThread(m_fuzz.castAs<multiprocess::Thread>());
    EXPECT_NE(ErrorTo(kj::mv(no_thread)), "") << "not a thread at all";
    ExpectGoesOn();
}

TEST_F(WireTest, AThreadMayBeNamedBeforeItExists)
{
    auto pipelined{MakeThread("pipelined")};
    auto request{m_fuzz.notBoolRequest()};
    request.initContext().setThread(pipelined.getResult());
    request.setValue(false);
    EXPECT_TRUE(Wait(request.send()).getResult());
}

TEST_F(WireTest, CallsWithoutAContextNeedNoThread)
{
    auto request{m_fuzz.addOnLoopRequest()};
    request.setValue(1);
    EXPECT_EQ(Wait(request.send()).getResult(), 2);
}

TEST_F(WireTest, ThreadPoolsAreAnError)
{
    auto request{m_thread_map.makePoolRequest()};
    request.setCount(1);
    EXPECT_NE(ErrorTo(kj::mv(request)), "");
    ExpectGoesOn();
}

TEST_F(WireTest, ThreadsOfAClientAreLimited)
{
    std::vector<multiprocess::Thread::Client> threads;
    std::string error;
    while (error.empty() && threads.size() < 1000) {
        threads.push_back(MakeThread("one more").getResult());
        error = ErrorTo(threads.back().getNameRequest());
    }
    EXPECT_NE(error, "");
    threads.clear();
    ExpectGoesOn();
    EXPECT_EQ(ErrorTo(MakeThread("again").getResult().getNameRequest()), "");
}

TEST_F(WireTest, InvalidValuesAreErrors)
{
    const auto no_data{kj::StringPtr{"no"}.asBytes()};
    auto colour{With(m_fuzz.nextColourRequest())};
    colour.setValue(fuzz_interface::COLOURS);
    EXPECT_NE(ErrorTo(kj::mv(colour)), "");
    auto rate{With(m_fuzz.bumpFeeRateRequest())};
    rate.setValue(no_data);
    EXPECT_NE(ErrorTo(kj::mv(rate)), "");
    EXPECT_NE(ErrorTo(With(m_fuzz.nextOutPointRequest())), "") << "absent";
    auto script{With(m_fuzz.reverseScriptRequest())};
    script.setValue(no_data);
    EXPECT_NE(ErrorTo(kj::mv(script)), "");
    auto transaction{With(m_fuzz.bumpTransactionRequest())};
    transaction.setValue(no_data);
    EXPECT_NE(ErrorTo(kj::mv(transaction)), "");
    auto json{With(m_fuzz.wrapJsonRequest())};
    json.setValue("{");
    EXPECT_NE(ErrorTo(kj::mv(json)), "");
    auto deep{With(m_fuzz.wrapJsonRequest())};
    deep.setValue(std::string(1'000'000, '[').c_str());
    EXPECT_NE(ErrorTo(kj::mv(deep)), "");
    EXPECT_NE(ErrorTo(With(m_fuzz.visitObjectRequest())), "") << "a null object";
    EXPECT_NE(ErrorTo(With(m_fuzz.callObjectRequest())), "") << "a null callback";
    ExpectGoesOn();
}

TEST_F(WireTest, AFlagSaysWhetherANumberIsPresent)
{
    auto absent{With(m_fuzz.maybeAddRequest())};
    absent.setValue(5);
    EXPECT_FALSE(Wait(absent.send()).getHasResult());
    auto present{With(m_fuzz.maybeAddRequest())};
    present.setHasValue(true);
    const auto answer{Wait(present.send())};
    EXPECT_TRUE(answer.getHasResult());
    EXPECT_EQ(answer.getResult(), 1);
}

TEST_F(WireTest, ANullPointerMeansAbsent)
{
    EXPECT_FALSE(Wait(With(m_fuzz.maybeReverseTextRequest()).send()).hasResult());
    auto present{With(m_fuzz.maybeReverseTextRequest())};
    present.setValue("");
    EXPECT_TRUE(Wait(present.send()).hasResult());
}

TEST_F(WireTest, TheLastOfEqualKeysCounts)
{
    auto request{With(m_fuzz.swapSettingsRequest())};
    auto forced{request.initValue().initForced(2)};
    for (const unsigned i : {0u, 1u}) {
        forced[i].setFirst("key");
        forced[i].setSecond(i == 0 ? "\"first\"" : "\"last\"");
    }
    const auto answer{Wait(request.send())};
    const auto lists{answer.getResult().getCommandLine()};
    ASSERT_EQ(lists.size(), 1);
    ASSERT_EQ(lists[0].getSecond().size(), 1);
    EXPECT_EQ(std::string{lists[0].getSecond()[0].cStr()}, "\"last\"");
}

TEST_F(WireTest, EqualElementsOfASetAreOne)
{
    auto request{With(m_fuzz.negateSetRequest())};
    request.setValue({1, 1, 2});
    EXPECT_EQ(Wait(request.send()).getResult().size(), 2);
}

TEST_F(WireTest, DestroyedObjectsAnswerWithErrors)
{
    auto object{Wait(With(m_fuzz.makeObjectRequest()).send()).getResult()};
    EXPECT_EQ(LiveObjects(), 1);
    EXPECT_EQ(ErrorTo(With(object.destroyRequest())), "");
    EXPECT_EQ(LiveObjects(), 0);
    EXPECT_NE(ErrorTo(With(object.idRequest())), "");
    EXPECT_EQ(ErrorTo(With(object.destroyRequest())), "");
    ExpectGoesOn();
}

TEST_F(WireTest, ReleasedObjectsAreDestroyed)
{
    auto object{Wait(With(m_fuzz.makeObjectRequest()).send()).getResult()};
    EXPECT_EQ(LiveObjects(), 1);
    object = nullptr;
    for (int i{0}; i < 1'000'000 && LiveObjects() > 0; ++i) continue;
    EXPECT_EQ(LiveObjects(), 0);
}

TEST_F(WireTest, ErrorsAreFieldsOfTheAnswer)
{
    const auto raise{[&](int32_t kind) {
        auto request{With(m_fuzz.raiseRequest())};
        request.setKind(kind);
        request.setCode(7);
        request.setMessage("words");
        return Wait(request.send());
    }};
    const auto typed{raise(fuzz_interface::RAISE_TYPED)};
    ASSERT_TRUE(typed.hasTyped());
    EXPECT_FALSE(typed.hasStandard());
    EXPECT_EQ(typed.getTyped().getCode(), 7);
    const auto standard{raise(fuzz_interface::RAISE_STANDARD)};
    ASSERT_TRUE(standard.hasStandard());
    EXPECT_FALSE(standard.hasTyped());
    EXPECT_EQ(std::string{standard.getStandard().cStr()}, "words");
}

TEST_F(WireTest, AClientMayPassAnObjectOfTheServerBackToIt)
{
    auto made{With(m_fuzz.makeObjectRequest())};
    made.setId(4);
    auto request{With(m_fuzz.visitObjectRequest())};
    request.getContext().setCallbackThread(m_thread);
    request.setObject(Wait(made.send()).getResult());
    request.setToken(9);
    EXPECT_EQ(Wait(request.send()).getResult(), fuzz_interface::NextVisit(4, 0, 9))
        << "the nested call runs on the same thread";
}

} // namespace
} // namespace mpfuzz::fuzz_interface::native
