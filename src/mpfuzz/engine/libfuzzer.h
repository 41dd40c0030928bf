#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace mpfuzz::engine {

//! Functions that libFuzzer calls, all on the thread of RunLibFuzzer.
struct LibFuzzerCallbacks {
    //! Run an input. If TheCounters() contains a new feature afterwards, libFuzzer adds the input to the corpus.
    std::function<void(std::span<const uint8_t> input)> run;
    //! Change `data` in place; its first `size` bytes are the input. @return The new size: from 1 to data.size().
    std::function<size_t(std::span<uint8_t> data, size_t size, uint32_t seed)> mutate;
    //! Write a crossover of two inputs to `out`. @return Its size: from 1 to out.size().
    std::function<size_t(std::span<const uint8_t> a, std::span<const uint8_t> b, std::span<uint8_t> out, uint32_t seed)>
        cross_over;
};

//! Options of libFuzzer.
struct LibFuzzerOptions {
    std::string corpus;  //!< existing directory: inputs are read from here, again once a second, and written to it
    size_t max_bytes{0}; //!< maximum size of an input
    uint32_t seed{1};    //!< not 0
};

//! False in a build without the libFuzzer library, which comes with clang.
bool HaveLibFuzzer();

//! Fuzz until a callback ends the process. CHECK fails if there is no libFuzzer, or if libFuzzer returns.
[[noreturn]] void RunLibFuzzer(const LibFuzzerOptions& options, LibFuzzerCallbacks callbacks);

//! Let the mutator of libFuzzer change bytes; see mutate::Hints. Call only inside LibFuzzerCallbacks::mutate.
size_t LibFuzzerHint(std::span<uint8_t> bytes, size_t max);

} // namespace mpfuzz::engine
