#pragma once

#include <mpfuzz/peer/answers.h>
#include <mpfuzz/peer/faults.h>
#include <mpfuzz/schema/schema.h>

#include <kj/async-io.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::peer {

//! One call that a stub received, and what became of it.
struct ReceivedCall {
    uint64_t connection{0};
    uint64_t object{0}; //!< in the order in which the connection's objects were made; the main one is 0
    uint64_t number{0}; //!< of the call on that object, from 0
    schema::MethodRef method{};
    std::string arguments{}; //!< as execute::Read has them, in the text form
    std::string results{};   //!< the same of what was sent; empty where it was no results
    //! `returned`, or the fault that struck instead. A stub that alters results says `returned`.
    std::string_view how{"returned"};
};

struct StubOptions {
    uint32_t main_interface{0};
    uint64_t seed{1};
    std::vector<Fault> faults{}; //!< each strikes some calls
    //! Of one client's open answers. Guess: a program's answers come to some kilobytes.
    uint64_t max_held_bytes{uint64_t{64} << 20};
};

//! Serves an interface with every method answered by made-up results, whose capabilities are stubs in turn.
//!
//! What it answers is a pure function of the seed, the method, the arguments as text, and the number of the call on
//! its object: two runs agree. What a client can make it hold is bounded: objects by number, open answers in
//! bytes, and answers that it does not read by not reading further calls.
class Stub
{
public:
    //! Told of each call before its answer goes out.
    using OnCall = std::function<void(const ReceivedCall&)>;

    //! Borrows the schema.
    Stub(const schema::Schema& schema, StubOptions options, OnCall on_call);

    //! Serve one client until it leaves. Borrows this.
    kj::Promise<void> Serve(kj::Own<kj::AsyncIoStream> stream, uint64_t connection);

private:
    friend class StubObject;

    const schema::Schema& m_schema;
    StubOptions m_options;
    OnCall m_on_call;
    Answers m_answers;
};

} // namespace mpfuzz::peer
