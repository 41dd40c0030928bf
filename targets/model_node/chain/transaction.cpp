#include <targets/model_node/chain/transaction.h>

#include <algorithm>

namespace mpfuzz::model_node {
namespace {

std::vector<TxIn> DecodeInputs(Reader& reader)
{
    std::vector<TxIn> inputs(reader.Count(/*item_size=*/41));
    for (TxIn& input : inputs) {
        input.prevout.txid = reader.Hash();
        input.prevout.index = reader.Integer<uint32_t>();
        input.script_sig = reader.VarBytes();
        input.sequence = reader.Integer<uint32_t>();
    }
    return inputs;
}

std::vector<TxOut> DecodeOutputs(Reader& reader)
{
    std::vector<TxOut> outputs(reader.Count(/*item_size=*/9));
    for (TxOut& output : outputs) {
        output.value_sat = static_cast<int64_t>(reader.Integer<uint64_t>());
        output.script = reader.VarBytes();
    }
    return outputs;
}

void DecodeWitness(Reader& reader, Transaction& tx)
{
    for (TxIn& input : tx.inputs) {
        input.witness.resize(reader.Count(/*item_size=*/1));
        for (Bytes& item : input.witness) item = reader.VarBytes();
    }
    if (!tx.HasWitness()) throw DecodeError{"a transaction has an empty witness part"};
}

} // namespace

bool Transaction::HasWitness() const
{
    return std::ranges::any_of(inputs, [](const TxIn& input) { return !input.witness.empty(); });
}

Transaction DecodeTransaction(Reader& reader)
{
    Transaction tx;
    tx.version = reader.Integer<uint32_t>();
    tx.inputs = DecodeInputs(reader);
    uint8_t flags{0};
    if (tx.inputs.empty()) {
        // What looked like an empty list of inputs is the marker of the extended format; with flags of
        // zero it really was an empty list, and Bitcoin Core then reads no outputs either.
        flags = reader.Integer<uint8_t>();
        if (flags != 0) {
            tx.inputs = DecodeInputs(reader);
            tx.outputs = DecodeOutputs(reader);
        }
    } else {
        tx.outputs = DecodeOutputs(reader);
    }
    if (flags & 1) DecodeWitness(reader, tx);
    if (flags & ~1) throw DecodeError{"a transaction has unknown optional parts"};
    tx.lock_time = reader.Integer<uint32_t>();
    return tx;
}

void EncodeOutput(Writer& writer, const TxOut& output)
{
    writer.Integer(static_cast<uint64_t>(output.value_sat));
    writer.VarBytes(output.script);
}

void EncodeTransaction(Writer& writer, const Transaction& tx, WithWitness with_witness)
{
    const bool extended{with_witness == WithWitness::Yes && tx.HasWitness()};
    writer.Integer(tx.version);
    if (extended) writer.Integer(uint16_t{0x0100});
    writer.CompactSize(tx.inputs.size());
    for (const TxIn& input : tx.inputs) {
        writer.Hash(input.prevout.txid);
        writer.Integer(input.prevout.index);
        writer.VarBytes(input.script_sig);
        writer.Integer(input.sequence);
    }
    writer.CompactSize(tx.outputs.size());
    for (const TxOut& output : tx.outputs) EncodeOutput(writer, output);
    if (extended) {
        for (const TxIn& input : tx.inputs) {
            writer.CompactSize(input.witness.size());
            for (const Bytes& item : input.witness) writer.VarBytes(item);
        }
    }
    writer.Integer(tx.lock_time);
}

Bytes EncodeTransaction(const Transaction& tx, WithWitness with_witness)
{
    Writer writer;
    EncodeTransaction(writer, tx, with_witness);
    return writer.Take();
}

Hash256 TxId(const Transaction& tx) { return DoubleSha256(EncodeTransaction(tx, WithWitness::No)); }

Hash256 WitnessTxId(const Transaction& tx) { return DoubleSha256(EncodeTransaction(tx, WithWitness::Yes)); }

size_t Weight(const Transaction& tx)
{
    return 3 * EncodeTransaction(tx, WithWitness::No).size() + EncodeTransaction(tx, WithWitness::Yes).size();
}

} // namespace mpfuzz::model_node
