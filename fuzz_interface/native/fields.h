// One type for each name that fields of fuzz.capnp have, so that templates can name them.
#pragma once

#include <utility>

// Members that a field's struct has not the methods for are never instantiated; IsPresent and SetPresent, of the flag
// beside a field, do not exist then.
#define MPFUZZ_FIELD(NAME)                                                                                             \
    struct NAME {                                                                                                      \
        static auto Get(const auto& reader) { return reader.get##NAME(); }                                             \
        static bool Has(const auto& reader) { return reader.has##NAME(); }                                             \
        static auto IsPresent(const auto& reader) -> decltype(reader.getHas##NAME()) { return reader.getHas##NAME(); } \
        static void Set(auto& builder, auto&& value) { builder.set##NAME(std::forward<decltype(value)>(value)); }      \
        static auto Init(auto& builder, auto... size) { return builder.init##NAME(size...); }                          \
        static auto SetPresent(auto& builder) -> decltype(builder.setHas##NAME(true)) { builder.setHas##NAME(true); }  \
    }

namespace mpfuzz::fuzz_interface::native::field {

MPFUZZ_FIELD(Callback);
MPFUZZ_FIELD(Code);
MPFUZZ_FIELD(CommandLine);
MPFUZZ_FIELD(Depth);
MPFUZZ_FIELD(First);
MPFUZZ_FIELD(Forced);
MPFUZZ_FIELD(Function);
MPFUZZ_FIELD(Id);
MPFUZZ_FIELD(In);
MPFUZZ_FIELD(InOut);
MPFUZZ_FIELD(Kind);
MPFUZZ_FIELD(Message);
MPFUZZ_FIELD(Object);
MPFUZZ_FIELD(Out);
MPFUZZ_FIELD(Result);
MPFUZZ_FIELD(Second);
MPFUZZ_FIELD(Slot);
MPFUZZ_FIELD(Standard);
MPFUZZ_FIELD(Token);
MPFUZZ_FIELD(Typed);
MPFUZZ_FIELD(Value);

} // namespace mpfuzz::fuzz_interface::native::field

#undef MPFUZZ_FIELD
