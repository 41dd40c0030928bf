// What each method of FuzzInterface computes. Client and server both use these functions. Each is a bijection, so a
// correct answer proves that the argument arrived unchanged. "Reversed" text is reversed byte by byte.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <map>

namespace mpfuzz::fuzz_interface {

int32_t AddOnLoop(int32_t value);           //!< plus 1, mod 2^32
int32_t AddInt32(int32_t value);            //!< plus 1, mod 2^32
int64_t RotateInt64(int64_t value);         //!< its bits rotated to the left by 13
uint64_t InvertUInt64(uint64_t value);      //!< every bit
bool Not(bool value);                       //!< the opposite
double Negate(double value);                //!< the sign bit changed, for zeros and NaNs too
Colour NextColour(Colour value);            //!< RED follows BLUE; throws std::runtime_error if it is not a colour
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
//! A forced setting becomes a command-line list with one element; a command-line list becomes a forced array.
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

// An absent value stays absent; a present value changes as in the function without "Maybe".
std::optional<int32_t> MaybeAdd(std::optional<int32_t> value);
std::optional<bool> MaybeNot(std::optional<bool> value);
std::optional<double> MaybeNegate(std::optional<double> value);
std::optional<std::string> MaybeReverseText(std::optional<std::string> value);
std::optional<Bytes> MaybeReverseBytes(std::optional<Bytes> value);
std::optional<FeeRate> MaybeBump(std::optional<FeeRate> value);

std::chrono::milliseconds NegateDuration(std::chrono::milliseconds value); //!< mod 2^64
std::chrono::seconds RotateSeconds(std::chrono::seconds value);            //!< its bits rotated to the left by 13
TimePoint InvertTime(TimePoint value);                                     //!< every bit

//! Returns -`in`, which always fits. `out` becomes the old `in_out`, and `in_out` is reversed.
int64_t Mixed(int32_t in, std::string& in_out, Bytes& out);

//! What callFunction, callObject, callUnique, callShared and callStored return: the callback's answer plus 1, mod
//! 2^32.
int32_t PassOn(int32_t answer);

//! What `recurse` of either interface returns: plus 1 for each of the depth + 1 calls, mod 2^32.
//! @param depth  In [0, MAX_DEPTH]: each level uses stack on both sides.
int32_t Recurse(int32_t value, int32_t depth);
inline constexpr int32_t MAX_DEPTH{100};

//! Gives another result for another id, token or history. Mixes the three with steps of splitmix64.
uint64_t NextVisit(int32_t id, uint64_t previous, uint64_t token);

} // namespace mpfuzz::fuzz_interface
