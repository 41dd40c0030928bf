#pragma once

#include <domains/bitcoin/transaction.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mpfuzz::domains::bitcoin {

struct BlockHeader {
    uint32_t version{0x20000000};
    std::string previous = std::string(32, '\0');    //!< hash, wire order
    std::string merkle_root = std::string(32, '\0'); //!< wire order
    uint32_t time_s{0};                              //!< since 1970
    uint32_t bits{0};
    uint32_t nonce{0};
    bool operator==(const BlockHeader&) const = default;
};

//! Offsets into a serialised header.
inline constexpr uint64_t VERSION_OFFSET{0};
inline constexpr uint64_t TIME_OFFSET{68};
inline constexpr uint64_t NONCE_OFFSET{76};
inline constexpr uint64_t HEADER_BYTES{80};

struct Block {
    BlockHeader header;
    std::vector<Transaction> transactions;
    bool operator==(const Block&) const = default;
};

//! 80 bytes.
std::string Serialize(const BlockHeader& header);
std::string Serialize(const Block& block, bool with_witness = true);
//! The block's hash, in wire order.
std::string Hash(const BlockHeader& header);
//! Root of the merkle tree over transaction ids; 32 zeros if there are none.
std::string MerkleRoot(std::vector<std::string> txids);

//! Constants of regtest, from Bitcoin Core's src/kernel/chainparams.cpp.
inline constexpr uint32_t REGTEST_GENESIS_TIME{1296688602};
inline constexpr uint32_t REGTEST_BITS{0x207fffff};
inline constexpr int64_t REGTEST_SUBSIDY_SAT{5'000'000'000}; //!< up to height 149
BlockHeader RegtestGenesis();
//! The only transaction of the genesis block, whose id is also its merkle root; in wire order.
std::string GenesisTxid();

//! Sets the merkle root, and the first nonce with which the header meets regtest's difficulty. Cost: two hashes on
//! average.
void Mine(Block& block);

//! Returns the block at `height` (at least 1) of a valid chain: empty blocks after regtest's genesis block, ten minutes
//! apart. Cost: a few hashes a block.
Block MakeChainBlock(uint32_t height);

} // namespace mpfuzz::domains::bitcoin
