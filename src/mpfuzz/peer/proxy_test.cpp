#include <mpfuzz/peer/proxy.h>

#include <mpfuzz/generate/generator.h>
#include <mpfuzz/peer/testing/stub_fixture.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/stream/unix_socket.h>

#include <capnp/dynamic.h>
#include <capnp/rpc-twoparty.h>
#include <capnp/schema-loader.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <condition_variable>

namespace mpfuzz::peer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using trace::Status;

//! A proxy between clients and the socket of a server, on its own thread.
class ProxyThread
{
public:
    explicit ProxyThread(std::string server, std::vector<Perturbation> kinds = {})
        : m_server_path{std::move(server)}, m_kinds{std::move(kinds)}, m_server{[this](kj::AsyncIoContext& io) {
              return Make(io);
          }}
    {
    }

    std::string Socket() const { return m_server.Socket(); }

    //! Wait until the next connection has ended, and return its program.
    std::string Take()
    {
        std::unique_lock lock{m_mutex};
        CHECK(m_changed.wait_for(lock, std::chrono::seconds{20}, [&] { return !m_programs.empty(); }));
        const std::string program{m_programs.front()};
        m_programs.erase(m_programs.begin());
        return program;
    }

private:
    Acceptor::Handler Make(kj::AsyncIoContext& io)
    {
        const ProxyOptions options{*TestSchema()->FindInterface("Init"), m_kinds, 1};
        auto proxy{std::make_shared<Proxy>(*TestSchema(), io.provider->getTimer(), options,
                                           [this](uint64_t, size_t, const std::string& program) {
                                               const std::lock_guard lock{m_mutex};
                                               m_programs.push_back(program);
                                               m_changed.notify_all();
                                           })};
        return [this, &io, proxy](kj::Own<kj::AsyncIoStream> client, uint64_t connection) {
            const int fd{*stream::ConnectUnix(m_server_path, std::chrono::seconds{5})};
            return proxy->Relay(
                kj::mv(client),
                io.lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP |
                                                          kj::LowLevelAsyncIoProvider::ALREADY_NONBLOCK |
                                                          kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC),
                connection);
        };
    }

    std::string m_server_path;
    std::vector<Perturbation> m_kinds;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_programs;
    ServerThread m_server;
};

//! The calls with their results, sorted, because calls on different objects have no order.
std::vector<std::string> Calls(const std::vector<ReceivedCall>& received)
{
    std::vector<std::string> calls;
    for (const ReceivedCall& call : received)
        calls.push_back(TestSchema()->MethodName(call.method) + call.arguments + " -> " + call.results);
    std::ranges::sort(calls);
    return calls;
}

