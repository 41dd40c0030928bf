// An interface made for fuzzing: every method changes what it gets in a way that the caller can compute too, and every
// kind of value that libmultiprocess converts is there, in each direction.
//
// The order of methods and parameters is that of fuzz.capnp. What each method computes is in transform.h,
// under the same name, which begins with a capital letter there.
//
// Methods of these classes are named as those of Bitcoin Core's src/interfaces: camelCase, as in the schema. So the
// proxies that libmultiprocess's mpgen generates override them directly. This is an exception to the PascalCase of all
// other code.
#pragma once

#include <fuzz_interface/interface/values.h>

#include <domains/bitcoin/values.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface {

using domains::bitcoin::FeeRate;
using domains::bitcoin::OutPoint;
using domains::bitcoin::Script;

using Bytes = std::vector<uint8_t>;
using TimePoint = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

//! Of the caller; called back from the other side.
class FuzzCallback
{
public:
    virtual ~FuzzCallback() = default;

    //! Whatever the caller's object makes of the number.
    virtual int32_t call(int32_t value) = 0;

    //! Call FuzzInterface::recurse with one depth less, unless `depth` is 0, and add one to what comes back.
    virtual int32_t recurse(int32_t value, int32_t depth) = 0;
};

//! An object with a history, which tells at each visit whether it is the right one, and whether the visits came in
//! order.
class FuzzObject
{
public:
    virtual ~FuzzObject() = default;

    //! What it was made with.
    virtual int32_t id() = 0;

    //! Take the token into the history.
    //! @return NextVisit (transform.h) of the object's id, of what the visit before returned (0 at first), and of the
    //! token.
    virtual uint64_t visit(uint64_t token) = 0;

    //! Another object, which outlives this one.
    virtual std::unique_ptr<FuzzObject> makeChild(int32_t id) = 0;
};

//! Throws std::runtime_error where a number names no colour, bytes are no transaction, text is no JSON: the request is
//! at fault, and the server goes on.
class FuzzInterface
{
public:
    virtual ~FuzzInterface() = default;

    //! Without a context: runs on the event loop itself.
    virtual int32_t addOnLoop(int32_t value) = 0;

    // Numbers.
    virtual void addInt32(int32_t& value) = 0;
    virtual int64_t rotateInt64(int64_t value) = 0;
    virtual uint64_t invertUInt64(uint64_t value) = 0;
    virtual bool notBool(bool value) = 0;
    virtual double negate(double value) = 0;
    virtual Colour nextColour(Colour value) = 0;

    // Text and bytes.
    virtual std::string reverseText(const std::string& value) = 0;
    virtual Bytes reverseBytes(const Bytes& value) = 0;

    // Bitcoin's values.
    virtual FeeRate bumpFeeRate(const FeeRate& value) = 0;
    virtual OutPoint nextOutPoint(const OutPoint& value) = 0;
    virtual Script reverseScript(const Script& value) = 0;
    virtual TransactionRef bumpTransaction(const TransactionRef& value) = 0;
    virtual std::vector<TransactionRef> reverseTransactions(const std::vector<TransactionRef>& value) = 0;
    virtual Json wrapJson(const Json& value) = 0;
    virtual Settings swapSettings(const Settings& value) = 0;

    // Containers.
    virtual std::map<std::string, std::vector<FeeRate>>
    reverseFees(const std::map<std::string, std::vector<FeeRate>>& value) = 0;
    virtual std::set<int32_t> negateSet(const std::set<int32_t>& value) = 0;
    virtual std::unordered_set<std::string> reverseEach(const std::unordered_set<std::string>& value) = 0;
    virtual std::pair<int32_t, std::string> changePair(const std::pair<int32_t, std::string>& value) = 0;
    virtual std::tuple<uint64_t, Bytes> changeTuple(const std::tuple<uint64_t, Bytes>& value) = 0;
    virtual std::vector<std::vector<int32_t>> reverseLists(const std::vector<std::vector<int32_t>>& value) = 0;
    virtual std::vector<bool> notEach(const std::vector<bool>& value) = 0;

    // What may be absent.
    virtual std::optional<int32_t> maybeAdd(const std::optional<int32_t>& value) = 0;
    virtual std::optional<bool> maybeNot(const std::optional<bool>& value) = 0;
    virtual std::optional<double> maybeNegate(const std::optional<double>& value) = 0;
    virtual std::optional<std::string> maybeReverseText(const std::optional<std::string>& value) = 0;
    virtual std::optional<Bytes> maybeReverseBytes(const std::optional<Bytes>& value) = 0;
    virtual std::optional<FeeRate> maybeBump(const std::optional<FeeRate>& value) = 0;

    // Time.
    virtual std::chrono::milliseconds negateDuration(std::chrono::milliseconds value) = 0;
    virtual std::chrono::seconds rotateSeconds(std::chrono::seconds value) = 0;
    virtual TimePoint invertTime(TimePoint value) = 0;

    //! Each direction at once: what goes in, what goes in and comes out changed, what only comes out, and a result.
    virtual int64_t mixed(int32_t in, std::string& in_out, Bytes& out) = 0;

    //! Fail as asked: FuzzError with both for RAISE_TYPED, std::runtime_error with the message for RAISE_STANDARD,
    //! anything else is unknown to the schema. Any other kind returns the code.
    virtual int32_t raise(int32_t kind, int32_t code, const std::string& message) = 0;

    // Calling back, while the caller waits.
    virtual int32_t callFunction(std::function<int32_t(int32_t)> function, int32_t value) = 0;
    virtual int32_t callObject(FuzzCallback& callback, int32_t value) = 0;
    virtual int32_t callUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) = 0;
    virtual int32_t callShared(std::shared_ptr<FuzzCallback> callback, int32_t value) = 0;
    //! FuzzCallback::recurse with one depth less, unless `depth` is 0, plus one.
    virtual int32_t recurse(FuzzCallback& callback, int32_t value, int32_t depth) = 0;

    // Objects of the called side.
    virtual std::unique_ptr<FuzzObject> makeObject(int32_t id) = 0;
    //! FuzzObject::visit on an object that the caller hands in: one of its own, or one that it got from here.
    virtual uint64_t visitObject(FuzzObject& object, uint64_t token) = 0;

    // A callback that stays, for all clients of the process, and may outlive its own. Slots are in [0, SLOTS);
    // std::out_of_range for others.
    virtual void store(int32_t slot, std::shared_ptr<FuzzCallback> callback) = 0;
    //! std::runtime_error where the slot is empty, or where the callback's client has gone.
    virtual int32_t callStored(int32_t slot, int32_t value) = 0;
    //! Whether there was one.
    virtual bool forget(int32_t slot) = 0;

    //! FuzzObjects of the process that have not been destroyed.
    virtual int32_t liveObjects() = 0;
};

inline constexpr int32_t SLOTS{4};

inline constexpr int32_t RAISE_TYPED{1};
inline constexpr int32_t RAISE_STANDARD{2};
inline constexpr int32_t RAISE_UNKNOWN{3};

//! A connection's main interface.
class FuzzInit
{
public:
    virtual ~FuzzInit() = default;
    virtual std::unique_ptr<FuzzInterface> makeFuzz() = 0;
};

} // namespace mpfuzz::fuzz_interface
