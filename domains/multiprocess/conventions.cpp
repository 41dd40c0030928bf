#include <domains/multiprocess/conventions.h>

namespace mpfuzz::domains::multiprocess {

using schema::Kind;

namespace {

bool HasInterfaceId(const schema::Schema& schema, schema::Type type, uint64_t id)
{
    return type.kind == Kind::INTERFACE && schema.GetInterface(type.index).id == id;
}

std::optional<uint32_t> FindById(const schema::Schema& schema, uint64_t id)
{
    for (uint32_t index{0}; index < schema.Interfaces().size(); ++index) {
        if (schema.GetInterface(index).id == id) return index;
    }
    return std::nullopt;
}

} // namespace

bool IsThreadMap(const schema::Schema& schema, schema::Type type)
{
    return HasInterfaceId(schema, type, THREAD_MAP_ID);
}

bool IsThread(const schema::Schema& schema, schema::Type type) { return HasInterfaceId(schema, type, THREAD_ID); }

bool IsContext(const schema::Schema& schema, schema::Type type)
{
    return type.kind == Kind::STRUCT && schema.GetStruct(type.index).id == CONTEXT_ID;
}

std::optional<Threads> Threads::Find(const schema::Schema& schema)
{
    const auto thread_map{FindById(schema, THREAD_MAP_ID)};
    const auto thread{FindById(schema, THREAD_ID)};
    if (!thread_map || !thread) return std::nullopt;
    const auto make_thread{schema.FindMethod(*thread_map, "makeThread")};
    if (!make_thread) return std::nullopt;
    const schema::Struct& results{schema.GetStruct(schema.GetMethod(*make_thread).results)};
    for (uint32_t field{0}; field < results.fields.size(); ++field) {
        if (IsThread(schema, results.fields[field].type)) return Threads{*thread_map, *thread, *make_thread, field};
    }
    return std::nullopt;
}

program::ServedObject MakeServedThread(const Threads& threads) { return {threads.thread, {}}; }

program::ServedObject MakeServedThreadMap(const Threads& threads)
{
    program::Reaction reaction;
    reaction.method = threads.make_thread;
    reaction.results.push_back({threads.result, MakeServedThread(threads)});
    return {threads.thread_map, {std::move(reaction)}};
}

} // namespace mpfuzz::domains::multiprocess
