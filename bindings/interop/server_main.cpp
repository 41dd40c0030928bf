// interop_server_BINDING PATH: serve FuzzInit on a Unix socket until standard input ends. Says "ready" when it listens.
#include "targets/fuzz_interface/binding.h"
#include "targets/fuzz_interface/implementation.h"

#include <mpfuzz/stream/listen_socket.h>

#include <iostream>
#include <string>

int main(int argc, char** argv)
{
    using mpfuzz::fuzz_interface::MakeImplementation, mpfuzz::fuzz_interface::MakeLoop;

    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " PATH\n";
        return 2;
    }
    auto socket = mpfuzz::stream::ListenSocket::Open(argv[1]);
    if (!socket) {
        std::cerr << socket.GetError().message << '\n';
        return 2;
    }
    const auto implementation = MakeImplementation({});
    const auto loop = MakeLoop();
    loop->Listen(socket->TakeFd(), *implementation);
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    implementation->Close();
    return 0;
}
