// The methods of fuzz.capnp that have a C++ function.
#pragma once

#include <fuzz_interface/native/method.h>

namespace mpfuzz::fuzz_interface::native::methods {

using field::Callback, field::Code, field::Depth, field::Function, field::Id, field::Kind, field::Message,
    field::Object, field::Result, field::Slot, field::Standard, field::Token, field::Typed, field::Value;

using Init = messages::FuzzInit::Client;
using Fuzz = messages::FuzzInterface::Client;
using Api = fuzz_interface::FuzzInterface;
using Value1 = Params<In<Value>>;
using Returned = Returns<Result>;
using ThrowsStandard = Throws<std::exception, Standard>;

using MakeFuzz = Method<&fuzz_interface::FuzzInit::makeFuzz, &Init::makeFuzzRequest, Params<>, Returned>;

using AddOnLoop = Method<&Api::addOnLoop, &Fuzz::addOnLoopRequest, Value1, Returned>;
using AddInt32 = Method<&Api::addInt32, &Fuzz::addInt32Request, Params<InOut<Value>>>;
using RotateInt64 = Method<&Api::rotateInt64, &Fuzz::rotateInt64Request, Value1, Returned>;
using InvertUInt64 = Method<&Api::invertUInt64, &Fuzz::invertUInt64Request, Value1, Returned>;
using Not = Method<&Api::notBool, &Fuzz::notBoolRequest, Value1, Returned>;
using Negate = Method<&Api::negate, &Fuzz::negateRequest, Value1, Returned>;
using NextColour = Method<&Api::nextColour, &Fuzz::nextColourRequest, Value1, Returned>;

using ReverseText = Method<&Api::reverseText, &Fuzz::reverseTextRequest, Value1, Returned>;
using ReverseBytes = Method<&Api::reverseBytes, &Fuzz::reverseBytesRequest, Value1, Returned>;

using BumpFeeRate = Method<&Api::bumpFeeRate, &Fuzz::bumpFeeRateRequest, Value1, Returned>;
using NextOutPoint = Method<&Api::nextOutPoint, &Fuzz::nextOutPointRequest, Value1, Returned>;
using ReverseScript = Method<&Api::reverseScript, &Fuzz::reverseScriptRequest, Value1, Returned>;
using BumpTransaction = Method<&Api::bumpTransaction, &Fuzz::bumpTransactionRequest, Value1, Returned>;
using ReverseTransactions = Method<&Api::reverseTransactions, &Fuzz::reverseTransactionsRequest, Value1, Returned>;
using WrapJson = Method<&Api::wrapJson, &Fuzz::wrapJsonRequest, Value1, Returned>;
using SwapSettings = Method<&Api::swapSettings, &Fuzz::swapSettingsRequest, Value1, Returned>;

using ReverseFees = Method<&Api::reverseFees, &Fuzz::reverseFeesRequest, Value1, Returned>;
using NegateSet = Method<&Api::negateSet, &Fuzz::negateSetRequest, Value1, Returned>;
using ReverseEach = Method<&Api::reverseEach, &Fuzz::reverseEachRequest, Value1, Returned>;
using ChangePair = Method<&Api::changePair, &Fuzz::changePairRequest, Value1, Returned>;
using ChangeTuple = Method<&Api::changeTuple, &Fuzz::changeTupleRequest, Value1, Returned>;
using ReverseLists = Method<&Api::reverseLists, &Fuzz::reverseListsRequest, Value1, Returned>;
using NotEach = Method<&Api::notEach, &Fuzz::notEachRequest, Value1, Returned>;

using MaybeAdd = Method<&Api::maybeAdd, &Fuzz::maybeAddRequest, Value1, Returned>;
using MaybeNot = Method<&Api::maybeNot, &Fuzz::maybeNotRequest, Value1, Returned>;
using MaybeNegate = Method<&Api::maybeNegate, &Fuzz::maybeNegateRequest, Value1, Returned>;
using MaybeReverseText = Method<&Api::maybeReverseText, &Fuzz::maybeReverseTextRequest, Value1, Returned>;
using MaybeReverseBytes = Method<&Api::maybeReverseBytes, &Fuzz::maybeReverseBytesRequest, Value1, Returned>;
using MaybeBump = Method<&Api::maybeBump, &Fuzz::maybeBumpRequest, Value1, Returned>;

using NegateDuration = Method<&Api::negateDuration, &Fuzz::negateDurationRequest, Value1, Returned>;
using RotateSeconds = Method<&Api::rotateSeconds, &Fuzz::rotateSecondsRequest, Value1, Returned>;
using InvertTime = Method<&Api::invertTime, &Fuzz::invertTimeRequest, Value1, Returned>;

using Mixed =
    Method<&Api::mixed, &Fuzz::mixedRequest, Params<In<field::In>, InOut<field::InOut>, Out<field::Out>>, Returned>;
using Raise = Method<&Api::raise, &Fuzz::raiseRequest, Params<In<Kind>, In<Code>, In<Message>>, Returned,
                     Throws<fuzz_interface::FuzzError, Typed>, ThrowsStandard>;

using CallFunction = Method<&Api::callFunction, &Fuzz::callFunctionRequest, Params<In<Function>, In<Value>>, Returned>;
using CallObject = Method<&Api::callObject, &Fuzz::callObjectRequest, Params<In<Callback>, In<Value>>, Returned>;
using CallUnique = Method<&Api::callUnique, &Fuzz::callUniqueRequest, Params<In<Callback>, In<Value>>, Returned>;
using CallShared = Method<&Api::callShared, &Fuzz::callSharedRequest, Params<In<Callback>, In<Value>>, Returned>;
using Recurse = Method<&Api::recurse, &Fuzz::recurseRequest, Params<In<Callback>, In<Value>, In<Depth>>, Returned>;

using MakeObject = Method<&Api::makeObject, &Fuzz::makeObjectRequest, Params<In<Id>>, Returned>;
using VisitObject = Method<&Api::visitObject, &Fuzz::visitObjectRequest, Params<In<Object>, In<Token>>, Returned>;

using Store = Method<&Api::store, &Fuzz::storeRequest, Params<In<Slot>, In<Callback>>, ReturnsNothing, ThrowsStandard>;
using CallStored =
    Method<&Api::callStored, &Fuzz::callStoredRequest, Params<In<Slot>, In<Value>>, Returned, ThrowsStandard>;
using Forget = Method<&Api::forget, &Fuzz::forgetRequest, Params<In<Slot>>, Returned, ThrowsStandard>;

using LiveObjects = Method<&Api::liveObjects, &Fuzz::liveObjectsRequest, Params<>, Returned>;

using FunctionCall = Method<&FuzzFunction::call, &messages::FuzzFunction::Client::callRequest, Value1, Returned>;

using CallbackCall =
    Method<&fuzz_interface::FuzzCallback::call, &messages::FuzzCallback::Client::callRequest, Value1, Returned>;
using CallbackRecurse = Method<&fuzz_interface::FuzzCallback::recurse, &messages::FuzzCallback::Client::recurseRequest,
                               Params<In<Value>, In<Depth>>, Returned>;

using ObjectId = Method<&fuzz_interface::FuzzObject::id, &messages::FuzzObject::Client::idRequest, Params<>, Returned>;
using ObjectVisit = Method<&fuzz_interface::FuzzObject::visit, &messages::FuzzObject::Client::visitRequest,
                           Params<In<Token>>, Returned>;
using ObjectMakeChild = Method<&fuzz_interface::FuzzObject::makeChild, &messages::FuzzObject::Client::makeChildRequest,
                               Params<In<Id>>, Returned>;

} // namespace mpfuzz::fuzz_interface::native::methods
