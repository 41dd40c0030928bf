#include <domains/multiprocess/domain.h>

#include <domains/multiprocess/conventions.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>
#include <array>

namespace mpfuzz::domains::multiprocess {

namespace {

using domain::Builder;
using domain::SourceContext;
using program::CapabilityRef;
using program::Value;

// All numbers in this file are guesses, unmeasured.

// How many contexts of a misbehaving program are wrong. If a quarter of all programs misbehave, about nine percent of
// all contexts are wrong.
constexpr unsigned WRONG_PERCENT{35};
// The calls of a connection share a few threads, so that some calls have to wait for others.
constexpr size_t MAX_SHARED_THREADS{3};
constexpr unsigned ANOTHER_THREAD_PERCENT{15};
// Calls that may block mostly get their own thread, and other calls mostly use other threads.
constexpr unsigned OWN_THREAD_PERCENT{85};
constexpr unsigned AVOID_BUSY_PERCENT{95};
constexpr unsigned CALLBACK_THREAD_PERCENT{50};

std::optional<CapabilityRef> MakeThread(const Threads& threads, Builder& builder, program::StepIndex like)
{
    if (builder.Full()) return std::nullopt;
    const auto map{builder.Obtain(threads.thread_map, like)};
    const auto call{map ? builder.AddCall(threads.make_thread, *map) : std::nullopt};
    if (!call) return std::nullopt;
    return CapabilityRef{*call, {{program::PathElement::Kind::FIELD, threads.result}}};
}

//! Threads on which earlier calls may block.
std::vector<CapabilityRef> BusyThreads(const Builder& builder)
{
    std::vector<CapabilityRef> busy;
    for (const program::Step& step : builder.GetProgram().steps) {
        const auto* call{std::get_if<program::Call>(&step)};
        if (!call || !builder.MayBlock(call->method)) continue;
        program::Step copy{step};
        program::ForEachCapability(copy, [&](CapabilityRef& ref) { busy.push_back(ref); });
    }
    return busy;
}

//! A thread of this connection. Returns nullopt if none can be made.
std::optional<CapabilityRef> RightThread(const Threads& threads, const SourceContext& context, Builder& builder,
                                         base::Rng& rng)
{
    const program::StepIndex like{context.target.step};
    if (builder.MayBlock(context.method) && rng.Percent(OWN_THREAD_PERCENT)) {
        if (const auto own{MakeThread(threads, builder, like)}) return own;
    }
    std::vector<CapabilityRef> candidates{builder.Live(threads.thread, like)};
    if (rng.Percent(AVOID_BUSY_PERCENT)) {
        const std::vector<CapabilityRef> busy{BusyThreads(builder)};
        std::erase_if(candidates, [&](const CapabilityRef& ref) { return std::ranges::count(busy, ref) > 0; });
    }
    const bool another{candidates.size() < MAX_SHARED_THREADS && rng.Percent(ANOTHER_THREAD_PERCENT)};
    if (candidates.empty() || another) {
        if (const auto made{MakeThread(threads, builder, like)}) return made;
    }
    if (candidates.empty()) return std::nullopt;
    return rng.Pick(candidates);
}

std::optional<Value> PickOne(const std::vector<CapabilityRef>& candidates, base::Rng& rng)
{
    if (candidates.empty()) return std::nullopt;
    return rng.Pick(candidates);
}

//! A released thread: an earlier one, or a live one that this function releases.
std::optional<Value> ReleasedThread(const Threads& threads, const SourceContext& context, Builder& builder,
                                    base::Rng& rng)
{
    if (auto released{PickOne(builder.Released(threads.thread), rng)}) return released;
    const std::vector<CapabilityRef> live{builder.Live(threads.thread, context.target.step)};
    if (live.empty() || live.back() == context.target || builder.Full()) return std::nullopt;
    builder.Add(program::Drop{live.back()});
    return live.back();
}

//! A capability of this connection that is not a thread.
std::optional<Value> NotAThread(const Threads& threads, const SourceContext& context, const Builder& builder,
                                base::Rng& rng)
{
    std::vector<CapabilityRef> candidates;
    for (uint32_t interface{0}; interface < context.schema.Interfaces().size(); ++interface) {
        if (interface == threads.thread) continue;
        const std::vector<CapabilityRef> live{builder.Live(interface, context.target.step)};
        candidates.insert(candidates.end(), live.begin(), live.end());
    }
    return PickOne(candidates, rng);
}

//! A value that does not belong in Context.thread.
std::optional<Value> WrongThread(const Threads& threads, const SourceContext& context, Builder& builder, base::Rng& rng)
{
    switch (rng.Below(5)) {
    case 0: return program::Null{};
    case 1: return PickOne(builder.Foreign(threads.thread, context.target.step), rng);
    case 2: return ReleasedThread(threads, context, builder, rng);
    case 3: return MakeServedThread(threads);
    default: return NotAThread(threads, context, builder, rng);
    }
}

//! The thread on which a server would run callbacks.
Value CallbackThread(const Threads& threads, Builder& builder, base::Rng& rng)
{
    const std::vector<CapabilityRef> served{builder.Served(threads.thread)};
    if (!served.empty() && rng.Percent(75)) return rng.Pick(served);
    if (builder.Full() || rng.OneIn(2)) return MakeServedThread(threads);
    return CapabilityRef{builder.Add(program::Serve{MakeServedThread(threads)}), {}};
}

bool IsParameterOf(const SourceContext& context, std::string_view method)
{
    return IsThreadMap(context.schema, {schema::Kind::INTERFACE, context.method.interface}) &&
           context.schema.GetMethod(context.method).name == method;
}

bool FitsContext(const SourceContext& context) { return IsContext(context.schema, context.type); }

std::optional<Value> MakeContext(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    const auto threads{Threads::Find(context.schema)};
    const schema::Struct& type{context.schema.GetStruct(context.type.index)};
    const auto thread_field{type.FindField("thread")};
    const auto callback_field{type.FindField("callbackThread")};
    if (!threads || !thread_field || !callback_field) return std::nullopt;

    const bool wrong{builder.Misbehaves() && rng.Percent(WRONG_PERCENT)};
    if (wrong && rng.OneIn(6)) return program::Null{};
    std::optional<Value> thread;
    if (wrong) thread = WrongThread(*threads, context, builder, rng);
    if (!thread) {
        const auto right{RightThread(*threads, context, builder, rng)};
        if (right) thread = *right;
    }
    program::StructValue made;
    if (thread) made.Set(*thread_field, std::move(*thread));
    if (rng.Percent(CALLBACK_THREAD_PERCENT)) made.Set(*callback_field, CallbackThread(*threads, builder, rng));
    return made;
}

bool FitsThreadMap(const SourceContext& context) { return IsThreadMap(context.schema, context.type); }

std::optional<Value> MakeThreadMap(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    const auto threads{Threads::Find(context.schema)};
    if (!threads) return std::nullopt;
    if (builder.Misbehaves() && rng.Percent(20)) {
        if (rng.OneIn(2)) return program::Null{};
        return std::nullopt; // the generator also makes foreign, released and mistyped capabilities
    }
    const std::vector<program::CapabilityRef> served{builder.Served(threads->thread_map)};
    if (!served.empty() && rng.OneIn(2)) return rng.Pick(served);
    if (builder.Full() || !rng.OneIn(4)) return MakeServedThreadMap(*threads);
    return program::CapabilityRef{builder.Add(program::Serve{MakeServedThreadMap(*threads)}), {}};
}

bool FitsThreadName(const SourceContext& context)
{
    return context.type.kind == schema::Kind::TEXT && context.field == "name" && IsParameterOf(context, "makeThread");
}

std::optional<Value> MakeThreadName(const SourceContext&, Builder&, base::Rng& rng)
{
    static constexpr std::array<std::string_view, 6> NAMES{"a", "b", "main", "worker-1", "", "capnp-loop"};
    if (rng.OneIn(20)) return std::nullopt; // any text
    return program::Blob{std::string{rng.Pick(NAMES)}};
}

bool FitsPoolSize(const SourceContext& context)
{
    return context.type.kind == schema::Kind::UINT32 && context.field == "count" && IsParameterOf(context, "makePool");
}

std::optional<Value> MakePoolSize(const SourceContext&, Builder&, base::Rng& rng)
{
    // A server starts as many threads as the client asks for. A large number is a known denial of service. It would
    // exhaust the machine and hide other bugs.
    return uint64_t{rng.SkewedLength(rng.OneIn(50) ? 128 : 8)};
}

// Low, because `destroy` ends an object that later calls could have used.
constexpr unsigned DESTROY_PERCENT{15};

unsigned PercentOfGoals(const schema::Schema& schema, schema::MethodRef method)
{
    return schema.GetMethod(method).name == "destroy" ? DESTROY_PERCENT : 100;
}

} // namespace

domain::Domain MakeDomain()
{
    domain::Domain made;
    made.name = "multiprocess";
    made.sources = {
        {"context", FitsContext, MakeContext},
        {"thread-map", FitsThreadMap, MakeThreadMap},
        {"thread-name", FitsThreadName, MakeThreadName},
        {"pool-size", FitsPoolSize, MakePoolSize},
    };
    made.goal_percent = PercentOfGoals;
    return made;
}

} // namespace mpfuzz::domains::multiprocess
