// Round trips of every type through the binding, both ends in one process. The bytes are the driver's choices.
#include <fuzz_interface/drivers/typed_driver.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>

namespace mpfuzz::fuzz_interface {
namespace {

// More calls than an input of 4 kB, libFuzzer's usual maximum, can describe.
constexpr uint64_t MAX_CALLS{1'000};

//! Lives as long as the process. Members are destroyed in reverse order.
struct Process {
    std::unique_ptr<Implementation> server{MakeImplementation({})};
    std::unique_ptr<Loop> loop{MakeLoop()};
    std::unique_ptr<FuzzInit> client{loop->Pipe(*server)};
    std::unique_ptr<FuzzInterface> remote{client->makeFuzz()};
};

} // namespace
} // namespace mpfuzz::fuzz_interface

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    namespace fuzz_interface = mpfuzz::fuzz_interface;
    static fuzz_interface::Process process;
    fuzz_interface::Choices choices{std::span{data, size}};
    if (const auto wrong{DriveTyped(*process.remote, choices, fuzz_interface::MAX_CALLS)}) {
        std::fprintf(stderr, "wrong: %s", ToText(*wrong).c_str());
        std::abort();
    }
    return 0;
}

extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
