#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

//! One line of a backtrace.
struct Frame {
    std::string function; //!< as CleanFunction gives it; empty where unknown
    std::string file;     //!< path without line number; empty where unknown
    std::string module;   //!< path of the program or library; empty where unknown
    std::string offset;   //!< within the module, such as `0x4c20`; empty where unknown
};

//! A function's qualified name and nothing else: no return type, parameters, template arguments,
//! anonymous namespaces or clone suffixes; a lambda is named by the function around it.
std::string CleanFunction(std::string_view text);

//! `    #1 0x55d in ns::F(int) /src/f.cpp:12:5 (prog+0x12) (BuildId: …)`, in any sanitizer's variant.
std::optional<Frame> ParseSanitizerFrame(std::string_view line);

//! `#1  0x0000 in ns::F (x=1) at /src/f.cpp:12` or `… from /lib/libc.so.6`.
std::optional<Frame> ParseGdbFrame(std::string_view line);

using FrameParser = std::optional<Frame> (*)(std::string_view line);

//! The first run of consecutive frames in `lines`; `lines` moves behind it.
std::vector<Frame> TakeStack(std::span<const std::string_view>& lines, FrameParser parse);

//! False for the C and C++ libraries, sanitizer runtimes, kj and capnp.
bool IsOwn(const Frame& frame);

//! The frame to blame: the target's own innermost one, else the innermost one that is known at all. In
//! a stack overflow, where the innermost is a matter of chance: of the functions that recur, the first by name.
const Frame* Culprit(std::span<const Frame> stack, bool overflow = false);

//! `ns::F (f.cpp)`; `prog+0x12` where there are no symbols.
std::string Describe(const Frame& frame);

//! Text to append to a title for a stack: ` in ns::F (f.cpp)`, or nothing for an empty stack.
std::string InCulprit(std::span<const Frame> stack, bool overflow = false);

} // namespace mpfuzz::observe
