// Sends every type through real messages, over every kind of connection.
#include <fuzz_interface/drivers/typed_driver.h>
#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/native/binding_fixture.h>

#include <mpfuzz/base/rng.h>
#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/stream/unix_socket.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface::native {
namespace {

using fuzz_interface::Bytes, fuzz_interface::FuzzInterface, fuzz_interface::Json;

std::string Drive(FuzzInterface& remote, uint64_t seed, uint64_t calls, int32_t slot = 0)
{
    base::Rng rng{seed};
    fuzz_interface::Choices choices{rng};
    const auto wrong{fuzz_interface::DriveTyped(remote, choices, calls, slot)};
    return wrong ? ToText(*wrong) : "";
}

class RoundTrip : public BindingTest
{
};

TEST(Binding, HasItsName) { EXPECT_EQ(fuzz_interface::BindingName(), "native"); }

TEST_F(RoundTrip, WorksOverAPipe)
{
    const auto init{m_clients->Pipe(*m_implementation)};
    for (uint64_t seed{1}; seed <= 3; ++seed) EXPECT_EQ(Drive(*init->makeFuzz(), seed, 1'000), "");
}

TEST_F(RoundTrip, WorksOverASocketPair)
{
    const auto client{Connect()};
    EXPECT_EQ(Drive(*client.fuzz, 4, 1'000), "");
}

TEST_F(RoundTrip, WorksForSeveralClientsOfAListeningSocket)
{
    const base::TemporaryDirectory directory;
    const std::string path{directory.Path("socket")};
    auto socket{stream::ListenSocket::Open(path)};
    ASSERT_TRUE(socket) << socket.GetError().message;
    m_server->Listen(socket->TakeFd(), *m_implementation);

    std::vector<std::thread> clients;
    for (int32_t slot{0}; slot < 3; ++slot) {
        clients.emplace_back([&, slot] {
            const auto init{m_clients->Connect(*stream::ConnectUnix(path, std::chrono::seconds{10}))};
            EXPECT_EQ(Drive(*init->makeFuzz(), 5 + slot, 300, slot), "");
        });
    }
    for (auto& client : clients) client.join();
}

TEST_F(RoundTrip, DistinguishesEmptyFromAbsent)
{
    const auto client{Connect()};
    EXPECT_EQ(client.fuzz->maybeReverseText(""), "");
    EXPECT_EQ(client.fuzz->maybeReverseText(std::nullopt), std::nullopt);
    EXPECT_EQ(client.fuzz->maybeReverseBytes(Bytes{}), Bytes{});
    EXPECT_EQ(client.fuzz->maybeReverseBytes(std::nullopt), std::nullopt);
    EXPECT_EQ(client.fuzz->maybeAdd(-1), 0);
    EXPECT_EQ(client.fuzz->maybeAdd(std::nullopt), std::nullopt);
    EXPECT_EQ(client.fuzz->bumpTransaction(nullptr), nullptr);
}

TEST_F(RoundTrip, KeepsZerosInText)
{
    const auto client{Connect()};
    EXPECT_EQ(client.fuzz->reverseText({"a\0\0b", 4}), std::string("b\0\0a", 4));
}

TEST_F(RoundTrip, RefusesJsonThatIsNotUtf8)
{
    const auto client{Connect()};
    EXPECT_NE(ErrorOf([&] { client.fuzz->wrapJson(Json{"\xff"}); }), "");
    EXPECT_EQ(client.fuzz->wrapJson(Json{"\xc3\xbf"}), (fuzz_interface::WrapJson(Json{"\xc3\xbf"})));
}

TEST_F(RoundTrip, ReadsJsonAsDeepAsBitcoinCoreDoes)
{
    const auto client{Connect()};
    nlohmann::json deep;
    for (int i{0}; i < 511; ++i) deep = nlohmann::json::array({std::move(deep)});
    EXPECT_EQ(client.fuzz->wrapJson(Json{deep}), fuzz_interface::WrapJson(Json{deep}));
    deep = nlohmann::json::array({std::move(deep)});
    EXPECT_NE(ErrorOf([&] { client.fuzz->wrapJson(Json{deep}); }), "") << "the answer is one level deeper";
}

} // namespace
} // namespace mpfuzz::fuzz_interface::native
