// The set of unspent outputs.
#pragma once

#include <targets/model_node/chain/block.h>
#include <targets/model_node/chain/check.h>

#include <cstddef>
#include <cstdint>
#include <map>

namespace mpfuzz::model_node {

struct Coin {
    TxOut output;
    int height{0};
    bool from_coinbase{false};
};

//! Unspent outputs by where they are. Not thread-safe. Holds at most a fixed number of coins: outputs of
//! later blocks are then forgotten, and spending them is an error like spending what never was.
class Coins
{
public:
    void Add(const OutPoint& place, Coin coin);

    //! Whether the transactions of `block` may be spent at `height`: inputs there and mature, amounts in
    //! order, scripts known (ConnectBlock in Bitcoin Core). Changes nothing.
    Verdict Check(const Block& block, int height) const;

    //! Spend and add what `block` does. Must have passed `Check`.
    void Connect(const Block& block, int height);

private:
    std::map<OutPoint, Coin> m_coins;
};

} // namespace mpfuzz::model_node
