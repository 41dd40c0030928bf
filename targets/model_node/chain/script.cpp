#include <targets/model_node/chain/script.h>

#include <algorithm>

namespace mpfuzz::model_node {
namespace {

constexpr uint8_t OP_PUSHDATA1{0x4c};
constexpr uint8_t OP_PUSHDATA2{0x4d};
constexpr uint8_t OP_PUSHDATA4{0x4e};
constexpr uint8_t OP_CHECKSIGVERIFY{0xad};
constexpr uint8_t OP_CHECKMULTISIG{0xae};
constexpr uint8_t OP_CHECKMULTISIGVERIFY{0xaf};

// Step over the data that `opcode` pushes. False if the script ends within them.
bool SkipPush(uint8_t opcode, std::span<const uint8_t>& rest)
{
    size_t size{opcode};
    size_t length_size{0};
    if (opcode == OP_PUSHDATA1) length_size = 1;
    if (opcode == OP_PUSHDATA2) length_size = 2;
    if (opcode == OP_PUSHDATA4) length_size = 4;
    if (length_size > rest.size()) return false;
    if (length_size > 0) size = 0;
    for (size_t i{0}; i < length_size; ++i) size |= static_cast<size_t>(rest[i]) << (8 * i);
    rest = rest.subspan(length_size);
    if (size > rest.size()) return false;
    rest = rest.subspan(size);
    return true;
}

} // namespace

Bytes HeightPush(int height)
{
    if (height == 0) return {OP_0};
    if (height <= 16) return {static_cast<uint8_t>(OP_TRUE + height - 1)};
    Bytes push{0}; // Its length, once known.
    for (int rest{height}; rest > 0; rest >>= 8) push.push_back(static_cast<uint8_t>(rest));
    if (push.back() & 0x80) push.push_back(0); // The top bit is the sign.
    push[0] = static_cast<uint8_t>(push.size() - 1);
    return push;
}

uint64_t CountSigops(std::span<const uint8_t> script)
{
    uint64_t count{0};
    while (!script.empty()) {
        const uint8_t opcode{script[0]};
        script = script.subspan(1);
        if (opcode <= OP_PUSHDATA4) {
            if (!SkipPush(opcode, script)) break;
        } else if (opcode == OP_CHECKSIG || opcode == OP_CHECKSIGVERIFY) {
            count += 1;
        } else if (opcode == OP_CHECKMULTISIG || opcode == OP_CHECKMULTISIGVERIFY) {
            count += 20;
        }
    }
    return count;
}

uint64_t CountSigops(const Transaction& tx)
{
    uint64_t count{0};
    for (const TxIn& input : tx.inputs) count += CountSigops(input.script_sig);
    for (const TxOut& output : tx.outputs) count += CountSigops(output.script);
    return count;
}

Bytes WitnessAnyoneCanSpendScript()
{
    Writer script;
    script.Integer(OP_0);
    script.VarBytes(Sha256(Bytes{OP_TRUE}).bytes);
    return script.Take();
}

bool MaySpend(const TxIn& input, std::span<const uint8_t> script)
{
    if (!input.script_sig.empty()) return false;
    if (std::ranges::equal(script, Bytes{OP_TRUE})) return input.witness.empty();
    return std::ranges::equal(script, WitnessAnyoneCanSpendScript()) && input.witness == std::vector<Bytes>{{OP_TRUE}};
}

} // namespace mpfuzz::model_node
