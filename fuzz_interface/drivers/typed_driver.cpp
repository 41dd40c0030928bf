#include <fuzz_interface/drivers/typed_driver.h>

#include <fuzz_interface/drivers/outcome.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/session.h>
#include <fuzz_interface/drivers/typed_methods.h>
#include <fuzz_interface/interface/transform.h>

#include <mpfuzz/base/check.h>

#include <array>
#include <span>
#include <string_view>
#include <type_traits>

namespace mpfuzz::fuzz_interface {

namespace {

// Of callbacks' calls in callbacks' calls. Guess: enough for each to be somebody's middle.
constexpr int MAX_NESTED{3};

template<typename Method>
struct Signature;
template<typename R, typename A>
struct Signature<R (FuzzInterface::*)(A)> {
    using Result = R;
    using Argument = std::remove_cvref_t<A>;
};

//! A method that turns one value into another, as TRANSFORM says. Where that throws the method must, too.
template<auto METHOD, auto TRANSFORM>
std::optional<Mismatch> Transforms(Session& session, std::string_view method)
{
    using Argument = typename Signature<decltype(METHOD)>::Argument;
    using Result = typename Signature<decltype(METHOD)>::Result;
    const auto argument{Random<Argument>(session.choices)};
    return Compare<Argument, Result>(method, argument, Try([&] { return TRANSFORM(argument); }),
                                     Try([&] { return (session.remote.*METHOD)(argument); }));
}

struct Method {
    std::string_view name;
    DriveMethod* drive;
};

using Fuzz = FuzzInterface;

std::span<const Method> Methods()
{
    static constexpr std::array METHODS{
        Method{"AddOnLoop", Transforms<&Fuzz::addOnLoop, AddOnLoop>},
        Method{"AddInt32", DriveInOut},
        Method{"RotateInt64", Transforms<&Fuzz::rotateInt64, RotateInt64>},
        Method{"InvertUInt64", Transforms<&Fuzz::invertUInt64, InvertUInt64>},
        Method{"Not", Transforms<&Fuzz::notBool, Not>},
        Method{"Negate", Transforms<&Fuzz::negate, Negate>},
        Method{"NextColour", Transforms<&Fuzz::nextColour, NextColour>},

        Method{"ReverseText", Transforms<&Fuzz::reverseText, ReverseText>},
        Method{"ReverseBytes", Transforms<&Fuzz::reverseBytes, ReverseBytes>},

        Method{"BumpFeeRate", Transforms<&Fuzz::bumpFeeRate, BumpFeeRate>},
        Method{"NextOutPoint", Transforms<&Fuzz::nextOutPoint, NextOutPoint>},
        Method{"ReverseScript", Transforms<&Fuzz::reverseScript, ReverseScript>},
        Method{"BumpTransaction", Transforms<&Fuzz::bumpTransaction, BumpTransaction>},
        Method{"ReverseTransactions", Transforms<&Fuzz::reverseTransactions, ReverseTransactions>},
        Method{"WrapJson", Transforms<&Fuzz::wrapJson, WrapJson>},
        Method{"SwapSettings", Transforms<&Fuzz::swapSettings, SwapSettings>},

        Method{"ReverseFees", Transforms<&Fuzz::reverseFees, ReverseFees>},
        Method{"NegateSet", Transforms<&Fuzz::negateSet, NegateSet>},
        Method{"ReverseEach", Transforms<&Fuzz::reverseEach, ReverseEach>},
        Method{"ChangePair", Transforms<&Fuzz::changePair, ChangePair>},
        Method{"ChangeTuple", Transforms<&Fuzz::changeTuple, ChangeTuple>},
        Method{"ReverseLists", Transforms<&Fuzz::reverseLists, ReverseLists>},
        Method{"NotEach", Transforms<&Fuzz::notEach, NotEach>},

        Method{"MaybeAdd", Transforms<&Fuzz::maybeAdd, MaybeAdd>},
        Method{"MaybeNot", Transforms<&Fuzz::maybeNot, MaybeNot>},
        Method{"MaybeNegate", Transforms<&Fuzz::maybeNegate, MaybeNegate>},
        Method{"MaybeReverseText", Transforms<&Fuzz::maybeReverseText, MaybeReverseText>},
        Method{"MaybeReverseBytes", Transforms<&Fuzz::maybeReverseBytes, MaybeReverseBytes>},
        Method{"MaybeBump", Transforms<&Fuzz::maybeBump, MaybeBump>},

        Method{"NegateDuration", Transforms<&Fuzz::negateDuration, NegateDuration>},
        Method{"RotateSeconds", Transforms<&Fuzz::rotateSeconds, RotateSeconds>},
        Method{"InvertTime", Transforms<&Fuzz::invertTime, InvertTime>},

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

std::optional<Mismatch> Step(Session& session)
{
    const Method& method{session.choices.Pick(Methods())};
    auto wrong{method.drive(session, method.name)};
    // What went wrong first.
    return session.nested ? session.nested : wrong;
}

void CallAgain(Session& session)
{
    if (session.depth == MAX_NESTED || session.nested) return;
    ++session.depth;
    session.nested = Step(session);
    --session.depth;
}

} // namespace

std::optional<Mismatch> DriveTyped(FuzzInterface& remote, Choices& choices, uint64_t calls, int32_t slot)
{
    CHECK(slot >= 0 && slot < SLOTS, slot);
    Session session{.remote = remote, .choices = choices, .slot = slot};
    session.call_again = [&session] { CallAgain(session); };
    for (uint64_t call{0}; call < calls && !choices.Exhausted(); ++call) {
        if (auto wrong{Step(session)}) return wrong;
    }
    return std::nullopt;
}

} // namespace mpfuzz::fuzz_interface
