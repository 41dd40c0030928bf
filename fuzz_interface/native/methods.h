// Every method of fuzz.capnp that has one in C++.
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

using MakeFuzz = Method<&fuzz_interface::FuzzInit::MakeFuzz, &Init::makeFuzzRequest, Params<>, Returned>;

using AddOnLoop = Method<&Api::AddOnLoop, &Fuzz::addOnLoopRequest, Value1, Returned>;
using AddInt32 = Method<&Api::AddInt32, &Fuzz::addInt32Request, Params<InOut<Value>>>;
using RotateInt64 = Method<&Api::RotateInt64, &Fuzz::rotateInt64Request, Value1, Returned>;
using InvertUInt64 = Method<&Api::InvertUInt64, &Fuzz::invertUInt64Request, Value1, Returned>;
using Not = Method<&Api::Not, &Fuzz::notBoolRequest, Value1, Returned>;
using Negate = Method<&Api::Negate, &Fuzz::negateRequest, Value1, Returned>;
using NextColour = Method<&Api::NextColour, &Fuzz::nextColourRequest, Value1, Returned>;

using ReverseText = Method<&Api::ReverseText, &Fuzz::reverseTextRequest, Value1, Returned>;
using ReverseBytes = Method<&Api::ReverseBytes, &Fuzz::reverseBytesRequest, Value1, Returned>;

using BumpFeeRate = Method<&Api::BumpFeeRate, &Fuzz::bumpFeeRateRequest, Value1, Returned>;
using NextOutPoint = Method<&Api::NextOutPoint, &Fuzz::nextOutPointRequest, Value1, Returned>;
using ReverseScript = Method<&Api::ReverseScript, &Fuzz::reverseScriptRequest, Value1, Returned>;
using BumpTransaction = Method<&Api::BumpTransaction, &Fuzz::bumpTransactionRequest, Value1, Returned>;
using ReverseTransactions = Method<&Api::ReverseTransactions, &Fuzz::reverseTransactionsRequest, Value1, Returned>;
using WrapJson = Method<&Api::WrapJson, &Fuzz::wrapJsonRequest, Value1, Returned>;
using SwapSettings = Method<&Api::SwapSettings, &Fuzz::swapSettingsRequest, Value1, Returned>;

using ReverseFees = Method<&Api::ReverseFees, &Fuzz::reverseFeesRequest, Value1, Returned>;
using NegateSet = Method<&Api::NegateSet, &Fuzz::negateSetRequest, Value1, Returned>;
using ReverseEach = Method<&Api::ReverseEach, &Fuzz::reverseEachRequest, Value1, Returned>;
using ChangePair = Method<&Api::ChangePair, &Fuzz::changePairRequest, Value1, Returned>;
using ChangeTuple = Method<&Api::ChangeTuple, &Fuzz::changeTupleRequest, Value1, Returned>;
using ReverseLists = Method<&Api::ReverseLists, &Fuzz::reverseListsRequest, Value1, Returned>;
using NotEach = Method<&Api::NotEach, &Fuzz::notEachRequest, Value1, Returned>;

using MaybeAdd = Method<&Api::MaybeAdd, &Fuzz::maybeAddRequest, Value1, Returned>;
using MaybeNot = Method<&Api::MaybeNot, &Fuzz::maybeNotRequest, Value1, Returned>;
using MaybeNegate = Method<&Api::MaybeNegate, &Fuzz::maybeNegateRequest, Value1, Returned>;
using MaybeReverseText = Method<&Api::MaybeReverseText, &Fuzz::maybeReverseTextRequest, Value1, Returned>;
using MaybeReverseBytes = Method<&Api::MaybeReverseBytes, &Fuzz::maybeReverseBytesRequest, Value1, Returned>;
using MaybeBump = Method<&Api::MaybeBump, &Fuzz::maybeBumpRequest, Value1, Returned>;

using NegateDuration = Method<&Api::NegateDuration, &Fuzz::negateDurationRequest, Value1, Returned>;
using RotateSeconds = Method<&Api::RotateSeconds, &Fuzz::rotateSecondsRequest, Value1, Returned>;
using InvertTime = Method<&Api::InvertTime, &Fuzz::invertTimeRequest, Value1, Returned>;

using Mixed =
    Method<&Api::Mixed, &Fuzz::mixedRequest, Params<In<field::In>, InOut<field::InOut>, Out<field::Out>>, Returned>;
using Raise = Method<&Api::Raise, &Fuzz::raiseRequest, Params<In<Kind>, In<Code>, In<Message>>, Returned,
                     Throws<fuzz_interface::FuzzError, Typed>, ThrowsStandard>;

using CallFunction = Method<&Api::CallFunction, &Fuzz::callFunctionRequest, Params<In<Function>, In<Value>>, Returned>;
using CallObject = Method<&Api::CallObject, &Fuzz::callObjectRequest, Params<In<Callback>, In<Value>>, Returned>;
using CallUnique = Method<&Api::CallUnique, &Fuzz::callUniqueRequest, Params<In<Callback>, In<Value>>, Returned>;
using CallShared = Method<&Api::CallShared, &Fuzz::callSharedRequest, Params<In<Callback>, In<Value>>, Returned>;
using Recurse = Method<&Api::Recurse, &Fuzz::recurseRequest, Params<In<Callback>, In<Value>, In<Depth>>, Returned>;

using MakeObject = Method<&Api::MakeObject, &Fuzz::makeObjectRequest, Params<In<Id>>, Returned>;
using VisitObject = Method<&Api::VisitObject, &Fuzz::visitObjectRequest, Params<In<Object>, In<Token>>, Returned>;

using Store = Method<&Api::Store, &Fuzz::storeRequest, Params<In<Slot>, In<Callback>>, ReturnsNothing, ThrowsStandard>;
using CallStored =
    Method<&Api::CallStored, &Fuzz::callStoredRequest, Params<In<Slot>, In<Value>>, Returned, ThrowsStandard>;
using Forget = Method<&Api::Forget, &Fuzz::forgetRequest, Params<In<Slot>>, Returned, ThrowsStandard>;

using LiveObjects = Method<&Api::LiveObjects, &Fuzz::liveObjectsRequest, Params<>, Returned>;

using FunctionCall = Method<&FuzzFunction::Call, &messages::FuzzFunction::Client::callRequest, Value1, Returned>;

using CallbackCall =
    Method<&fuzz_interface::FuzzCallback::Call, &messages::FuzzCallback::Client::callRequest, Value1, Returned>;
using CallbackRecurse = Method<&fuzz_interface::FuzzCallback::Recurse, &messages::FuzzCallback::Client::recurseRequest,
                               Params<In<Value>, In<Depth>>, Returned>;

using ObjectId = Method<&fuzz_interface::FuzzObject::Id, &messages::FuzzObject::Client::idRequest, Params<>, Returned>;
using ObjectVisit = Method<&fuzz_interface::FuzzObject::Visit, &messages::FuzzObject::Client::visitRequest,
                           Params<In<Token>>, Returned>;
using ObjectMakeChild = Method<&fuzz_interface::FuzzObject::MakeChild, &messages::FuzzObject::Client::makeChildRequest,
                               Params<In<Id>>, Returned>;

} // namespace mpfuzz::fuzz_interface::native::methods
