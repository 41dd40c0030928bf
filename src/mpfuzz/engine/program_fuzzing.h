#pragma once

#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/engine/worker.h>

#include <string>
#include <vector>

namespace mpfuzz::engine {

//! What decides which programs are kept and mutated.
enum class Guidance : uint8_t {
    NONE,     //!< nothing: every program is newly generated
    OUTCOMES, //!< how the calls of a program end
    COVERAGE, //!< how the calls end, and which edges the target reaches
};

struct ProgramFuzzing {
    Guidance guidance{Guidance::COVERAGE};
    std::string corpus;             //!< existing directory: programs to mutate are read from here and written to it
    std::vector<std::string> seeds; //!< texts of programs that are run first
};

//! Fuzz a target with programs in this process, until the context ends the process. See docs/architecture.md, "A
//! campaign".
[[noreturn]] void FuzzPrograms(WorkerContext& context, const Subject& subject, const ProgramFuzzing& options);

} // namespace mpfuzz::engine
