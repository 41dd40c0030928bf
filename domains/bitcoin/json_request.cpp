#include <domains/bitcoin/json_request.h>

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace mpfuzz::domains::bitcoin {

using base::Rng;
using Json = nlohmann::ordered_json;

namespace {

// Does not contain `stop`, `wait…`, and methods that connect, ban, or write files.
constexpr std::array<std::string_view, 34> METHODS{
    "getblockcount",
    "getbestblockhash",
    "getblockhash",
    "getblockheader",
    "getblock",
    "getblockstats",
    "getblockchaininfo",
    "getchaintips",
    "getchaintxstats",
    "getdifficulty",
    "getdeploymentinfo",
    "getmempoolinfo",
    "getrawmempool",
    "getmempoolentry",
    "getmininginfo",
    "getnetworkhashps",
    "getblocktemplate",
    "prioritisetransaction",
    "submitblock",
    "submitheader",
    "testmempoolaccept",
    "sendrawtransaction",
    "decoderawtransaction",
    "decodescript",
    "createrawtransaction",
    "gettxout",
    "validateaddress",
    "getindexinfo",
    "getmemoryinfo",
    "getrpcinfo",
    "uptime",
    "help",
    "echo",
    "echojson",
};

constexpr std::string_view GENESIS_SHOWN{"0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"};

Json LikelyValue(Rng& rng)
{
    switch (rng.Below(8)) {
    case 0: return GENESIS_SHOWN;
    case 1: return 0;
    case 2: return rng.Range(-1, 3);
    case 3: return rng.OneIn(2);
    case 4: return std::string(64, '0');
    case 5: return rng.Pick(METHODS);
    case 6: return "0200000001";
    default: return nullptr;
    }
}

std::string RandomText(Rng& rng)
{
    static constexpr std::array<std::string_view, 7> TEXTS{"", "a", "\"", "\\", "\n", "gr\xc3\xbc\xc3\x9f", "\x01"};
    std::string text;
    for (uint64_t i{rng.SkewedLength(12)}; i > 0; --i) text += rng.Pick(TEXTS);
    return text;
}

Json RandomValue(Rng& rng, unsigned depth)
{
    switch (rng.Below(depth > 0 ? 8 : 6)) {
    case 0: return static_cast<int64_t>(rng.Next()) >> rng.Below(64);
    case 1: return static_cast<double>(rng.Range(-1'000'000, 1'000'000)) / 1000;
    case 2: return RandomText(rng);
    case 3: return rng.OneIn(2);
    case 4: return nullptr;
    case 5: return LikelyValue(rng);
    case 6: {
        Json array(Json::array());
        for (uint64_t i{rng.SkewedLength(8)}; i > 0; --i) array.push_back(RandomValue(rng, depth - 1));
        return array;
    }
    default: {
        Json object(Json::object());
        for (uint64_t i{rng.SkewedLength(8)}; i > 0; --i) object[RandomText(rng)] = RandomValue(rng, depth - 1);
        return object;
    }
    }
}

Json Parameters(Rng& rng)
{
    if (rng.OneIn(15)) return RandomValue(rng, 3);
    if (rng.OneIn(8)) return {{rng.OneIn(2) ? "verbosity" : "args", LikelyValue(rng)}};
    Json array(Json::array());
    for (uint64_t i{rng.SkewedLength(4)}; i > 0; --i) {
        array.push_back(rng.OneIn(3) ? RandomValue(rng, 3) : LikelyValue(rng));
    }
    return array;
}

Json Request(Rng& rng)
{
    Json request(Json::object());
    if (!rng.OneIn(4)) request["jsonrpc"] = rng.OneIn(3) ? "1.0" : "2.0";
    if (!rng.OneIn(10)) request["id"] = rng.OneIn(3) ? RandomValue(rng, 1) : Json(rng.Range(0, 9));
    if (!rng.OneIn(20)) request["method"] = rng.OneIn(15) ? RandomValue(rng, 1) : Json(rng.Pick(METHODS));
    if (!rng.OneIn(4)) request["params"] = Parameters(rng);
    return request;
}

std::string Nested(Rng& rng)
{
    const size_t depth{1 + rng.SkewedLength(2000)};
    if (rng.OneIn(2)) return std::string(depth, '[') + std::string(rng.OneIn(2) ? depth : depth / 2, ']');
    std::string text;
    for (size_t i{0}; i < depth; ++i) text += "{\"a\":";
    return text + "1" + std::string(depth, '}');
}

std::string Corrupt(Rng& rng, std::string text)
{
    static constexpr std::string_view CHARACTERS{"\"\\{}[],:0-e.\0\xff ", 15};
    const size_t at{rng.Below(text.size())};
    switch (rng.Below(4)) {
    case 0: text.resize(at); break;
    case 1: text.erase(at, 1); break;
    case 2: text.insert(at, 1, rng.Pick(CHARACTERS)); break;
    default: text[at] = rng.Pick(CHARACTERS);
    }
    return text;
}

//! A request with one parameter: an unusual literal, which JSON libraries do not write.
std::string UnusualLiteral(Rng& rng)
{
    static constexpr std::array<std::string_view, 11> LITERALS{
        "1e999", "-0", "01", "1.", ".5", "\"\\u0000\"", "\"\\ud800\"", "\"\\x\"", "nul", "99999999999999999999", "1,",
    };
    std::string text{R"({"id":1,"method":"echo","params":[)"};
    text += rng.Pick(LITERALS);
    return text + "]}";
}

} // namespace

std::string MakeJsonRequest(Rng& rng)
{
    // Guesses, unmeasured: request, batch, any JSON, corrupted, unusual literal, nested, trailing text, empty.
    static constexpr std::array<uint32_t, 8> WEIGHTS{60, 5, 5, 12, 8, 4, 4, 2};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return Request(rng).dump();
    case 1: {
        Json batch(Json::array());
        for (uint64_t i{rng.SkewedLength(5)}; i > 0; --i) batch.push_back(Request(rng));
        return batch.dump();
    }
    case 2: return RandomValue(rng, 4).dump();
    case 3: return Corrupt(rng, Request(rng).dump());
    case 4: return UnusualLiteral(rng);
    case 5: return Nested(rng);
    case 6: return Request(rng).dump() + (rng.OneIn(2) ? " " : "{}");
    default: return "";
    }
}

} // namespace mpfuzz::domains::bitcoin
