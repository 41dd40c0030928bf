// A server and its clients, for tests.
#pragma once

#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/interface/transform.h>
#include <fuzz_interface/server/implementation.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

namespace mpfuzz::fuzz_interface {

class Sides
{
public:
    // Callbacks that the implementation stores may not outlive the server's loop.
    ~Sides() { implementation->Close(); }

    std::unique_ptr<FuzzInit> Connect();
    std::unique_ptr<FuzzInit> ConnectToListener();
    std::unique_ptr<FuzzInit> Pipe() { return server->Pipe(*implementation); }

    const std::unique_ptr<Implementation> implementation{MakeImplementation({})};
    std::unique_ptr<Loop> server{MakeLoop()};
    const std::unique_ptr<Loop> client{MakeLoop()};
};

//! One client. The parameter is the way in which it connects.
class EachWay : public testing::TestWithParam<std::unique_ptr<FuzzInit> (Sides::*)()>
{
protected:
    Sides m_sides;
    const std::unique_ptr<FuzzInit> m_init{(m_sides.*GetParam())()};
    const std::unique_ptr<FuzzInterface> m_fuzz{m_init->makeFuzz()};
};

//! Adds a fixed number to its argument.
class Adder final : public FuzzCallback
{
public:
    explicit Adder(int32_t number, FuzzInterface* remote = nullptr) : m_number{number}, m_remote{remote} {}

    int32_t call(int32_t value) override { return value + m_number; }
    int32_t recurse(int32_t value, int32_t depth) override
    {
        return (depth == 0 ? value : m_remote->recurse(*this, value, depth - 1)) + 1;
    }

private:
    const int32_t m_number;
    FuzzInterface* const m_remote;
};

} // namespace mpfuzz::fuzz_interface
