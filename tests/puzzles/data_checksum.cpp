// Bytes that begin with a mark and their own length, and end with the sum of all bytes before.
// title: assertion `!"solved"' failed in mpfuzz::puzzles::DataChecksum::Problem (data_checksum.cpp)
// budget: 60s
// steps: 3
#include <tests/puzzles/puzzle_server.h>

#include <data_checksum.capnp.h>

#include <cassert>
#include <cstdint>
#include <numeric>

namespace mpfuzz::puzzles {
namespace {

class DataChecksum final : public Puzzle::Server
{
    kj::Promise<void> receive(ReceiveContext context) override
    {
        context.getResults().setProblem(Problem(context.getParams().getPacket()));
        return kj::READY_NOW;
    }

    static const char* Problem(capnp::Data::Reader packet)
    {
        if (packet.size() < 6) return "too short";
        if (packet[0] != 0xb7) return "no packet";
        if (packet[1] != packet.size()) return "wrong length";
        const auto sum{std::accumulate(packet.begin(), packet.end() - 1, uint8_t{0})};
        if (packet[packet.size() - 1] != sum) return "wrong checksum";
        assert(!"solved");
        return "";
    }
};

} // namespace

capnp::Capability::Client MakePuzzle(kj::Timer&) { return kj::heap<DataChecksum>(); }

} // namespace mpfuzz::puzzles
