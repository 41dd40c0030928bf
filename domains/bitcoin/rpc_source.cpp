#include <domains/bitcoin/json_request.h>
#include <domains/bitcoin/sources.h>

#include <array>

namespace mpfuzz::domains::bitcoin {

using domain::Builder;
using domain::SourceContext;
using program::Value;

namespace {

class RpcSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "json-rpc"; }
    bool Fits(const SourceContext& source_context) const override
    {
        const bool field{source_context.field == "request" || source_context.field == "uri" ||
                         source_context.field == "user"};
        return field && source_context.type.kind == schema::Kind::TEXT &&
               source_context.owner.FindField("request").has_value();
    }

    std::optional<Value> Make(const SourceContext& source_context, Builder&, base::Rng& rng) const override
    {
        static constexpr std::array<std::string_view, 6> URIS{"/", "/", "", "/wallet/", "/wallet/none", "/%00"};
        static constexpr std::array<std::string_view, 4> USERS{"", "user", "__cookie__", "a:b"};
        if (rng.OneIn(25)) return std::nullopt; // guess, unmeasured: any text at all
        if (source_context.field == "request") return program::Blob{MakeJsonRequest(rng)};
        return program::Blob{std::string{source_context.field == "uri" ? rng.Pick(URIS) : rng.Pick(USERS)}};
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeRpcSource() { return std::make_unique<RpcSource>(); }

} // namespace mpfuzz::domains::bitcoin
