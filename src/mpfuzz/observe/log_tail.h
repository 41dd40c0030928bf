#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

//! Recognisers of what a dying process says about its death.
//!
//! Each looks at the first of the lines that it is given, and at those behind it only where the first is
//! the beginning of what it knows. It returns a title, or nothing.
namespace mpfuzz::observe {

using Lines = std::span<const std::string_view>;
using Recognizer = std::optional<std::string> (*)(Lines lines);

std::optional<std::string> AddressSanitizerTitle(Lines lines);
std::optional<std::string> SanitizerAbortTitle(Lines lines); //!< AddressSanitizer on an abort() that it has no part in
std::optional<std::string> MemorySanitizerTitle(Lines lines);
std::optional<std::string> LeakSanitizerTitle(Lines lines);
std::optional<std::string> ThreadSanitizerTitle(Lines lines);
std::optional<std::string> UndefinedBehaviorTitle(Lines lines);
std::optional<std::string> SanitizerSummaryTitle(Lines lines); //!< for reports whose beginning is lost

std::optional<std::string> AssertionTitle(Lines lines);     //!< glibc, libstdc++, Bitcoin Core's Assert()
std::optional<std::string> LockAssertionTitle(Lines lines); //!< Bitcoin Core's AssertLockHeld()
std::optional<std::string> InternalBugTitle(Lines lines);   //!< Bitcoin Core's CHECK_NONFATAL()
std::optional<std::string> TerminateTitle(Lines lines);     //!< libstdc++
std::optional<std::string> LibcxxTerminateTitle(Lines lines);
std::optional<std::string> RecursiveTerminateTitle(Lines lines);
std::optional<std::string> PrintedExceptionTitle(Lines lines); //!< Bitcoin Core's PrintExceptionContinue()
std::optional<std::string> KjExceptionTitle(Lines lines);
std::optional<std::string> KjSignalTitle(Lines lines);
std::optional<std::string> GlibcTitle(Lines lines); //!< heap and stack checks
std::optional<std::string> GdbTitle(Lines lines);
std::optional<std::string> GdbAbortTitle(Lines lines);

//! `SIGSEGV` for 11; `signal N` for one without a name.
std::string SignalName(int signal);

} // namespace mpfuzz::observe
