// What the libFuzzer targets of this folder share: a server and a client in one process, which live as long as the
// process.
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

//! If there is a failure, prints it and aborts: libFuzzer then stores the input.
void AbortOn(const std::optional<Failure>& failure);

} // namespace mpfuzz::fuzz_interface
