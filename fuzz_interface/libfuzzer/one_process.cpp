#include <fuzz_interface/libfuzzer/one_process.h>

#include <fuzz_interface/server/bugs.h>

#include <cstdio>
#include <cstdlib>

namespace mpfuzz::fuzz_interface {

OneProcess::OneProcess() : m_server{MakeImplementation(Bugs{})}, m_loop{MakeLoop()} {}

OneProcess::~OneProcess()
{
    m_server->Close();
    m_loop.reset();
}

void AbortOn(const std::optional<Failure>& failure)
{
    if (!failure) return;
    std::fprintf(stderr, "wrong: %s\n", failure->text.c_str());
    std::abort();
}

} // namespace mpfuzz::fuzz_interface

// libkj is not built with our sanitizer.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
