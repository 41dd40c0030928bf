// Blocks: values, their bytes, proof of work and merkle trees.
#pragma once

#include <targets/model_node/chain/hash.h>
#include <targets/model_node/chain/serialize.h>
#include <targets/model_node/chain/transaction.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mpfuzz::model_node {

struct BlockHeader {
    uint32_t version{0};
    Hash256 previous;
    Hash256 merkle_root;
    uint32_t time_s{0};
    uint32_t bits{0};
    uint32_t nonce{0};

    bool operator==(const BlockHeader&) const = default;
};

struct Block {
    BlockHeader header;
    std::vector<Transaction> transactions;

    bool operator==(const Block&) const = default;
};

//! 80 bytes.
Bytes EncodeHeader(const BlockHeader& header);
Bytes EncodeBlock(const Block& block, WithWitness with_witness);

//! Read a block; bytes after its end are ignored, as Bitcoin Core's IPC does. Throws DecodeError.
Block DecodeBlock(std::span<const uint8_t> data);

Hash256 HashOf(const BlockHeader& header);

//! Whether the header's hash meets the target in `bits`, and that target is one that regtest allows.
bool HasProofOfWork(const BlockHeader& header);

struct MerkleRoot {
    Hash256 root;
    bool mutated{false}; //!< Two equal hashes side by side (CVE-2012-2459).
};

//! Root of the merkle tree over `leaves`; all zero if there are none.
MerkleRoot ComputeMerkleRoot(std::vector<Hash256> leaves);
MerkleRoot BlockMerkleRoot(const Block& block);

//! Root over the witness ids, with zero for the coinbase (BIP 141).
Hash256 WitnessMerkleRoot(const Block& block);

//! The hashes that lead from the coinbase to the root, deepest first.
std::vector<Hash256> CoinbaseMerklePath(const Block& block);

//! Index of the coinbase output that commits to the witnesses: the last one of that form (BIP 141).
std::optional<size_t> WitnessCommitmentIndex(const Block& block);

//! Script of an output that commits to the witnesses of `block`, given the coinbase's reserved value.
Bytes WitnessCommitmentScript(const Block& block, std::span<const uint8_t> reserved_value);

//! Weight units (BIP 141) of the whole block.
size_t Weight(const Block& block);

} // namespace mpfuzz::model_node
