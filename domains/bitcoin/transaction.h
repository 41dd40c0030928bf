#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mpfuzz::domains::bitcoin {

struct TxIn {
    std::string txid = std::string(32, '\0'); //!< of the transaction whose output is spent; wire order
    uint32_t output{0xffffffff};              //!< index of that output; the default is a coinbase's
    std::string script_sig;
    uint32_t sequence{0xffffffff};
    std::vector<std::string> witness;
    bool operator==(const TxIn&) const = default;
};

struct TxOut {
    int64_t value_sat{0};
    std::string script;
    bool operator==(const TxOut&) const = default;
};

struct Transaction {
    uint32_t version{2};
    std::vector<TxIn> inputs;
    std::vector<TxOut> outputs;
    uint32_t lock_time{0};
    bool operator==(const Transaction&) const = default;
};

bool HasWitness(const Transaction& transaction);

std::string Serialize(const TxOut& output);

//! The wire format. If `with_witness` is set and an input has a witness, it is the extended form of BIP 144.
std::string Serialize(const Transaction& transaction, bool with_witness);

//! Double SHA-256 of the form without witnesses.
std::string Txid(const Transaction& transaction);

//! Double SHA-256 of the form with witnesses (BIP 141).
std::string WitnessTxid(const Transaction& transaction);

//! Returns the push of the height that BIP 34 requires at the beginning of a coinbase's script: 1 byte for heights up
//! to 16, 2 bytes up to 127, 3 bytes up to 32767.
std::string HeightScript(uint32_t height);

//! A well-formed coinbase. Anyone can spend its output (OP_TRUE).
//! @param extra  Follows the height. A script shorter than 2 bytes in all is invalid.
Transaction MakeCoinbase(uint32_t height, std::string extra, int64_t value_sat);

} // namespace mpfuzz::domains::bitcoin
