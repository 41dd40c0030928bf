// An interface that exists only to be fuzzed. It passes every kind of value that libmultiprocess converts, in each
// direction. Each method changes its arguments in a way that the caller can compute too.
//
// The order of methods and parameters is that of fuzz.capnp. What each method computes is in transform.h,
// under the same name, but with a capital letter.
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

//! An object of the caller. The called side calls its methods.
class FuzzCallback
{
public:
    virtual ~FuzzCallback() = default;

    //! Returns a number that the caller's object chooses.
    virtual int32_t call(int32_t value) = 0;

    //! Returns the result of FuzzInterface::recurse with `depth` - 1, plus one. If `depth` is 0, returns `value` plus
    //! one.
    virtual int32_t recurse(int32_t value, int32_t depth) = 0;
};

//! An object that remembers its visits. The result of a visit shows whether the call reached the right object, and
//! whether all visits came in order.
class FuzzObject
{
public:
    virtual ~FuzzObject() = default;

    //! The id that the object was made with.
    virtual int32_t id() = 0;

    //! Adds the token to the object's history.
    //! @return NextVisit (transform.h) of the object's id, the result of the previous visit (0 for the first), and the
    //! token.
    virtual uint64_t visit(uint64_t token) = 0;

    //! Makes another object, which may outlive this one.
    virtual std::unique_ptr<FuzzObject> makeChild(int32_t id) = 0;
};

//! A method throws std::runtime_error if its request is invalid: if a number is not a colour, bytes are not a
//! transaction, or text is not JSON. The server continues to serve.
class FuzzInterface
{
public:
    virtual ~FuzzInterface() = default;

    //! The server runs it on the event loop's thread, because the schema gives it no context.
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

    // Optional values.
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

    //! Has a parameter of each direction (in, in and out, only out), and a result.
    virtual int64_t mixed(int32_t in, std::string& in_out, Bytes& out) = 0;

    //! Throws a FuzzError with `code` and `message` if `kind` is RAISE_TYPED, a std::runtime_error with `message` if it
    //! is RAISE_STANDARD, and something that the schema does not declare if it is RAISE_UNKNOWN. Otherwise returns
    //! `code`.
    virtual int32_t raise(int32_t kind, int32_t code, const std::string& message) = 0;

    // Methods that call back while the caller waits.
    virtual int32_t callFunction(std::function<int32_t(int32_t)> function, int32_t value) = 0;
    virtual int32_t callObject(FuzzCallback& callback, int32_t value) = 0;
    virtual int32_t callUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) = 0;
    virtual int32_t callShared(std::shared_ptr<FuzzCallback> callback, int32_t value) = 0;
    //! Returns the result of FuzzCallback::recurse with `depth` - 1, plus one. If `depth` is 0, returns `value` plus
    //! one.
    virtual int32_t recurse(FuzzCallback& callback, int32_t value, int32_t depth) = 0;

    // Objects of the server.
    virtual std::unique_ptr<FuzzObject> makeObject(int32_t id) = 0;
    //! Calls FuzzObject::visit on the argument: an object of the caller, or an object that the caller got from this
    //! interface.
    virtual uint64_t visitObject(FuzzObject& object, uint64_t token) = 0;

    // A stored callback. All clients of the process share the slots, and a callback may stay in its slot after its
    // client has disconnected. These methods throw std::out_of_range if `slot` is not in [0, SLOTS).
    virtual void store(int32_t slot, std::shared_ptr<FuzzCallback> callback) = 0;
    //! @throw std::runtime_error if the slot is empty, or if the callback's client has disconnected.
    virtual int32_t callStored(int32_t slot, int32_t value) = 0;
    //! Returns whether there was a callback.
    virtual bool forget(int32_t slot) = 0;

    //! Returns the number of FuzzObjects in the process that are not destroyed.
    virtual int32_t liveObjects() = 0;
};

inline constexpr int32_t SLOTS{4};

inline constexpr int32_t RAISE_TYPED{1};
inline constexpr int32_t RAISE_STANDARD{2};
inline constexpr int32_t RAISE_UNKNOWN{3};

//! The main interface of a connection.
class FuzzInit
{
public:
    virtual ~FuzzInit() = default;
    virtual std::unique_ptr<FuzzInterface> makeFuzz() = 0;
};

} // namespace mpfuzz::fuzz_interface
