#include <domains/bitcoin/block.h>
#include <domains/bitcoin/json_request.h>
#include <domains/bitcoin/sources.h>

#include <array>
#include <bit>
#include <limits>
#include <vector>

namespace mpfuzz::domains::bitcoin {

using domain::Builder;
using domain::SourceContext;
using program::Value;
using schema::Kind;

namespace {

//! Numbers for one field. The first two are typical values, and are chosen most often.
struct FieldNumbers {
    std::string_view field;
    Kind kind;
    std::vector<uint64_t> numbers; //!< of signed kinds: in two's complement
};

// Limits from Bitcoin Core: src/policy/policy.h, src/consensus/consensus.h, src/consensus/amount.h.
constexpr uint64_t MIN_RESERVED_WEIGHT{2000};
constexpr uint64_t MAX_BLOCK_WEIGHT{4'000'000};
constexpr uint64_t MAX_BLOCK_SIGOPS_COST{80'000};
constexpr uint64_t MAX_MONEY_SAT{2'100'000'000'000'000};

const std::vector<FieldNumbers>& Table()
{
    constexpr uint64_t MAX32{UINT32_MAX};
    constexpr uint64_t MAX64{UINT64_MAX};
    constexpr uint64_t MOST{INT64_MAX};
    constexpr uint64_t LEAST{uint64_t{1} << 63};
    static const std::vector<FieldNumbers> TABLE{
        {"version", Kind::UINT32, {0x20000000, 0x20000000, 0x3fffe000, 4, 3, 1, 0, 0x7fffffff, 0x80000000, MAX32}},
        {"timestamp",
         Kind::UINT32,
         {REGTEST_GENESIS_TIME + 600, REGTEST_GENESIS_TIME + 1, REGTEST_GENESIS_TIME + 6000, 1'700'000'000,
          1'800'000'000, REGTEST_GENESIS_TIME, 0, MAX32}},
        {"nonce", Kind::UINT32, {0, 1, 2, 3, 4, 5, 6, 7, 0x7fffffff, MAX32}},
        {"blockReservedWeight",
         Kind::UINT64,
         {8000, 4000, MIN_RESERVED_WEIGHT, MIN_RESERVED_WEIGHT - 1, MAX_BLOCK_WEIGHT, MAX_BLOCK_WEIGHT + 1,
          MAX_BLOCK_WEIGHT - 1, 0, LEAST, MAX64}},
        {"coinbaseOutputMaxAdditionalSigops",
         Kind::UINT64,
         {400, 0, 1, MAX_BLOCK_SIGOPS_COST, MAX_BLOCK_SIGOPS_COST + 1, LEAST, MAX64}},
        {"feeThreshold", Kind::INT64, {0, 1, 1000, MAX_MONEY_SAT, MAX_MONEY_SAT + 1, MAX64, MOST, LEAST}},
    };
    return TABLE;
}

const FieldNumbers* Find(const SourceContext& context)
{
    for (const FieldNumbers& entry : Table()) {
        if (entry.field == context.field && entry.kind == context.type.kind) return &entry;
    }
    return nullptr;
}

} // namespace

bool FitsNumber(const SourceContext& context) { return Find(context) != nullptr; }

std::optional<Value> MakeNumberValue(const SourceContext& context, Builder&, base::Rng& rng)
{
    // Guesses, unmeasured: how often any number, and how often a typical one. A number out of range makes the call and
    // all calls that depend on it fail.
    if (rng.OneIn(40)) return std::nullopt;
    const std::vector<uint64_t>& numbers{Find(context)->numbers};
    const uint64_t number{numbers[rng.Percent(80) ? rng.Below(2) : rng.Below(numbers.size())]};
    if (schema::MinInteger(context.type.kind) < 0) return static_cast<int64_t>(number);
    return number;
}

bool FitsTimeout(const SourceContext& context)
{
    return context.type.kind == Kind::FLOAT64 && context.field == "timeout";
}

std::optional<Value> MakeTimeoutValue(const SourceContext&, Builder&, base::Rng& rng)
{
    // In milliseconds: short, zero, fraction, long, unusual. Guesses, unmeasured. A long wait lasts longer than its
    // program. So in every run, the client disconnects during a running call.
    static constexpr std::array<uint32_t, 5> WEIGHTS{45, 15, 8, 24, 8};
    using Limits = std::numeric_limits<double>;
    static constexpr std::array ODD_MS{-1.0,
                                       -0.0,
                                       Limits::quiet_NaN(),
                                       Limits::infinity(),
                                       Limits::max(),
                                       Limits::lowest(),
                                       -Limits::infinity(),
                                       Limits::denorm_min(),
                                       9.3e18,
                                       9.2e12};
    double timeout_ms{0};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: timeout_ms = static_cast<double>(rng.Range(1, 20)); break;
    case 1: break;
    case 2: timeout_ms = static_cast<double>(rng.Range(1, 999)) / 1000; break;
    case 3: timeout_ms = static_cast<double>(rng.Range(10'000, 100'000)); break;
    default: timeout_ms = rng.Pick(ODD_MS);
    }
    return program::Float{std::bit_cast<uint64_t>(timeout_ms)};
}

bool FitsRpc(const SourceContext& context)
{
    const bool field{context.field == "request" || context.field == "uri" || context.field == "user"};
    return field && context.type.kind == Kind::TEXT && context.owner.FindField("request").has_value();
}

std::optional<Value> MakeRpcValue(const SourceContext& context, Builder&, base::Rng& rng)
{
    static constexpr std::array<std::string_view, 6> URIS{"/", "/", "", "/wallet/", "/wallet/none", "/%00"};
    static constexpr std::array<std::string_view, 4> USERS{"", "user", "__cookie__", "a:b"};
    if (rng.OneIn(25)) return std::nullopt; // any text; a guess, unmeasured
    if (context.field == "request") return program::Blob{MakeJsonRequest(rng)};
    return program::Blob{std::string{context.field == "uri" ? rng.Pick(URIS) : rng.Pick(USERS)}};
}

} // namespace mpfuzz::domains::bitcoin
