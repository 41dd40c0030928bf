#pragma once

#include <mpfuzz/execute/executor.h>
#include <mpfuzz/execute/target.h>

#include <functional>
#include <memory>

namespace mpfuzz::engine {

//! A target with the executor that runs programs on it, and whatever both need. Its end leaves nothing behind.
class Lab
{
public:
    virtual ~Lab() = default;
    virtual execute::Target& GetTarget() = 0;
    virtual execute::Executor& GetExecutor() = 0;
};

//! Makes a lab for the process that calls it. The target is not started yet.
using MakeLab = std::function<std::unique_ptr<Lab>()>;

} // namespace mpfuzz::engine
