// Objects and stored callbacks, over several connections that are opened and closed.
#include <fuzz_interface/drivers/object_driver.h>
#include <fuzz_interface/libfuzzer/one_process.h>

#include <span>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    namespace fuzz_interface = mpfuzz::fuzz_interface;
    static fuzz_interface::OneProcess process;
    fuzz_interface::Choices choices{std::span{data, size}};
    const auto connect{[&] { return process.GetLoop().Pipe(process.Server()); }};
    fuzz_interface::AbortOn(fuzz_interface::DriveObjects(connect, choices, {}));
    return 0;
}
