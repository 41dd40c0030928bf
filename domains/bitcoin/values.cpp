#include <domains/bitcoin/values.h>

#include <domains/bitcoin/serialize.h>

namespace mpfuzz::domains::bitcoin {

std::string Serialize(const FeeRate& rate)
{
    std::string out;
    AppendInteger(out, rate.sat_per_kvb);
    return out;
}

std::string Serialize(const OutPoint& point)
{
    std::string out{point.txid};
    AppendInteger(out, point.output);
    return out;
}

std::string Serialize(const Script& script)
{
    std::string out;
    AppendSized(out, script.bytes);
    return out;
}

} // namespace mpfuzz::domains::bitcoin
