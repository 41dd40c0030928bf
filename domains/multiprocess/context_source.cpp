#include <domains/multiprocess/conventions.h>
#include <domains/multiprocess/sources.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::domains::multiprocess {

using domain::Builder;
using domain::SourceContext;
using program::CapabilityRef;
using program::Value;

namespace {

// Guesses, unmeasured. Contexts that a misbehaving program gets wrong: with a quarter of programs
// misbehaving, about nine in a hundred.
constexpr unsigned WRONG_PERCENT{35};
// Threads that a connection's calls share, so that they also queue up behind each other.
constexpr size_t MAX_SHARED_THREADS{3};
constexpr unsigned ANOTHER_THREAD_PERCENT{15};
// Calls that may block mostly run on a thread of their own, and others keep off it.
constexpr unsigned OWN_THREAD_PERCENT{85};
constexpr unsigned KEEP_OFF_PERCENT{95};
constexpr unsigned CALLBACK_THREAD_PERCENT{50};

std::optional<CapabilityRef> MakeThread(const Threads& threads, Builder& builder, program::StepIndex like)
{
    if (builder.Full()) return std::nullopt;
    const auto map{builder.Obtain(threads.thread_map, like)};
    const auto call{map ? builder.AddCall(threads.make_thread, *map) : std::nullopt};
    if (!call) return std::nullopt;
    return CapabilityRef{*call, {{program::PathElement::Kind::FIELD, threads.result}}};
}

//! Threads that calls which may block have been sent to.
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

//! A thread of this connection: nothing where none can be had.
std::optional<CapabilityRef> RightThread(const Threads& threads, const SourceContext& source_context, Builder& builder,
                                         base::Rng& rng)
{
    const program::StepIndex like{source_context.target.step};
    if (builder.MayBlock(source_context.method) && rng.Percent(OWN_THREAD_PERCENT)) {
        if (const auto own{MakeThread(threads, builder, like)}) return own;
    }
    std::vector<CapabilityRef> candidates{builder.Live(threads.thread, like)};
    if (rng.Percent(KEEP_OFF_PERCENT)) {
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

//! A thread that was released: one that was before, or one that is now.
std::optional<Value> ReleasedThread(const Threads& threads, const SourceContext& source_context, Builder& builder,
                                    base::Rng& rng)
{
    if (auto released{PickOne(builder.Released(threads.thread), rng)}) return released;
    const std::vector<CapabilityRef> live{builder.Live(threads.thread, source_context.target.step)};
    if (live.empty() || live.back() == source_context.target || builder.Full()) return std::nullopt;
    builder.Add(program::Drop{live.back()});
    return live.back();
}

//! A capability of this connection that is no thread at all.
std::optional<Value> NoThread(const Threads& threads, const SourceContext& source_context, const Builder& builder,
                              base::Rng& rng)
{
    std::vector<CapabilityRef> candidates;
    for (uint32_t interface{0}; interface < source_context.schema.Interfaces().size(); ++interface) {
        if (interface == threads.thread) continue;
        const std::vector<CapabilityRef> live{builder.Live(interface, source_context.target.step)};
        candidates.insert(candidates.end(), live.begin(), live.end());
    }
    return PickOne(candidates, rng);
}

//! What should not stand in Context.thread.
std::optional<Value> WrongThread(const Threads& threads, const SourceContext& source_context, Builder& builder,
                                 base::Rng& rng)
{
    switch (rng.Below(5)) {
    case 0: return program::Null{};
    case 1: return PickOne(builder.Foreign(threads.thread, source_context.target.step), rng);
    case 2: return ReleasedThread(threads, source_context, builder, rng);
    case 3: return MakeServedThread(threads);
    default: return NoThread(threads, source_context, builder, rng);
    }
}

//! What the server would run callbacks on.
Value CallbackThread(const Threads& threads, Builder& builder, base::Rng& rng)
{
    const std::vector<CapabilityRef> served{builder.Served(threads.thread)};
    if (!served.empty() && rng.Percent(75)) return rng.Pick(served); // guess, unmeasured
    if (builder.Full() || rng.OneIn(2)) return MakeServedThread(threads);
    return CapabilityRef{builder.Add(program::Serve{MakeServedThread(threads)}), {}};
}

class ContextSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "context"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return IsContext(source_context.schema, source_context.type);
    }

    std::optional<Value> Make(const SourceContext& source_context, Builder& builder, base::Rng& rng) const override
    {
        const auto threads{Threads::Find(source_context.schema)};
        const schema::Struct& type{source_context.schema.GetStruct(source_context.type.index)};
        const auto thread_field{type.FindField("thread")};
        const auto callback_field{type.FindField("callbackThread")};
        if (!threads || !thread_field || !callback_field) return std::nullopt;

        const bool wrong{builder.Misbehaves() && rng.Percent(WRONG_PERCENT)};
        if (wrong && rng.OneIn(6)) return program::Null{};
        std::optional<Value> thread;
        if (wrong) thread = WrongThread(*threads, source_context, builder, rng);
        if (!thread) {
            const auto right{RightThread(*threads, source_context, builder, rng)};
            if (right) thread = *right;
        }
        program::StructValue context;
        if (thread) context.Set(*thread_field, std::move(*thread));
        if (rng.Percent(CALLBACK_THREAD_PERCENT)) context.Set(*callback_field, CallbackThread(*threads, builder, rng));
        return context;
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeContextSource() { return std::make_unique<ContextSource>(); }

} // namespace mpfuzz::domains::multiprocess
