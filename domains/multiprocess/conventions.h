#pragma once

#include <mpfuzz/program/value.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <optional>

//! What libmultiprocess adds to plain Cap'n Proto, recognised by the type ids of its mp/proxy.capnp:
//! https://github.com/bitcoin-core/libmultiprocess/blob/master/include/mp/proxy.capnp
namespace mpfuzz::domains::multiprocess {

//! Ids of declarations in the file 0xcc316e3f71a040fb, as `capnp compile -ocapnp mp/proxy.capnp` prints them. Cap'n
//! Proto derives them from the file's id and the declarations' names.
inline constexpr uint64_t THREAD_MAP_ID{0xee5e37179ad9dc9d};
inline constexpr uint64_t THREAD_ID{0x81c1e2600d0b56c5};
inline constexpr uint64_t CONTEXT_ID{0x9c44e6645d0b22c6};

bool IsThreadMap(const schema::Schema& schema, schema::Type type);
bool IsThread(const schema::Schema& schema, schema::Type type);
bool IsContext(const schema::Schema& schema, schema::Type type);

//! A schema's ThreadMap, Thread, and the method that makes threads.
struct Threads {
    uint32_t thread_map{0};        //!< interface
    uint32_t thread{0};            //!< interface
    schema::MethodRef make_thread; //!< ThreadMap.makeThread
    uint32_t result{0};            //!< field of its results that holds the Thread

    //! Returns nullopt if the schema does not use proxy.capnp. Cost: linear in the number of interfaces.
    static std::optional<Threads> Find(const schema::Schema& schema);
};

//! A Thread that the client serves, as libmultiprocess passes one for callbacks.
program::ServedObject MakeServedThread(const Threads& threads);

//! A ThreadMap that the client serves, whose makeThread returns a Thread.
program::ServedObject MakeServedThreadMap(const Threads& threads);

} // namespace mpfuzz::domains::multiprocess
