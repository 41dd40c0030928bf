#include <domains/multiprocess/conventions.h>
#include <domains/multiprocess/sources.h>

#include <array>

namespace mpfuzz::domains::multiprocess {

using domain::Builder;
using domain::Slot;
using program::Value;

namespace {

bool IsParameterOf(const Slot& slot, std::string_view method)
{
    return IsThreadMap(slot.schema, {schema::Kind::INTERFACE, slot.method.interface}) &&
           slot.schema.GetMethod(slot.method).name == method;
}

class ThreadMapSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "thread-map"; }
    bool Fits(const Slot& slot) const override { return IsThreadMap(slot.schema, slot.type); }

    std::optional<Value> Make(const Slot& slot, Builder& builder, base::Rng& rng) const override
    {
        const auto threads{Threads::Find(slot.schema)};
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
    bool Fits(const Slot& slot) const override
    {
        return slot.type.kind == schema::Kind::TEXT && slot.field == "name" && IsParameterOf(slot, "makeThread");
    }

    std::optional<Value> Make(const Slot&, Builder&, base::Rng& rng) const override
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
    bool Fits(const Slot& slot) const override
    {
        return slot.type.kind == schema::Kind::UINT32 && slot.field == "count" && IsParameterOf(slot, "makePool");
    }

    std::optional<Value> Make(const Slot&, Builder&, base::Rng& rng) const override
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
