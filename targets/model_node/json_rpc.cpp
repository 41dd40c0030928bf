#include <targets/model_node/json_rpc.h>

#include <mpfuzz/base/text.h>
#include <targets/model_node/chain/params.h>
#include <targets/model_node/planted.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace mpfuzz::model_node {
namespace {

// With sorted keys: the variant that keeps the order of keys takes quadratic time in their number.
using Json = nlohmann::json;

// Codes from bitcoin/bitcoin src/rpc/protocol.h.
constexpr int INVALID_REQUEST{-32600};
constexpr int METHOD_NOT_FOUND{-32601};
constexpr int PARSE_ERROR{-32700};
constexpr int MISC_ERROR{-1};
constexpr int TYPE_ERROR{-3};
constexpr int INVALID_ADDRESS_OR_KEY{-5};
constexpr int INVALID_PARAMETER{-8};

// The limit of Bitcoin Core's parser (MAX_JSON_DEPTH in src/univalue/lib/univalue_read.cpp).
constexpr int MAX_DEPTH{512};
// Guesses: limit the work of one request.
constexpr size_t MAX_BATCH{20};
constexpr int64_t MAX_GENERATE{100};

struct RpcError {
    int code;
    std::string message;
};

const Json* Parameter(const Json& params, size_t index, std::string_view name)
{
    if (params.is_array()) return index < params.size() && !params[index].is_null() ? &params[index] : nullptr;
    const auto it{params.find(name)};
    return it != params.end() && !it->is_null() ? &*it : nullptr;
}

int64_t IntegerParameter(const Json& params, size_t index, std::string_view name)
{
    const Json* value{Parameter(params, index, name)};
    if (value == nullptr) throw RpcError{MISC_ERROR, "missing parameter " + std::string{name}};
    if (!value->is_number_integer()) throw RpcError{TYPE_ERROR, std::string{name} + " must be an integer"};
    if (value->is_number_unsigned() && value->get<uint64_t>() > INT64_MAX) {
        throw RpcError{MISC_ERROR, std::string{name} + " is out of range"};
    }
    return value->get<int64_t>();
}

Hash256 HashParameter(const Json& params, size_t index, std::string_view name)
{
    const Json* value{Parameter(params, index, name)};
    if (value == nullptr) throw RpcError{MISC_ERROR, "missing parameter " + std::string{name}};
    if (!value->is_string()) throw RpcError{TYPE_ERROR, std::string{name} + " must be a string"};
    const auto hash{HashFromHex(value->get_ref<const std::string&>())};
    if (!hash) throw RpcError{INVALID_PARAMETER, std::string{name} + " must be 64 hexadecimal digits"};
    return *hash;
}

bool BoolParameter(const Json& params, size_t index, std::string_view name, bool otherwise)
{
    const Json* value{Parameter(params, index, name)};
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) throw RpcError{TYPE_ERROR, std::string{name} + " must be true or false"};
    return value->get<bool>();
}

Json GetBlockCount(Chain& chain, const Json&) { return chain.GetTip().height; }

Json GetBestBlockHash(Chain& chain, const Json&) { return ShowHash(chain.GetTip().hash); }

Json GetBlockHash(Chain& chain, const Json& params)
{
    const auto block{chain.FindByHeight(IntegerParameter(params, 0, "height"))};
    if (!block) throw RpcError{INVALID_PARAMETER, "Block height out of range"};
    return ShowHash(block->hash);
}

Json GetBlockHeader(Chain& chain, const Json& params)
{
    const Hash256 hash{HashParameter(params, 0, "blockhash")};
    const bool verbose{BoolParameter(params, 1, "verbose", true)};
    const auto block{chain.FindByHash(hash)};
    if (!block) throw RpcError{INVALID_ADDRESS_OR_KEY, "Block not found"};
    if (!verbose) return base::ToHex(Serialize(block->header));
    Json result{{"hash", ShowHash(block->hash)},
                {"confirmations", block->on_chain ? chain.GetTip().height - block->height + 1 : -1},
                {"height", block->height},
                {"version", static_cast<int32_t>(block->header.version)},
                {"merkleroot", ShowHash(block->header.merkle_root)},
                {"time", block->header.time_s},
                {"mediantime", chain.MedianTimePast(block->hash)},
                {"nonce", block->header.nonce},
                {"bits", "207fffff"}};
    if (block->height > 0) result["previousblockhash"] = ShowHash(block->header.previous);
    return result;
}

Json GetMempoolInfo(Chain& chain, const Json&)
{
    size_t bytes{0};
    int64_t fees_sat{0};
    const auto entries{chain.MempoolEntries()};
    for (const MempoolEntry& entry : entries) {
        bytes += (entry.weight + WITNESS_SCALE_FACTOR - 1) / WITNESS_SCALE_FACTOR;
        fees_sat += entry.fee_sat;
    }
    return {{"loaded", true},
            {"size", entries.size()},
            {"bytes", bytes},
            {"total_fee", static_cast<double>(fees_sat) / static_cast<double>(COIN_SAT)}};
}

Json GetRawMempool(Chain& chain, const Json&)
{
    Json ids = Json::array();
    for (const MempoolEntry& entry : chain.MempoolEntries()) ids.push_back(ShowHash(entry.txid));
    return ids;
}

