// What the libFuzzer targets of this folder have in common: server and client are in one process, for as long as it
// lives.
#pragma once

#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <memory>
#include <optional>

namespace mpfuzz::fuzz_interface {

class OneProcess
{
public:
    OneProcess();
    ~OneProcess();
    OneProcess(const OneProcess&) = delete;
    OneProcess& operator=(const OneProcess&) = delete;

    Loop& GetLoop() { return *m_loop; }
    FuzzInit& Server() { return *m_server; }

private:
    std::unique_ptr<Implementation> m_server;
    std::unique_ptr<Loop> m_loop;
};

//! Where there is a failure: print it, and abort, as libFuzzer expects it.
void AbortOn(const std::optional<Failure>& failure);

} // namespace mpfuzz::fuzz_interface
