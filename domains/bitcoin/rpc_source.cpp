#include <domains/bitcoin/json_request.h>
#include <domains/bitcoin/sources.h>

#include <array>

namespace mpfuzz::domains::bitcoin {

using domain::Builder;
using domain::Slot;
using program::Value;

namespace {

class RpcSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "json-rpc"; }
    bool Fits(const Slot& slot) const override
    {
        const bool field{slot.field == "request" || slot.field == "uri" || slot.field == "user"};
        return field && slot.type.kind == schema::Kind::TEXT && slot.owner.FindField("request").has_value();
    }

    std::optional<Value> Make(const Slot& slot, Builder&, base::Rng& rng) const override
    {
        static constexpr std::array<std::string_view, 6> URIS{"/", "/", "", "/wallet/", "/wallet/none", "/%00"};
        static constexpr std::array<std::string_view, 4> USERS{"", "user", "__cookie__", "a:b"};
        if (rng.OneIn(25)) return std::nullopt; // guess, unmeasured: any text at all
        if (slot.field == "request") return program::Blob{MakeJsonRequest(rng)};
        return program::Blob{std::string{slot.field == "uri" ? rng.Pick(URIS) : rng.Pick(USERS)}};
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeRpcSource() { return std::make_unique<RpcSource>(); }

} // namespace mpfuzz::domains::bitcoin
