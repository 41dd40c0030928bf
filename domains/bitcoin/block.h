#pragma once

#include <domains/bitcoin/transaction.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mpfuzz::domains::bitcoin {

struct BlockHeader {
    uint32_t version{0x20000000};
    std::string previous = std::string(32, '\0');    //!< hash, as it travels
    std::string merkle_root = std::string(32, '\0'); //!< as it travels
    uint32_t time{0};                                //!< seconds since 1970
    uint32_t bits{0};
    uint32_t nonce{0};
};

//! Offsets into a serialised header.
inline constexpr uint64_t VERSION_OFFSET{0};
inline constexpr uint64_t TIME_OFFSET{68};
inline constexpr uint64_t NONCE_OFFSET{76};
inline constexpr uint64_t HEADER_BYTES{80};

struct Block {
    BlockHeader header;
    std::vector<Transaction> transactions;
};

//! 80 bytes.
std::string Serialize(const BlockHeader& header);
std::string Serialize(const Block& block);
//! The block's hash, as it travels.
std::string Hash(const BlockHeader& header);
//! Root over transaction ids; 32 zeros where there are none.
std::string MerkleRoot(std::vector<std::string> txids);

//! Regtest, from Bitcoin Core's src/kernel/chainparams.cpp.
inline constexpr uint32_t REGTEST_GENESIS_TIME{1296688602};
inline constexpr uint32_t REGTEST_BITS{0x207fffff};
inline constexpr int64_t REGTEST_SUBSIDY_SAT{5'000'000'000}; //!< up to height 149
BlockHeader RegtestGenesis();
//! The only transaction of the genesis block, whose id is also its merkle root; as it travels.
std::string GenesisTxid();

//! Set the merkle root and the first nonce that makes a header valid at regtest's difficulty. Cost: two hashes on
//! average.
void Mine(Block& block);

//! The valid chain of empty blocks on the regtest genesis, ten minutes apart: its block at a height of
//! at least 1. Cost: a few hashes a block.
Block MakeChainBlock(uint32_t height);

} // namespace mpfuzz::domains::bitcoin
