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

//! Parses the first sequence of consecutive frames in `lines`. `lines` then begins after it.
std::vector<Frame> TakeStack(std::span<const std::string_view>& lines, FrameParser parse);

//! True for the target's own code: false for the C and C++ libraries, sanitizer runtimes, kj and capnp.
bool IsOwn(const Frame& frame);

//! The frame that a title names: the innermost frame of the target's own code, otherwise the innermost frame with a
//! function. Returns nullptr if there is neither.
//!
//! In a stack overflow the innermost frame differs from run to run. So if `overflow` is true, the frame is that of a
//! recursive function; if there are several such functions, of the first by name.
const Frame* FrameForTitle(std::span<const Frame> stack, bool overflow = false);

//! `ns::F (f.cpp)`; `prog+0x12` if there are no symbols.
std::string Describe(const Frame& frame);

//! The text that is appended to a title, such as ` in ns::F (f.cpp)`. Empty if FrameForTitle() returns nullptr.
std::string InFunction(std::span<const Frame> stack, bool overflow = false);

} // namespace mpfuzz::observe
