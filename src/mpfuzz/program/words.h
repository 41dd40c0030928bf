#pragma once

#include <mpfuzz/program/program.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

//! The words of the text form, for the printer and the parser.
namespace mpfuzz::program {

//! Words that begin a line or a value, and so cannot be the name of a step's result. Sorted.
inline constexpr std::array<std::string_view, 11> RESERVED_WORDS{
    "all", "any", "await", "cancel", "connect", "delay", "disconnect", "drop", "null", "serve", "signal"};

//! In the order of Disconnect::How.
inline constexpr std::array<std::string_view, 4> DISCONNECT_WORDS{"clean", "abrupt", "half", "torn"};

//! In the order of Signal::Kind.
inline constexpr std::array<std::string_view, 3> SIGNAL_WORDS{"TERM", "INT", "HUP"};

//! In the order of Edit::Kind.
inline constexpr std::array<std::string_view, 5> EDIT_WORDS{"flip", "put", "cut", "prepend", "append"};

//! In the order of Reaction::Kind.
inline constexpr std::array<std::string_view, 7> REACTION_WORDS{"return", "throw", "never",     "later",
                                                                "call",   "echo",  "disconnect"};

//! In the order of Reaction::exception.
inline constexpr std::array<std::string_view, 4> EXCEPTION_WORDS{"failed", "overloaded", "disconnected",
                                                                 "unimplemented"};

inline bool IsReserved(std::string_view word) { return std::ranges::binary_search(RESERVED_WORDS, word); }

inline bool TakesNumber(Edit::Kind kind) { return kind <= Edit::Kind::CUT; }
inline bool TakesBytes(Edit::Kind kind) { return kind != Edit::Kind::FLIP && kind != Edit::Kind::CUT; }

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

//! The bits of the NaN that is printed as `nan`: the quiet NaN that arithmetic returns. Other NaNs are printed with
//! their bits.
inline constexpr uint64_t NAN64{0x7ff8'0000'0000'0000};
inline constexpr uint64_t NAN32{0x7fc0'0000};

} // namespace mpfuzz::program
