#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! What libFuzzer calls back. All on the thread that runs it.
struct LibFuzzerCallbacks {
    //! Run an input. Where TheCounters() has anything new afterwards, the input joins the corpus.
    std::function<void(std::span<const uint8_t> input)> run;
    //! Change `data` in place; its first `size` bytes are the input. @return The new size: from 1 to data.size().
    std::function<size_t(std::span<uint8_t> data, size_t size, uint32_t seed)> mutate;
    //! Write a crossover of two inputs to `out`. @return Its size: from 1 to out.size().
    std::function<size_t(std::span<const uint8_t> a, std::span<const uint8_t> b, std::span<uint8_t> out, uint32_t seed)>
        cross_over;
};

//! How libFuzzer shall run.
struct LibFuzzerOptions {
    std::string corpus;  //!< directory, which exists: inputs come from here and go here
    size_t max_bytes{0}; //!< of an input
    uint32_t seed{1};    //!< not 0
    //! Look for inputs of other processes in the corpus directory, once a second.
    bool reload{false};
};

//! False in a build without libFuzzer's archive, which comes with clang.
bool HaveLibFuzzer();

//! Fuzz until a callback ends the process. CHECK fails where there is no libFuzzer, or where it returns.
[[noreturn]] void RunLibFuzzer(const LibFuzzerOptions& options, LibFuzzerCallbacks callbacks);

//! Let libFuzzer's own mutator change bytes, as mutate::Hints wants it. Only within LibFuzzerCallbacks::mutate.
size_t LibFuzzerHint(std::span<uint8_t> bytes, size_t max);

} // namespace mpfuzz::engine
