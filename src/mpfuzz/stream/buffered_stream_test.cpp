#include <mpfuzz/stream/buffered_stream.h>

#include <gtest/gtest.h>

#include <string>

namespace mpfuzz::stream {
namespace {

//! Counts the reads and writes on another stream.
class CountingStream final : public kj::AsyncIoStream
{
public:
    CountingStream(kj::Own<kj::AsyncIoStream> inner, int& reads, int& writes)
        : m_inner{kj::mv(inner)}, m_reads{reads}, m_writes{writes}
    {
    }
    kj::Promise<size_t> tryRead(void* buffer, size_t min_bytes, size_t max_bytes) override
    {
        ++m_reads;
        return m_inner->tryRead(buffer, min_bytes, max_bytes);
    }
    kj::Promise<void> write(const void* buffer, size_t size) override
    {
        ++m_writes;
        return m_inner->write(buffer, size);
    }
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override
    {
        ++m_writes;
        return m_inner->write(pieces);
    }
    kj::Promise<void> whenWriteDisconnected() override { return m_inner->whenWriteDisconnected(); }
    void shutdownWrite() override { m_inner->shutdownWrite(); }

private:
    kj::Own<kj::AsyncIoStream> m_inner;
    int& m_reads;
    int& m_writes;
};

class BufferedStreamTest : public testing::Test
{
protected:
    BufferedStreamTest() : m_io{kj::setupAsyncIo()}, m_pipe{m_io.provider->newTwoWayPipe()} {}
    ~BufferedStreamTest() noexcept override {} // destructors of KJ's classes may throw, those of fixtures may not

    std::string ReadFromPeer(size_t size)
    {
        std::string bytes(size, 0);
        m_pipe.ends[1]->read(bytes.data(), size).wait(m_io.waitScope);
        return bytes;
    }

    int m_reads{0};
    int m_writes{0};
    kj::AsyncIoContext m_io;
    kj::TwoWayPipe m_pipe;
    BufferedStream m_stream{kj::heap<CountingStream>(kj::mv(m_pipe.ends[0]), m_reads, m_writes), Writes::GATHERED};
};

TEST_F(BufferedStreamTest, SendsTheWritesOfOneTurnInOneSystemCall)
{
    for (const char* word : {"a", "bc", "def"}) m_stream.write(word, std::string{word}.size()).wait(m_io.waitScope);
    m_io.waitScope.poll();
    EXPECT_EQ(ReadFromPeer(6), "abcdef");
    EXPECT_LE(m_writes, 3);
    m_writes = 0;
    kj::joinPromises(kj::arr(m_stream.write("gh", 2), m_stream.write("ij", 2))).wait(m_io.waitScope);
    EXPECT_EQ(ReadFromPeer(4), "ghij");
    EXPECT_EQ(m_writes, 1);
}

TEST_F(BufferedStreamTest, SendsAWriteThatIsMadeWhileAnotherOneFinishes)
{
    // The second write must be sent, no matter how many turns of the event loop there are between the two writes.
    for (int turns{0}; turns < 8; ++turns) {
        m_stream.write("a", 1).wait(m_io.waitScope);
        for (int turn{0}; turn < turns; ++turn) kj::evalLater([] {}).wait(m_io.waitScope);
        m_stream.write("b", 1).wait(m_io.waitScope);
        EXPECT_EQ(ReadFromPeer(2), "ab") << turns;
    }
}

TEST_F(BufferedStreamTest, ReadsAheadAndReturnsEveryByteOnce)
{
    m_pipe.ends[1]->write("0123456789", 10).wait(m_io.waitScope);
    std::string got;
    for (const size_t size : {1, 2, 3, 4}) {
        std::string piece(size, 0);
        m_stream.read(piece.data(), size).wait(m_io.waitScope);
        got += piece;
    }
    EXPECT_EQ(got, "0123456789");
    EXPECT_EQ(m_reads, 1);
}

TEST_F(BufferedStreamTest, ReadsMoreThanItsBufferHolds)
{
    const std::string big(100'000, 'x');
    auto sent{m_pipe.ends[1]->write(big.data(), big.size())};
    std::string got(big.size(), 0);
    m_stream.read(got.data(), 1).wait(m_io.waitScope);
    m_stream.read(got.data() + 1, got.size() - 1).wait(m_io.waitScope);
    sent.wait(m_io.waitScope);
    EXPECT_EQ(got, big);
}

TEST_F(BufferedStreamTest, ShutsDownAfterThePendingBytes)
{
    auto written{m_stream.write("last", 4)};
    m_stream.shutdownWrite();
    written.wait(m_io.waitScope);
    EXPECT_EQ(ReadFromPeer(4), "last");
    char byte;
    EXPECT_EQ(m_pipe.ends[1]->tryRead(&byte, 1, 1).wait(m_io.waitScope), 0U);
}

TEST_F(BufferedStreamTest, MakesTheWriterWaitForAPeerThatDoesNotRead)
{
    const std::string big(8 << 20, 'x');
    auto written{m_stream.write(big.data(), big.size())};
    EXPECT_FALSE(written.poll(m_io.waitScope));
    EXPECT_EQ(ReadFromPeer(big.size()), big);
    written.wait(m_io.waitScope);
}

TEST_F(BufferedStreamTest, FailsTheNextWriteIfThePeerHasClosedTheConnection)
{
    m_pipe.ends[1] = nullptr;
    m_stream.write("x", 1).wait(m_io.waitScope);
    m_io.waitScope.poll();
    EXPECT_THROW(m_stream.write("y", 1).wait(m_io.waitScope), kj::Exception);
}

} // namespace
} // namespace mpfuzz::stream
