// interop_client_BINDING PATH SEED CALLS: random calls to the server at a Unix socket, by several clients at once, each
// answer compared with what it should be. Exit status 1 where one is wrong.
#include "targets/fuzz_interface/binding.h"
#include "targets/fuzz_interface/typed_driver.h"

#include <mpfuzz/base/rng.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using mpfuzz::fuzz_interface::Choices, mpfuzz::fuzz_interface::DriveTyped, mpfuzz::fuzz_interface::Loop,
    mpfuzz::fuzz_interface::MakeLoop, mpfuzz::fuzz_interface::SLOTS;

//! -1 where there is no server, with errno.
int ConnectTo(const std::string& path)
{
    const int fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ? fd : -1;
}

//! One client with a slot of its own; whether all was well.
bool Drive(Loop& loop, int fd, uint64_t seed, uint64_t calls, int32_t slot)
{
    mpfuzz::base::Rng rng{seed};
    Choices choices{rng};
    const auto init = loop.Connect(fd);
    const auto wrong = DriveTyped(*init->MakeFuzz(), choices, calls, slot);
    if (wrong) std::cerr << "seed " << seed << ": " << ToText(*wrong);
    return !wrong;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::cerr << "usage: " << argv[0] << " PATH SEED CALLS\n";
        return 2;
    }
    const uint64_t seed{std::stoull(argv[2])};
    const uint64_t calls{std::stoull(argv[3])};
    const auto loop = MakeLoop();
    std::atomic<bool> all_well{true};
    std::vector<std::thread> clients;
    for (int32_t slot{0}; slot < SLOTS; ++slot) {
        const int fd{ConnectTo(argv[1])};
        if (fd < 0) {
            std::cerr << argv[1] << ": " << std::strerror(errno) << '\n';
            return 2;
        }
        clients.emplace_back([&, fd, slot] {
            if (!Drive(*loop, fd, seed * SLOTS + static_cast<uint64_t>(slot), calls, slot)) all_well = false;
        });
    }
    for (std::thread& client : clients) client.join();
    return all_well ? 0 : 1;
}
