#include <fuzz_interface/drivers/typed_driver.h>

#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/typed_methods.h>
#include <fuzz_interface/interface/transform.h>

#include <mpfuzz/base/check.h>

#include <array>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace mpfuzz::fuzz_interface {
namespace {

// Depth of calls made by callbacks. Guess, unmeasured: at 3, one call is inside another and contains a third.
constexpr int MAX_NESTED{3};

template<typename Method>
struct Signature;
template<typename R, typename A>
struct Signature<R (FuzzInterface::*)(A)> {
    using Result = R;
    using Argument = std::remove_cvref_t<A>;
};

//! Drives a method that changes a value. It must return the same as TRANSFORM, and throw if TRANSFORM throws.
template<auto METHOD, auto TRANSFORM>
std::optional<Mismatch> DriveTransform(Session& session, std::string_view method)
{
    using Argument = typename Signature<decltype(METHOD)>::Argument;
    using Result = typename Signature<decltype(METHOD)>::Result;
    const auto argument{Random<Argument>(session.choices)};
    return Compare<Argument, Result>(method, argument, Try([&] { return TRANSFORM(argument); }),
                                     Try([&] { return (session.remote.*METHOD)(argument); }));
}

std::optional<Mismatch> DriveInOut(Session& session, std::string_view method)
{
    const auto value{Random<int32_t>(session.choices)};
    const auto got{Try([&] {
        int32_t changed{value};
        session.remote.addInt32(changed);
        return changed;
    })};
    return Compare<int32_t, int32_t>(method, value, AddInt32(value), got);
}

std::optional<Mismatch> DriveMixed(Session& session, std::string_view method)
{
    using Arguments = std::tuple<int32_t, std::string, Bytes>;
    using Results = std::tuple<int64_t, std::string, Bytes>;
    // The previous content of `out` must have no effect.
    const auto arguments{Random<Arguments>(session.choices)};
    const auto call{[&](const auto& mixed) -> Results {
        auto [in, in_out, out]{arguments};
        const int64_t result{mixed(in, in_out, out)};
        return {result, in_out, out};
    }};
    const auto got{Try([&] {
        return call([&](int32_t in, std::string& in_out, Bytes& out) { return session.remote.mixed(in, in_out, out); });
    })};
    return Compare<Arguments, Results>(method, arguments, call(Mixed), got);
}

std::optional<Mismatch> DriveRaise(Session& session, std::string_view method)
{
    const auto kind{static_cast<int32_t>(session.choices.Below(4))};
    const auto code{Random<int32_t>(session.choices)};
    const auto message{Random<std::string>(session.choices)};
    const auto got{Try([&] { return session.remote.raise(kind, code, message); })};

    Outcome<int32_t> expected{code};
    if (kind == RAISE_TYPED) {
        expected = Thrown{.kind = Thrown::Kind::TYPED, .error = {.code = code, .message = message}};
    } else if (kind == RAISE_STANDARD) {
        // what() ends at the first NUL.
        expected = Thrown{
            .kind = Thrown::Kind::STANDARD, .error = {.code = 0, .message = message.c_str()}, .compare_text = true};
    } else if (kind == RAISE_UNKNOWN) {
        const auto* const thrown{std::get_if<Thrown>(&got)};
        // Without a binding the exception arrives unchanged.
        if (thrown && thrown->kind == Thrown::Kind::OTHER) return std::nullopt;
        expected = Thrown{.kind = Thrown::Kind::STANDARD};
    }
    return Compare(method, std::tuple{kind, code, message}, expected, got);
}

struct Method {
    std::string_view name;
    DriveMethod* drive;
};

using Fuzz = FuzzInterface;

std::span<const Method> Methods()
{
    static constexpr std::array METHODS{
        Method{"AddOnLoop", DriveTransform<&Fuzz::addOnLoop, AddOnLoop>},
        Method{"AddInt32", DriveInOut},
        Method{"RotateInt64", DriveTransform<&Fuzz::rotateInt64, RotateInt64>},
        Method{"InvertUInt64", DriveTransform<&Fuzz::invertUInt64, InvertUInt64>},
        Method{"Not", DriveTransform<&Fuzz::notBool, Not>},
        Method{"Negate", DriveTransform<&Fuzz::negate, Negate>},
        Method{"NextColour", DriveTransform<&Fuzz::nextColour, NextColour>},

        Method{"ReverseText", DriveTransform<&Fuzz::reverseText, ReverseText>},
        Method{"ReverseBytes", DriveTransform<&Fuzz::reverseBytes, ReverseBytes>},

        Method{"BumpFeeRate", DriveTransform<&Fuzz::bumpFeeRate, BumpFeeRate>},
        Method{"NextOutPoint", DriveTransform<&Fuzz::nextOutPoint, NextOutPoint>},
        Method{"ReverseScript", DriveTransform<&Fuzz::reverseScript, ReverseScript>},
        Method{"BumpTransaction", DriveTransform<&Fuzz::bumpTransaction, BumpTransaction>},
        Method{"ReverseTransactions", DriveTransform<&Fuzz::reverseTransactions, ReverseTransactions>},
        Method{"WrapJson", DriveTransform<&Fuzz::wrapJson, WrapJson>},
        Method{"SwapSettings", DriveTransform<&Fuzz::swapSettings, SwapSettings>},

        Method{"ReverseFees", DriveTransform<&Fuzz::reverseFees, ReverseFees>},
        Method{"NegateSet", DriveTransform<&Fuzz::negateSet, NegateSet>},
        Method{"ReverseEach", DriveTransform<&Fuzz::reverseEach, ReverseEach>},
        Method{"ChangePair", DriveTransform<&Fuzz::changePair, ChangePair>},
        Method{"ChangeTuple", DriveTransform<&Fuzz::changeTuple, ChangeTuple>},
        Method{"ReverseLists", DriveTransform<&Fuzz::reverseLists, ReverseLists>},
        Method{"NotEach", DriveTransform<&Fuzz::notEach, NotEach>},

        Method{"MaybeAdd", DriveTransform<&Fuzz::maybeAdd, MaybeAdd>},
        Method{"MaybeNot", DriveTransform<&Fuzz::maybeNot, MaybeNot>},
        Method{"MaybeNegate", DriveTransform<&Fuzz::maybeNegate, MaybeNegate>},
        Method{"MaybeReverseText", DriveTransform<&Fuzz::maybeReverseText, MaybeReverseText>},
        Method{"MaybeReverseBytes", DriveTransform<&Fuzz::maybeReverseBytes, MaybeReverseBytes>},
        Method{"MaybeBump", DriveTransform<&Fuzz::maybeBump, MaybeBump>},

        Method{"NegateDuration", DriveTransform<&Fuzz::negateDuration, NegateDuration>},
        Method{"RotateSeconds", DriveTransform<&Fuzz::rotateSeconds, RotateSeconds>},
        Method{"InvertTime", DriveTransform<&Fuzz::invertTime, InvertTime>},

        Method{"Mixed", DriveMixed},
        Method{"Raise", DriveRaise},

        Method{"CallFunction", DriveFunction},
        Method{"CallObject", DriveObject},
        Method{"CallUnique", DriveUnique},
        Method{"CallShared", DriveShared},
        Method{"Recurse", DriveRecurse},

        Method{"MakeObject", DriveMadeObject},
        Method{"MakeChild", DriveChild},
        Method{"VisitObject", DriveOwnObject},
        Method{"CallStored", DriveStored},
        Method{"Store", DriveWrongSlot},
        Method{"LiveObjects", DriveLiveObjects},
    };
    return METHODS;
}

std::optional<Mismatch> CallOne(Session& session)
{
    const Method& method{session.choices.Pick(Methods())};
    auto wrong{method.drive(session, method.name)};
    // A mismatch of a nested call happened first.
    return session.nested ? session.nested : wrong;
}

void CallAgain(Session& session)
{
    if (session.depth == MAX_NESTED || session.nested) return;
    ++session.depth;
    session.nested = CallOne(session);
    --session.depth;
}

} // namespace

std::optional<Mismatch> DriveTyped(FuzzInterface& remote, Choices& choices, uint64_t calls, int32_t slot)
{
    CHECK(slot >= 0 && slot < SLOTS, slot);
    Session session{.remote = remote, .choices = choices, .slot = slot};
    session.call_again = [&session] { CallAgain(session); };
    for (uint64_t call{0}; call < calls && !choices.Exhausted(); ++call) {
        if (auto wrong{CallOne(session)}) return wrong;
    }
    return std::nullopt;
}

} // namespace mpfuzz::fuzz_interface
