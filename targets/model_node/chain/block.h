// Blocks and transactions. Values and wire format are those of domains/bitcoin; this adds what a node does with them.
#pragma once

#include <domains/bitcoin/block.h>
#include <domains/bitcoin/serialize.h>
#include <domains/bitcoin/transaction.h>
#include <domains/bitcoin/values.h>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::model_node {

using domains::bitcoin::Block;
using domains::bitcoin::BlockHeader;
using domains::bitcoin::DoubleSha256;
using domains::bitcoin::MerkleRoot;
using domains::bitcoin::OutPoint;
using domains::bitcoin::Transaction;
using domains::bitcoin::TxIn;
using domains::bitcoin::TxOut;

using Bytes = std::string;

//! 32 bytes in the order of the hash function's output.
using Hash256 = std::string;

//! The bytes are not a valid encoding. The call that has them is answered with an error.
class DecodeError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

//! These functions read one value and ignore the bytes after it, as Bitcoin Core's IPC does. They throw DecodeError.
Block DecodeBlock(std::string_view bytes);
Transaction DecodeTransaction(std::string_view bytes);
Hash256 DecodeHash(std::string_view bytes);

//! Returns 64 lower-case hexadecimal digits, last byte first, as Bitcoin shows hashes.
std::string ShowHash(Hash256 hash);

//! Inverse of `ShowHash`; accepts upper case too. Returns nullopt if the text is not exactly 64 digits.
std::optional<Hash256> HashFromHex(std::string_view hex);

//! The output that an input spends.
OutPoint SpentBy(const TxIn& input);

bool IsCoinbase(const Transaction& tx);

//! True if the header's hash meets the target in `bits`, and regtest allows that target.
bool HasProofOfWork(const BlockHeader& header);

Hash256 BlockMerkleRoot(const Block& block);

//! True if the merkle tree over the transactions has a pair of equal hashes. Then a block with more transactions has
//! the same root (CVE-2012-2459).
bool HasEqualPair(const Block& block);

//! The hashes that lead from the coinbase to the root, deepest first.
std::vector<Hash256> CoinbaseMerklePath(const Block& block);

//! Index of the coinbase output that commits to the witnesses: the last one of that form (BIP 141).
std::optional<size_t> WitnessCommitmentIndex(const Block& block);

//! Script of an output that commits to the witnesses of `block`, given the coinbase's reserved value.
Bytes WitnessCommitmentScript(const Block& block, std::string_view reserved_value);

//! Weight units (BIP 141): three times the size without witnesses plus the size with them.
size_t Weight(const Transaction& tx);
size_t Weight(const Block& block);

} // namespace mpfuzz::model_node
