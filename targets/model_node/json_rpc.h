// The few JSON-RPC methods that the model answers.
#pragma once

#include <targets/model_node/chain/chain.h>

#include <string>

namespace mpfuzz::model_node {

//! What to do with a request that is not valid JSON.
enum class BrokenJson {
    REFUSED,
    USED, //!< For the planted bug json-truncated.
};

//! Answers one request or a batch, in the request's version of JSON-RPC (1 or 2). Errors are replies too, with Bitcoin
//! Core's codes. The reply to a notification (version 2 without id) is "null". Thread-safe.
std::string ExecuteJsonRpc(Chain& chain, const std::string& request, BrokenJson broken = BrokenJson::REFUSED);

} // namespace mpfuzz::model_node
