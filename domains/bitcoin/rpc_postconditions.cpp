#include <domains/bitcoin/answers.h>
#include <domains/bitcoin/postconditions.h>

#include <string_view>

namespace mpfuzz::domains::bitcoin {

namespace {

// RPC_PARSE_ERROR in Bitcoin Core's src/rpc/protocol.h.
constexpr std::string_view PARSE_ERROR{"-32700"};

//! True for a JSON object that ends before it is closed, whatever else is wrong with it.
bool IsCutShort(std::string_view json)
{
    const size_t begin{json.find_first_not_of(" \t\r\n")};
    if (begin == std::string_view::npos || json[begin] != '{') return false;
    size_t open{0};
    bool in_string{false};
    for (size_t i{begin}; i < json.size(); ++i) {
        const char c{json[i]};
        if (in_string) {
            if (c == '\\') ++i;
            in_string = c != '"' || i >= json.size();
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++open;
        } else if ((c == '}' || c == ']') && --open == 0) {
            return false; // what follows is another error
        }
    }
    return true;
}

Complaint JudgeRequests(const Run& run)
{
    for (const Answered& answered : AnswersOf(run, "Rpc", "executeRpc")) {
        const program::Value* request{FindArgument(run, answered.call, {"request"})};
        const auto* text{request ? request->As<program::Blob>() : nullptr};
        if (!text || !IsCutShort(text->bytes)) continue;
        if (ResultBytes(run, answered, {"result"}).find(PARSE_ERROR) == std::string_view::npos) {
            return "a request that is cut short is answered as if it were whole";
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<domain::Postcondition> RpcPostconditions() { return {MakePostcondition("Rpc.executeRpc", JudgeRequests)}; }

} // namespace mpfuzz::domains::bitcoin
