#include <domains/multiprocess/conventions.h>
#include <domains/multiprocess/sources.h>

#include <array>

namespace mpfuzz::domains::multiprocess {

using domain::Builder;
using domain::SourceContext;
using program::Value;

namespace {

bool IsParameterOf(const SourceContext& source_context, std::string_view method)
{
    return IsThreadMap(source_context.schema, {schema::Kind::INTERFACE, source_context.method.interface}) &&
           source_context.schema.GetMethod(source_context.method).name == method;
}

class ThreadMapSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "thread-map"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return IsThreadMap(source_context.schema, source_context.type);
    }

    std::optional<Value> Make(const SourceContext& source_context, Builder& builder, base::Rng& rng) const override
    {
        const auto threads{Threads::Find(source_context.schema)};
        if (!threads) return std::nullopt;
        if (builder.Misbehaves() && rng.Percent(20)) { // guess, unmeasured
            if (rng.OneIn(2)) return program::Null{};
            return std::nullopt; // the generator's own: also foreign, released and mistaken ones
        }
        const std::vector<program::CapabilityRef> served{builder.Served(threads->thread_map)};
        if (!served.empty() && rng.OneIn(2)) return rng.Pick(served);
        if (builder.Full() || !rng.OneIn(4)) return MakeServedThreadMap(*threads);
        return program::CapabilityRef{builder.Add(program::Serve{MakeServedThreadMap(*threads)}), {}};
    }
};

class ThreadNameSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "thread-name"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return source_context.type.kind == schema::Kind::TEXT && source_context.field == "name" &&
               IsParameterOf(source_context, "makeThread");
    }

    std::optional<Value> Make(const SourceContext&, Builder&, base::Rng& rng) const override
    {
        static constexpr std::array<std::string_view, 6> NAMES{"a", "b", "main", "worker-1", "", "capnp-loop"};
        if (rng.OneIn(20)) return std::nullopt; // guess, unmeasured: any text at all
        return program::Blob{std::string{rng.Pick(NAMES)}};
    }
};

class PoolSizeSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "pool-size"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return source_context.type.kind == schema::Kind::UINT32 && source_context.field == "count" &&
               IsParameterOf(source_context, "makePool");
    }

    std::optional<Value> Make(const SourceContext&, Builder&, base::Rng& rng) const override
    {
        // A server starts as many threads as it is told: a large number is a denial of service that
        // is known, that hides everything else, and that takes the machine down with it.
        return uint64_t{rng.SkewedLength(rng.OneIn(50) ? 128 : 8)};
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeThreadMapSource() { return std::make_unique<ThreadMapSource>(); }
std::unique_ptr<const domain::ValueSource> MakeThreadNameSource() { return std::make_unique<ThreadNameSource>(); }
std::unique_ptr<const domain::ValueSource> MakePoolSizeSource() { return std::make_unique<PoolSizeSource>(); }

} // namespace mpfuzz::domains::multiprocess
