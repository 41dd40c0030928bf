#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>

#include <algorithm>
#include <array>

namespace mpfuzz::mutate {

using base::Rng;
using schema::Kind;

namespace {

// Longest piece that one change inserts or overwrites. Guess, unmeasured.
constexpr size_t MAX_PIECE{64};

//! Bytes to put in. Text is mostly kept readable; making it broken is what BreakValue is for.
std::string MakePiece(Rng& rng, Kind kind, size_t length)
{
    // Numbers' limits and common terminators.
    static constexpr std::array<char, 8> INTERESTING{'\0', '\1', '\x7f', '\x80', '\xff', '\n', ' ', '/'};
    const bool readable{kind == Kind::TEXT && !rng.OneIn(8)};
    const bool run{rng.OneIn(4)};
    const auto make{[&]() -> char {
        if (readable) return static_cast<char>(rng.OneIn(2) ? rng.Range('a', 'z') : rng.Range(' ', '~'));
        return rng.OneIn(3) ? rng.Pick(INTERESTING) : static_cast<char>(rng.Below(256));
    }};
    std::string piece(length, make());
    if (!run) std::ranges::generate(piece, make);
    return piece;
}

//! A random piece of [0, size): not empty, mostly short.
std::pair<size_t, size_t> PickPiece(Rng& rng, size_t size)
{
    const size_t begin{rng.Below(size)};
    return {begin, 1 + rng.SkewedLength(std::min(MAX_PIECE, size - begin) - 1)};
}

void ChangeInside(Rng& rng, Kind kind, std::string& bytes)
{
    const auto [begin, length]{PickPiece(rng, bytes.size())};
    char& byte{bytes[begin]};
    switch (rng.Below(7)) {
    case 0: bytes.erase(begin, length); break;
    case 1: bytes.replace(begin, length, MakePiece(rng, kind, length)); break;
    case 2: bytes.insert(begin, bytes.substr(begin, length)); break;
    case 3: byte = static_cast<char>(byte ^ (1 << rng.Below(8))); break;
    case 4: byte = static_cast<char>(rng.OneIn(2) ? byte + 1 : byte - 1); break;
    case 5: bytes.resize(begin); break;
    default: std::swap(byte, bytes[rng.Below(bytes.size())]);
    }
}

std::string Change(Rng& rng, Kind kind, std::string bytes)
{
    // Guesses, unmeasured: anew, insert, change what is there.
    static constexpr std::array<uint32_t, 3> WEIGHTS{15, 25, 60};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return kind == Kind::TEXT ? generate::MakeText(rng, /*may_misbehave=*/false) : generate::MakeData(rng);
    case 1: {
        // At the end as often as anywhere else: what begins well is what got this far.
        const size_t position{rng.OneIn(2) ? bytes.size() : rng.Below(bytes.size() + 1)};
        bytes.insert(position, MakePiece(rng, kind, 1 + rng.SkewedLength(MAX_PIECE - 1)));
        break;
    }
    default:
        if (!bytes.empty()) ChangeInside(rng, kind, bytes);
    }
    return bytes;
}

} // namespace

bool ChangeBytes(program::Program& program, Context& context)
{
    const auto site{PickValue(context, program, [](const ValueRef& candidate) {
        const bool is_bytes{candidate.type.kind == Kind::TEXT || candidate.type.kind == Kind::DATA};
        return is_bytes && (candidate.value->As<program::Blob>() || candidate.value->As<program::Null>());
    })};
    if (!site) return false;
    const auto* blob{site->value->As<program::Blob>()};
    std::string bytes{Change(context.rng, site->type.kind, blob ? blob->bytes : "")};
    const size_t most{std::max(generate::MAX_BLOB_BYTES, blob ? blob->bytes.size() : 0)};
    if (bytes.size() > most) bytes.resize(most);
    *site->value = program::Blob{std::move(bytes)};
    return true;
}

} // namespace mpfuzz::mutate
