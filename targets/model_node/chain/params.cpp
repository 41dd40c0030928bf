#include <targets/model_node/chain/params.h>

#include <targets/model_node/chain/script.h>

#include <string_view>

namespace mpfuzz::model_node {
namespace {

Bytes FromHex(std::string_view hex)
{
    Bytes bytes;
    for (size_t i{0}; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16)));
    }
    return bytes;
}

// The coinbase that every Bitcoin network starts with: a headline, and 50 coins for a public key.
Transaction GenesisCoinbase()
{
    constexpr std::string_view HEADLINE{"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"};
    constexpr std::string_view PUBLIC_KEY{"04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
                                          "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"};
    Transaction tx;
    tx.version = 1;
    TxIn& input{tx.inputs.emplace_back()};
    Writer script_sig;
    script_sig.VarBytes(FromHex("ffff001d"));
    script_sig.VarBytes(Bytes{4});
    script_sig.VarBytes(Bytes{HEADLINE.begin(), HEADLINE.end()});
    input.script_sig = script_sig.Take();
    Writer script;
    script.VarBytes(FromHex(PUBLIC_KEY));
    script.Integer(OP_CHECKSIG);
    tx.outputs.push_back({.value_sat = 50 * COIN_SAT, .script = script.Take()});
    return tx;
}

} // namespace

const Block& GenesisBlock()
{
    static const Block GENESIS{[] {
        Block block;
        block.transactions.push_back(GenesisCoinbase());
        block.header = {.version = 1,
                        .previous = {},
                        .merkle_root = BlockMerkleRoot(block).root,
                        .time_s = 1296688602,
                        .bits = POW_BITS,
                        .nonce = 2};
        return block;
    }()};
    return GENESIS;
}

} // namespace mpfuzz::model_node
