// Sends malformed calls to the binding's servers.
#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/object_driver.h>
#include <fuzz_interface/drivers/request_driver.h>
#include <fuzz_interface/libfuzzer/one_process.h>

#include <span>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    namespace fuzz_interface = mpfuzz::fuzz_interface;
    static fuzz_interface::OneProcess process;
    fuzz_interface::Choices choices{std::span{data, size}};
    const auto [server, client] = fuzz_interface::SocketPair();
    process.GetLoop().Serve(server, process.Server());
    fuzz_interface::AbortOn(fuzz_interface::DriveRequests(client, choices, {}));
    // Check that no object is left either.
    const auto connect{[&] { return process.GetLoop().Pipe(process.Server()); }};
    fuzz_interface::AbortOn(fuzz_interface::FindLeftovers(connect, {}));
    return 0;
}
