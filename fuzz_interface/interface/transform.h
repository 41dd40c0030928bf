// What each method of FuzzInterface computes, for both sides to agree on. Each is a bijection, so that a right answer
// proves that the argument arrived whole. "Reversed" text is reversed byte by byte.
#pragma once

#include <fuzz_interface/interface/interface.h>

namespace mpfuzz::fuzz_interface {

int32_t AddOnLoop(int32_t value);           //!< plus 1, mod 2^32
int32_t AddInt32(int32_t value);            //!< plus 1, mod 2^32
int64_t RotateInt64(int64_t value);         //!< its bits to the left by 13
uint64_t InvertUInt64(uint64_t value);      //!< every bit
bool Not(bool value);                       //!< the other one
double Negate(double value);                //!< the sign bit changed: of zeros and of what is no number, too
Colour NextColour(Colour value);            //!< the last is before the first; std::runtime_error for what is no colour
std::string ReverseText(std::string value); //!< reversed
Bytes ReverseBytes(Bytes value);            //!< reversed

FeeRate BumpFeeRate(FeeRate value);    //!< plus 1 sat/kvB, mod 2^64
OutPoint NextOutPoint(OutPoint value); //!< the txid reversed, the output plus 1, mod 2^32
Script ReverseScript(Script value);    //!< reversed

//! The version plus 1, mod 2^32; inputs, outputs, and the items of each witness reversed. Null stays null.
TransactionRef BumpTransaction(const TransactionRef& value);
//! The list reversed, nulls included.
std::vector<TransactionRef> ReverseTransactions(std::vector<TransactionRef> value);
//! {"was": value}
Json WrapJson(const Json& value);
//! What was forced is on the command line, in a list of its own; a list of the command line is an array, and forced.
Settings SwapSettings(const Settings& value);

//! Keys and lists reversed.
std::map<std::string, std::vector<FeeRate>> ReverseFees(const std::map<std::string, std::vector<FeeRate>>& value);
//! Each negated, mod 2^32.
std::set<int32_t> NegateSet(const std::set<int32_t>& value);
//! Each reversed.
std::unordered_set<std::string> ReverseEach(const std::unordered_set<std::string>& value);
//! The number plus 1, mod 2^32; the text reversed.
std::pair<int32_t, std::string> ChangePair(std::pair<int32_t, std::string> value);
//! The number's bits inverted; the bytes reversed.
std::tuple<uint64_t, Bytes> ChangeTuple(std::tuple<uint64_t, Bytes> value);
//! The list reversed, and each list in it.
std::vector<std::vector<int32_t>> ReverseLists(std::vector<std::vector<int32_t>> value);
//! Each inverted.
std::vector<bool> NotEach(std::vector<bool> value);

// What is absent stays absent; what is present is changed as by the method without Maybe.
std::optional<int32_t> MaybeAdd(std::optional<int32_t> value);
std::optional<bool> MaybeNot(std::optional<bool> value);
std::optional<double> MaybeNegate(std::optional<double> value);
std::optional<std::string> MaybeReverseText(std::optional<std::string> value);
std::optional<Bytes> MaybeReverseBytes(std::optional<Bytes> value);
std::optional<FeeRate> MaybeBump(std::optional<FeeRate> value);

std::chrono::milliseconds NegateDuration(std::chrono::milliseconds value); //!< mod 2^64
std::chrono::seconds RotateSeconds(std::chrono::seconds value);            //!< its bits to the left by 13
TimePoint InvertTime(TimePoint value);                                     //!< every bit

//! The result is minus `in`, which always fits; `out` is what `in_out` was, which is reversed.
int64_t Mixed(int32_t in, std::string& in_out, Bytes& out);

//! What CallFunction, CallObject, CallUnique, CallShared and CallStored make of the callback's answer: plus 1, mod
//! 2^32.
int32_t PassOn(int32_t answer);

//! What Recurse of either interface returns in the end: plus 1 for each of the depth + 1 calls, mod 2^32.
//! @param depth  In [0, MAX_DEPTH]: each takes a part of both sides' stacks.
int32_t Recurse(int32_t value, int32_t depth);
inline constexpr int32_t MAX_DEPTH{100};

//! Different for any other id, token, or history. splitmix64's mixing step for each.
uint64_t NextVisit(int32_t id, uint64_t previous, uint64_t token);

} // namespace mpfuzz::fuzz_interface