TEST(Proxy, RecordsWhatTheClientDid)
{
    StubThread stub;
    ProxyThread proxy{stub.Socket()};
    RunOn(proxy.Socket(), MustParse(R"(
        c0 = connect
        init0 = c0.bootstrap Init
        construct0 = init0.construct(threadMap = serve ThreadMap)
        makeThread0 = construct0.threadMap.makeThread(name = "a")
        makeMining0 = init0.makeMining(context = (thread = makeThread0.result))
        await makeMining0
        getTip0 = makeMining0.result.getTip(context = (thread = makeThread0.result))
        getBlock0 = makeMining0.result.getBlock(hash = $getTip0.result.hash|cut(0))
    )"));
    const std::string program{proxy.Take()};
    EXPECT_THAT(program, HasSubstr("construct0 = init0.construct(threadMap = serve ThreadMap)"));
    EXPECT_THAT(program, HasSubstr("makeMining0 = init0.makeMining(context = (thread = makeThread0.result))"));
    EXPECT_THAT(program, HasSubstr("makeMining0.result.getTip(context = (thread = makeThread0.result))"));
    EXPECT_THAT(program, HasSubstr("makeMining0.result.getBlock(hash = \"\")"));
    EXPECT_THAT(program, HasSubstr("disconnect c0 abrupt"));
    EXPECT_THAT(program, Not(HasSubstr("Not in it")));
}

TEST(Proxy, ARecordedProgramMakesTheSameCallsAndGetsTheSameAnswers)
{
    StubThread stub;
    ProxyThread proxy{stub.Socket()};
    program::TargetRules rules;
    rules.main_interface = *TestSchema()->FindInterface("Init");
    rules.max_connections = 1;
    rules.misbehaving_percent = 0;
    generate::Generator generator{*TestSchema(), rules, {}};
    base::Rng rng{3};
    size_t compared{0};
    for (int i{0}; i < 60 && !testing::Test::HasFailure(); ++i) {
        const program::Program program{generator.Generate(rng)};
        const bool ends_early{std::ranges::any_of(program.steps, [](const program::Step& step) {
            return std::holds_alternative<program::Disconnect>(step) || std::holds_alternative<program::Cancel>(step);
        })};
        if (ends_early || program::CountCalls(program) == 0) continue;
        const trace::Trace trace{RunOn(proxy.Socket(), program)};
        const auto sent{Calls(stub.Take())};
        if (sent.empty()) continue; // it only called objects that it served itself
        const std::string text{proxy.Take()};
        const auto recorded{program::Parse(*TestSchema(), text)};
        ASSERT_TRUE(recorded) << recorded.GetError().message << text;
        if (text.find("Not in it") != std::string::npos) continue; // untyped pointers
        RunOn(stub.Socket(), *recorded);
        EXPECT_EQ(Calls(stub.Take()), sent) << program::Print(*TestSchema(), program) << text;
        compared += sent.size();
    }
    EXPECT_GT(compared, 100U);
}

//! An object that answers each call by calling `makeThread` on the `threadMap` that it was passed.
class CallsBack final : public capnp::DynamicCapability::Server
{
public:
    CallsBack() : Server{Interface("Init")} {}

    kj::Promise<void> call(capnp::InterfaceSchema::Method,
                           capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context) override
    {
        auto threads{context.getParams().get("threadMap").as<capnp::DynamicCapability>()};
        auto request{threads.newRequest("makeThread")};
        request.set("name", "of the server");
        return request.send().ignoreResult();
    }

private:
    static capnp::InterfaceSchema Interface(std::string_view name)
    {
        const schema::Schema& schema{*TestSchema()};
        return schema.Loader().get(schema.GetInterface(*schema.FindInterface(name)).id).asInterface();
    }
};

TEST(Proxy, RecordsHowTheClientsObjectsAnswer)
{
    ServerThread server{[](kj::AsyncIoContext&) -> Acceptor::Handler {
        return [](kj::Own<kj::AsyncIoStream> stream, uint64_t) {
            auto rpc{kj::heap<capnp::TwoPartyServer>(capnp::DynamicCapability::Client{kj::heap<CallsBack>()})};
            auto end{rpc->accept(*stream)};
            return end.attach(kj::mv(rpc), kj::mv(stream));
        };
    }};
    ProxyThread proxy{server.Socket()};
    const std::string call{
        "construct0 = init0.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })"};
    RunOn(proxy.Socket(), MustParse("c0 = connect\ninit0 = c0.bootstrap Init\n" + call + "\nawait all\n"));
    EXPECT_THAT(proxy.Take(), HasSubstr(call));
}

TEST(Proxy, DelayAndSplitChangeNoCallAndNoAnswer)
{
    StubThread stub;
    const program::Program program{MustParse(R"(
        c0 = connect
        init0 = c0.bootstrap Init
        makeMining0 = init0.makeMining()
        getTip0 = makeMining0.result.getTip()
        checkBlock0 = makeMining0.result.checkBlock(block = (transactions = ["a" * 500]))
        getBlocks0 = makeMining0.result.getBlocks(count = 7)
    )")};
    RunOn(stub.Socket(), program);
    const auto direct{Calls(stub.Take())};
    ProxyThread proxy{stub.Socket(), {Perturbation::DELAY, Perturbation::SPLIT}};
    for (int i{0}; i < 5; ++i) {
        const trace::Trace trace{RunOn(proxy.Socket(), program)};
        EXPECT_EQ(trace.outcomes.back().status, Status::ANSWERED);
        EXPECT_EQ(Calls(stub.Take()), direct);
    }
}

TEST(Proxy, SurvivesCutConnections)
{
    StubThread stub;
    ProxyThread proxy{stub.Socket(), {Perturbation::DROP}};
    std::string text{"c0 = connect\ninit0 = c0.bootstrap Init\n"};
    for (int i{0}; i < 40; ++i) text += "r" + std::to_string(i) + " = init0.makeMining()\n";
    size_t cut{0};
    for (int i{0}; i < 5; ++i) {
        const trace::Trace trace{RunOn(proxy.Socket(), MustParse(text))};
        cut += std::ranges::count(trace.outcomes, Status::EXCEPTION, &trace::Outcome::status) > 0;
    }
    EXPECT_GT(cut, 0U);
}

} // namespace
} // namespace mpfuzz::peer
