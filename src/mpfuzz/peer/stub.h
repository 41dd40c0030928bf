#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/peer/answers.h>
#include <mpfuzz/schema/schema.h>

#include <kj/async-io.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::peer {

//! Faults that a stub can have on purpose, to test that its clients notice them.
enum class Fault : uint8_t {
    THROW,   //!< answer with an exception
    SILENCE, //!< never answer
    HANG_UP, //!< close the connection instead of answering
    ALTER,   //!< send results that differ from those in the log
    CRASH,   //!< abort
};

struct FaultInfo {
    Fault fault;
    std::string_view name;
    std::string_view description;
};

//! The only list of faults.
std::span<const FaultInfo> Faults();

//! nullopt if no fault has this name.
std::optional<Fault> FindFault(std::string_view name);

//! One call that a stub received, and how it ended.
struct ReceivedCall {
    uint64_t connection{0};
    uint64_t object{0}; //!< number of the object on its connection; the main object is 0
    uint64_t number{0}; //!< number of the call on its object, from 0
    schema::MethodRef method{};
    std::string arguments{}; //!< as execute::Read reads them, in the text form
    std::string results{};   //!< the same for the results that were sent; empty if there were none
    //! `returned`, or the name of the fault that happened instead. Also `returned` if the results were altered.
    std::string_view how{"returned"};
};

struct StubOptions {
    uint32_t main_interface{0};
    uint64_t seed{1};
    std::vector<Fault> faults{}; //!< some calls have one of them
    //! Limit for one client's unfinished answers. A guess: a program's answers have some kilobytes.
    uint64_t max_held_bytes{uint64_t{64} << 20};
};

//! Serves an interface. It answers every method with generated results; capabilities in them are stubs too.
//!
//! An answer is a pure function of the seed, the method, the arguments as text, and the number of the call on its
//! object, so two runs give the same answers.
//!
//! The memory that one client can make the stub use is limited. The number of objects and the size of unfinished
//! answers have limits, and while a client does not read its answers, the stub does not read its calls.
class Stub
{
public:
    //! Called with each call before its answer is sent.
    using OnCall = std::function<void(const ReceivedCall&)>;

    //! Borrows the schema.
    Stub(const schema::Schema& schema, StubOptions options, OnCall on_call);

    //! Serve one client until it disconnects. The promise borrows this object.
    kj::Promise<void> Serve(kj::Own<kj::AsyncIoStream> stream, uint64_t connection);

private:
    friend class StubObject;

    const schema::Schema& m_schema;
    StubOptions m_options;
    OnCall m_on_call;
    Answers m_answers;
};

//! Writes the calls that a stub received to a file, one JSON object a line. Each line is written before the answer is
//! sent.
//!
//! Keys: connection, object, call (numbers, see ReceivedCall), method (`Interface.method`), arguments, how, and results
//! if there were any.
class CallLog
{
public:
    //! Open a file to append to it. An error names the file.
    static base::Result<CallLog> Open(const std::string& path);

    void Write(const schema::Schema& schema, const ReceivedCall& call);

    //! An error if a line could not be written.
    base::Status Check() const;

private:
    CallLog(std::string path, std::ofstream file) : m_path{std::move(path)}, m_file{std::move(file)} {}

    std::string m_path;
    std::ofstream m_file;
};

} // namespace mpfuzz::peer
