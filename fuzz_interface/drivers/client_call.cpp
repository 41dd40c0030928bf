#include <fuzz_interface/drivers/client_call.h>

#include <fuzz_interface/drivers/client_objects.h>
#include <fuzz_interface/drivers/random_values.h>

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// Guess, unmeasured.
constexpr size_t MAX_OBJECTS{8};

//! An argument. The constructor chooses it; Pass gives it to the call, which is made later.
template<typename T>
struct Argument {
    std::decay_t<T> value;
    explicit Argument(Choices& choices) : value{Random<std::decay_t<T>>(choices)} {}
    T Pass(ClientState&) { return static_cast<T>(value); }
};

template<>
struct Argument<std::function<int32_t(int32_t)>> {
    int32_t key;
    explicit Argument(Choices& choices) : key{Random<int32_t>(choices)} {}
    std::function<int32_t(int32_t)> Pass(ClientState&)
    {
        return [answer_key = key](int32_t value) { return KeyedCallback::Answer(answer_key, value); };
    }
};

template<>
struct Argument<FuzzCallback&> {
    KeyedCallback callback;
    explicit Argument(Choices& choices) : callback{Random<int32_t>(choices)} {}
    FuzzCallback& Pass(ClientState&) { return callback; }
};

//! A pointer to an object, or null.
template<template<typename...> typename Pointer, typename... Rest>
struct Argument<Pointer<FuzzCallback, Rest...>> {
    bool null;
    int32_t key;
    explicit Argument(Choices& choices) : null{choices.OneIn(4)}, key{Random<int32_t>(choices)} {}
    Pointer<FuzzCallback, Rest...> Pass(ClientState&)
    {
        if (null) return nullptr;
        return std::make_unique<KeyedCallback>(key);
    }
};

//! A reference to an object of the server, or to one of the client.
template<>
struct Argument<FuzzObject&> {
    size_t which;
    ClientObject own;
    explicit Argument(Choices& choices) : which{choices.Below(MAX_OBJECTS + 1)}, own{Random<int32_t>(choices)} {}
    FuzzObject& Pass(ClientState& state) { return which < state.objects.size() ? *state.objects[which] : own; }
};

void Keep(ClientState& state, std::unique_ptr<FuzzObject> object)
{
    if (object && state.objects.size() < MAX_OBJECTS) state.objects.push_back(std::move(object));
}

//! Chooses the arguments of a call. The returned function makes the call, and keeps its result if that is an object.
template<typename Target, typename Result, typename... Parameters>
auto Prepare(Result (Target::*method)(Parameters...), [[maybe_unused]] Choices& choices)
{
    using Arguments = std::tuple<Argument<Parameters>...>;
    // Braces guarantee that the arguments are chosen in order.
    auto arguments{std::make_shared<Arguments>(Arguments{Argument<Parameters>{choices}...})};
    return [method, arguments](Target& target, ClientState& state) {
        std::apply(
            [&](auto&... argument) {
                if constexpr (std::is_same_v<Result, std::unique_ptr<FuzzObject>>) {
                    Keep(state, (target.*method)(argument.Pass(state)...));
                } else {
                    static_cast<void>((target.*method)(argument.Pass(state)...));
                }
            },
            *arguments);
    };
}

using FuzzCall = std::function<void(FuzzInterface&, ClientState&)>;

struct Method {
    const char* name;
    FuzzCall (*prepare)(Choices&);
};

template<auto METHOD>
constexpr Method Of(const char* name)
{
    return {name, [](Choices& choices) -> FuzzCall { return Prepare(METHOD, choices); }};
}

