// Sends malformed answers to the binding's client proxies.
#include <fuzz_interface/drivers/response_driver.h>
#include <fuzz_interface/libfuzzer/one_process.h>

#include <span>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    namespace fuzz_interface = mpfuzz::fuzz_interface;
    static fuzz_interface::OneProcess process;
    fuzz_interface::Choices choices{std::span{data, size}};
    fuzz_interface::AbortOn(fuzz_interface::DriveResponses(process.GetLoop(), choices, {}));
    return 0;
}
