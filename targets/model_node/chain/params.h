// Numbers in the rules of Bitcoin's regtest, and the model's own clock.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mpfuzz::model_node {

// From bitcoin/bitcoin: src/consensus/{amount,consensus}.h, src/policy/policy.h, src/kernel/chainparams.cpp (regtest).
constexpr int64_t COIN_SAT{100'000'000};
constexpr int64_t MAX_MONEY_SAT{21'000'000 * COIN_SAT};
constexpr size_t WITNESS_SCALE_FACTOR{4};
constexpr size_t MAX_BLOCK_WEIGHT{4'000'000};
constexpr uint64_t MAX_BLOCK_SIGOPS_COST{80'000};
constexpr uint64_t MINIMUM_BLOCK_RESERVED_WEIGHT{2'000};
constexpr int COINBASE_MATURITY{100};
constexpr int HALVING_INTERVAL{150};
constexpr uint32_t LOCKTIME_THRESHOLD{500'000'000};
constexpr uint32_t SEQUENCE_FINAL{0xffffffff};
constexpr int64_t MAX_FUTURE_BLOCK_TIME_S{2 * 60 * 60};
constexpr size_t MEDIAN_TIME_SPAN{11};

// The model's clock: an arbitrary start, and one step for each block on the chain. It does not depend on the real time,
// so that the same calls get the same answers in every run.
constexpr int64_t CLOCK_START_S{1'700'000'000};
constexpr int64_t CLOCK_STEP_S{600};

//! New coins in the block at `height` (satoshis).
constexpr int64_t Subsidy(int height)
{
    const int halvings{height / HALVING_INTERVAL};
    return halvings >= 64 ? 0 : (50 * COIN_SAT) >> halvings;
}

} // namespace mpfuzz::model_node