Json Generate(Chain& chain, const Json& params)
{
    const int64_t count{IntegerParameter(params, 0, "nblocks")};
    if (count < 0 || count > MAX_GENERATE) throw RpcError{INVALID_PARAMETER, "nblocks must be from 0 to 100"};
    Json hashes = Json::array();
    for (const Hash256& hash : chain.Generate(static_cast<int>(count))) hashes.push_back(ShowHash(hash));
    return hashes;
}

Json Echo(Chain&, const Json& params) { return params; }

// Returns the seconds since the start, by the model's own clock.
Json Uptime(Chain& chain, const Json&) { return chain.GetTip().height * CLOCK_STEP_S; }

Json Help(Chain& chain, const Json& params);

struct Method {
    std::string_view name;
    Json (*run)(Chain& chain, const Json& params);
};

// All methods. `generate` is not a method of Bitcoin Core: it mines without an address.
constexpr std::array METHODS{
    Method{"echo", Echo},
    Method{"generate", Generate},
    Method{"getbestblockhash", GetBestBlockHash},
    Method{"getblockcount", GetBlockCount},
    Method{"getblockhash", GetBlockHash},
    Method{"getblockheader", GetBlockHeader},
    Method{"getmempoolinfo", GetMempoolInfo},
    Method{"getrawmempool", GetRawMempool},
    Method{"help", Help},
    Method{"uptime", Uptime},
};

Json Help(Chain&, const Json&)
{
    std::string text;
    for (const Method& method : METHODS) text += std::string{method.name} + "\n";
    return text;
}

// The part of a request that has been read so far. An error reply needs its id and version.
struct Request {
    std::optional<Json> id;
    bool version_2{false};

    bool IsNotification() const { return version_2 && !id; }
};

Json Execute(Chain& chain, const Json& message, Request& request)
{
    if (!message.is_object()) throw RpcError{INVALID_REQUEST, "Invalid Request object"};
    if (message.contains("id")) request.id = message["id"];
    if (const Json * version{Parameter(message, 0, "jsonrpc")}) {
        if (*version != "1.0" && *version != "2.0") throw RpcError{INVALID_REQUEST, "JSON-RPC version not supported"};
        request.version_2 = *version == "2.0";
    }
    const Json* name{Parameter(message, 0, "method")};
    if (name == nullptr) throw RpcError{INVALID_REQUEST, "Missing method"};
    if (!name->is_string()) throw RpcError{INVALID_REQUEST, "Method must be a string"};
    const Json* params{Parameter(message, 0, "params")};
    if (params != nullptr && !params->is_structured()) {
        throw RpcError{INVALID_REQUEST, "Params must be an array or object"};
    }
    const auto method{std::ranges::find(METHODS, name->get_ref<const std::string&>(), &Method::name)};
    if (method == METHODS.end()) throw RpcError{METHOD_NOT_FOUND, "Method not found"};
    return method->run(chain, params == nullptr ? Json::array() : *params);
}

Json Reply(const Request& request, const Json& result, const Json& error)
{
    Json reply = Json::object();
    if (request.version_2) reply["jsonrpc"] = "2.0";
    if (!request.version_2 || error.is_null()) reply["result"] = result;
    if (!request.version_2 || !error.is_null()) reply["error"] = error;
    if (request.id) reply["id"] = *request.id;
    return reply;
}

// The reply to one message; nullopt for a notification.
std::optional<Json> Answer(Chain& chain, const Json& message)
{
    Request request;
    Json reply;
    try {
        const Json result = Execute(chain, message, request);
        reply = Reply(request, result, nullptr);
    } catch (const RpcError& error) {
        reply = Reply(request, nullptr, {{"code", error.code}, {"message", error.message}});
    }
    if (request.IsNotification()) return std::nullopt;
    return reply;
}

Json AnswerBatch(Chain& chain, const Json& batch)
{
    if (batch.size() > MAX_BATCH)
        return Reply({}, nullptr, {{"code", INVALID_REQUEST}, {"message", "Batch too large"}});
    Json replies = Json::array();
    for (const Json& message : batch) {
        if (auto reply{Answer(chain, message)}) replies.push_back(std::move(*reply));
    }
    return replies.empty() && !batch.empty() ? Json{} : replies;
}

// Parses the text. The result is "discarded" if it is not JSON, or is nested too deeply for recursive functions.
Json Parse(const std::string& text)
{
    bool too_deep{false};
    Json json = Json::parse(
        text,
        [&](int depth, Json::parse_event_t, const Json&) {
            too_deep |= depth > MAX_DEPTH;
            return !too_deep;
        },
        /*allow_exceptions=*/false);
    return too_deep ? Json(Json::value_t::discarded) : json;
}

Json AnswerText(Chain& chain, const std::string& text, BrokenJson broken)
{
    Json json = Parse(text);
    // PLANTED BUG json-truncated: continues with the part that could be read.
    if (json.is_discarded() && broken == BrokenJson::USED) json = planted::ReadablePart(text);
    if (json.is_array()) return AnswerBatch(chain, json);
    if (json.is_object()) return Answer(chain, json).value_or(Json{});
    return Reply({}, nullptr, {{"code", PARSE_ERROR}, {"message", "Top-level object parse error"}});
}

} // namespace

std::string ExecuteJsonRpc(Chain& chain, const std::string& request, BrokenJson broken)
{
    return AnswerText(chain, request, broken).dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

} // namespace mpfuzz::model_node
