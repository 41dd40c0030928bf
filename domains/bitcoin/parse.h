#pragma once

#include <domains/bitcoin/block.h>
#include <domains/bitcoin/values.h>

#include <optional>
#include <string_view>

namespace mpfuzz::domains::bitcoin {

//! Read 80 bytes; nothing where there are fewer. Bytes behind them are ignored.
std::optional<BlockHeader> ParseHeader(std::string_view bytes);

//! Inverse of Serialize: a whole block, its transactions in either form; nothing where the bytes are no block or go on
//! behind it. Says nothing about whether the block is valid. Cost: linear in the bytes.
std::optional<Block> ParseBlock(std::string_view bytes);

//! The same for the others that have a Serialize. A transaction without inputs cannot be told from the extended form:
//! it reads as something else, or not at all.
std::optional<Transaction> ParseTransaction(std::string_view bytes);
std::optional<FeeRate> ParseFeeRate(std::string_view bytes);
std::optional<OutPoint> ParseOutPoint(std::string_view bytes);
std::optional<Script> ParseScript(std::string_view bytes);

} // namespace mpfuzz::domains::bitcoin