constexpr std::array METHODS{
    Of<&FuzzInterface::addInt32>("AddInt32"),
    Of<&FuzzInterface::addOnLoop>("AddOnLoop"),
    Of<&FuzzInterface::rotateInt64>("RotateInt64"),
    Of<&FuzzInterface::invertUInt64>("InvertUInt64"),
    Of<&FuzzInterface::notBool>("Not"),
    Of<&FuzzInterface::negate>("Negate"),
    Of<&FuzzInterface::nextColour>("NextColour"),
    Of<&FuzzInterface::reverseText>("ReverseText"),
    Of<&FuzzInterface::reverseBytes>("ReverseBytes"),
    Of<&FuzzInterface::bumpFeeRate>("BumpFeeRate"),
    Of<&FuzzInterface::nextOutPoint>("NextOutPoint"),
    Of<&FuzzInterface::reverseScript>("ReverseScript"),
    Of<&FuzzInterface::bumpTransaction>("BumpTransaction"),
    Of<&FuzzInterface::reverseTransactions>("ReverseTransactions"),
    Of<&FuzzInterface::wrapJson>("WrapJson"),
    Of<&FuzzInterface::swapSettings>("SwapSettings"),
    Of<&FuzzInterface::reverseFees>("ReverseFees"),
    Of<&FuzzInterface::negateSet>("NegateSet"),
    Of<&FuzzInterface::reverseEach>("ReverseEach"),
    Of<&FuzzInterface::changePair>("ChangePair"),
    Of<&FuzzInterface::changeTuple>("ChangeTuple"),
    Of<&FuzzInterface::reverseLists>("ReverseLists"),
    Of<&FuzzInterface::notEach>("NotEach"),
    Of<&FuzzInterface::maybeAdd>("MaybeAdd"),
    Of<&FuzzInterface::maybeNot>("MaybeNot"),
    Of<&FuzzInterface::maybeNegate>("MaybeNegate"),
    Of<&FuzzInterface::maybeReverseText>("MaybeReverseText"),
    Of<&FuzzInterface::maybeReverseBytes>("MaybeReverseBytes"),
    Of<&FuzzInterface::maybeBump>("MaybeBump"),
    Of<&FuzzInterface::negateDuration>("NegateDuration"),
    Of<&FuzzInterface::rotateSeconds>("RotateSeconds"),
    Of<&FuzzInterface::invertTime>("InvertTime"),
    Of<&FuzzInterface::mixed>("Mixed"),
    Of<&FuzzInterface::raise>("Raise"),
    Of<&FuzzInterface::callFunction>("CallFunction"),
    Of<&FuzzInterface::callObject>("CallObject"),
    Of<&FuzzInterface::callUnique>("CallUnique"),
    Of<&FuzzInterface::callShared>("CallShared"),
    Of<&FuzzInterface::recurse>("Recurse"),
    Of<&FuzzInterface::makeObject>("MakeObject"),
    Of<&FuzzInterface::visitObject>("VisitObject"),
    Of<&FuzzInterface::store>("Store"),
    Of<&FuzzInterface::callStored>("CallStored"),
    Of<&FuzzInterface::forget>("Forget"),
    Of<&FuzzInterface::liveObjects>("LiveObjects"),
};

//! A call on an object of the server.
template<auto METHOD>
ClientCall OnObject(const char* name, Choices& choices)
{
    return {name, [which = choices.Below(MAX_OBJECTS), call = Prepare(METHOD, choices)](ClientState& state) {
                if (state.objects.empty()) return;
                call(*state.objects[which % state.objects.size()], state);
            }};
}

ClientCall ChooseObjectCall(Choices& choices)
{
    switch (choices.Below(4)) {
    case 0: return OnObject<&FuzzObject::visit>("FuzzObject::Visit", choices);
    case 1: return OnObject<&FuzzObject::id>("FuzzObject::Id", choices);
    case 2: return OnObject<&FuzzObject::makeChild>("FuzzObject::MakeChild", choices);
    default:
        return {"~FuzzObject", [](ClientState& state) {
                    if (!state.objects.empty()) state.objects.erase(state.objects.begin());
                }};
    }
}

} // namespace

ClientCall ChooseClientCall(Choices& choices)
{
    if (choices.OneIn(4)) return ChooseObjectCall(choices);
    if (choices.OneIn(16)) {
        return {"MakeFuzz", [](ClientState& state) {
                    if (state.init) state.fuzz = state.init->makeFuzz();
                }};
    }
    const Method& method{choices.Pick(METHODS)};
    return {method.name, [call = method.prepare(choices)](ClientState& state) {
                if (!state.fuzz && state.init) state.fuzz = state.init->makeFuzz();
                if (state.fuzz) call(*state.fuzz, state);
            }};
}

} // namespace mpfuzz::fuzz_interface
