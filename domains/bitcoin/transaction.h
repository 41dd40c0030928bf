#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mpfuzz::domains::bitcoin {

struct TxIn {
    std::string txid = std::string(32, '\0'); //!< of the output spent, as it travels
    uint32_t output{0xffffffff};              //!< which of its outputs; the default is a coinbase's
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

//! Wire bytes; BIP 144's extended form where an input has a witness and `with_witness` is set.
std::string Serialize(const Transaction& transaction, bool with_witness);

//! Double SHA-256 of the form without witnesses, as it travels.
std::string Txid(const Transaction& transaction);

//! The height push that BIP 34 demands in front of a coinbase's script: 1 byte up to 16, 2 up to 127, 3 up to 32767.
std::string HeightScript(uint32_t height);

//! A well-formed coinbase that pays to anybody (OP_TRUE).
//! @param extra  Follows the height; scripts shorter than 2 bytes in all are invalid.
Transaction MakeCoinbase(uint32_t height, std::string extra, int64_t value_sat);

} // namespace mpfuzz::domains::bitcoin
