// Transactions: values, their bytes (BIP 144) and their ids.
#pragma once

#include <targets/model_node/chain/hash.h>
#include <targets/model_node/chain/serialize.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mpfuzz::model_node {

struct OutPoint {
    Hash256 txid;
    uint32_t index{0xffffffff};

    auto operator<=>(const OutPoint&) const = default;
    bool IsNull() const { return txid == Hash256{} && index == 0xffffffff; }
};

struct TxIn {
    OutPoint prevout;
    Bytes script_sig;
    uint32_t sequence{0xffffffff};
    std::vector<Bytes> witness;

    bool operator==(const TxIn&) const = default;
};

struct TxOut {
    int64_t value_sat{0};
    Bytes script;

    bool operator==(const TxOut&) const = default;
};

struct Transaction {
    uint32_t version{2};
    std::vector<TxIn> inputs;
    std::vector<TxOut> outputs;
    uint32_t lock_time{0};

    bool operator==(const Transaction&) const = default;
    bool HasWitness() const;
    bool IsCoinbase() const { return inputs.size() == 1 && inputs[0].prevout.IsNull(); }
};

enum class WithWitness : bool { No, Yes };

//! Read one transaction, with its witness if it has one. Throws DecodeError.
Transaction DecodeTransaction(Reader& reader);

void EncodeOutput(Writer& writer, const TxOut& output);
void EncodeTransaction(Writer& writer, const Transaction& tx, WithWitness with_witness);
Bytes EncodeTransaction(const Transaction& tx, WithWitness with_witness);

Hash256 TxId(const Transaction& tx);
Hash256 WitnessTxId(const Transaction& tx);

//! Weight units (BIP 141): three times the size without witness plus the size with it.
size_t Weight(const Transaction& tx);

} // namespace mpfuzz::model_node
