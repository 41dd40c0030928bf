#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

//! One line of a backtrace.
struct Frame {
    std::string function; //!< as CleanFunction returns it; empty if unknown
    std::string file;     //!< path without line number; empty if unknown
    std::string module;   //!< path of the program or library; empty if unknown
    std::string offset;   //!< within the module, such as `0x4c20`; empty if unknown
};

//! Reduces a function's signature to its qualified name: no return type, parameters, template arguments, anonymous
//! namespaces or clone suffixes. A lambda gets the name of the function around it.
std::string CleanFunction(std::string_view text);

//! Parses `    #1 0x55d in ns::F(int) /src/f.cpp:12:5 (prog+0x12) (BuildId: …)`, in the form of any sanitizer.
std::optional<Frame> ParseSanitizerFrame(std::string_view line);

//! Parses `#1  0x0000 in ns::F (x=1) at /src/f.cpp:12` or `… from /lib/libc.so.6`.
std::optional<Frame> ParseGdbFrame(std::string_view line);

using FrameParser = std::optional<Frame> (*)(std::string_view line);

//! Takes the first run of consecutive frames out of `lines`; `lines` then begins behind it.
std::vector<Frame> TakeStack(std::span<const std::string_view>& lines, FrameParser parse);

//! False for the C and C++ libraries, sanitizer runtimes, kj and capnp.
bool IsOwn(const Frame& frame);

//! The frame for a title: the innermost frame of the target's own code, otherwise the innermost frame with a function.
//! In a stack overflow the innermost frame is random: there it is the first by name of the functions that recur.
const Frame* Culprit(std::span<const Frame> stack, bool overflow = false);

//! `ns::F (f.cpp)`; `prog+0x12` if there are no symbols.
std::string Describe(const Frame& frame);

//! Text to append to a title: ` in ns::F (f.cpp)`; empty for an empty stack.
std::string InCulprit(std::span<const Frame> stack, bool overflow = false);

} // namespace mpfuzz::observe
