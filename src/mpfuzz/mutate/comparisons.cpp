#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/numbers_and_bytes.h>
#include <mpfuzz/mutate/value_ref.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace mpfuzz::mutate {

using program::Value;
using schema::Kind;

namespace {

// Guesses, unmeasured: how many bytes at the beginning of a Text or Data are searched for operands, and the length of
// the longest list that is made to match a comparison.
constexpr size_t MAX_SEARCHED_BYTES{1024};
constexpr size_t MAX_ELEMENTS{256};

//! For each number, the numbers that it was compared with.
using Partners = std::unordered_multimap<uint64_t, uint64_t>;

//! An operand of a comparison that occurs in a value, and the other operand of that comparison.
struct Match {
    uint64_t operand{0};
    uint64_t partner{0};
    //! Position and size of the operand in a Text or Data. If `width` is 0, the operand is the value itself or its
    //! length.
    size_t offset{0};
    size_t width{0};
    bool big_endian{false};
};

void FindNumber(const Partners& partners, uint64_t number, Match match, std::vector<Match>& found)
{
    const auto [begin, end]{partners.equal_range(number)};
    for (auto partner{begin}; partner != end; ++partner) {
        match.operand = number;
        match.partner = partner->second;
        found.push_back(match);
    }
}

//! Looks for a number with its own width, and widened to 32 and 64 bits: C++ code widens small numbers before it
//! compares them.
void FindWidened(const Partners& partners, Kind kind, uint64_t bits, std::vector<Match>& found)
{
    const unsigned width{std::max(BitWidth(kind), 8U)};
    uint64_t previous{0};
    for (const unsigned seen : {width, 32U, 64U}) {
        const uint64_t number{seen < width ? bits : (bits << (64 - seen)) >> (64 - seen)};
        if (seen == width || number != previous) FindNumber(partners, number, {}, found);
        previous = number;
    }
}

uint64_t ReadInteger(std::string_view bytes, bool big_endian)
{
    uint64_t number{0};
    for (size_t i{0}; i < bytes.size(); ++i) {
        const size_t shift{8 * (big_endian ? bytes.size() - 1 - i : i)};
        number |= uint64_t{static_cast<uint8_t>(bytes[i])} << shift;
    }
    return number;
}

void WriteInteger(std::string& bytes, const Match& match, uint64_t number)
{
    for (size_t i{0}; i < match.width; ++i) {
        const size_t shift{8 * (match.big_endian ? match.width - 1 - i : i)};
        bytes[match.offset + i] = static_cast<char>(number >> shift);
    }
}

//! Looks for integers of one width, in either byte order, at each offset in `bytes`.
void FindInBytes(const Partners& partners, std::string_view bytes, size_t width, std::vector<Match>& found)
{
    for (size_t offset{0}; offset + width <= std::min(bytes.size(), MAX_SEARCHED_BYTES); ++offset) {
        for (const bool big_endian : {false, true}) {
            if (width == 1 && big_endian) continue;
            FindNumber(partners, ReadInteger(bytes.substr(offset, width), big_endian),
                       {.offset = offset, .width = width, .big_endian = big_endian}, found);
        }
    }
}

Partners PartnersOf(const ComparisonList& comparisons)
{
    Partners partners;
    for (const auto& [left, right] : comparisons) {
        partners.emplace(left, right);
        partners.emplace(right, left);
    }
    return partners;
}

std::vector<Match> FindMatches(const Partners& partners, schema::Type type, const Value& value)
{
    std::vector<Match> found;
    size_t longest{UINT64_MAX};
    if (const auto bits{ToBits(value)}) {
        FindWidened(partners, type.kind, *bits, found);
    } else if (const auto* blob{value.As<program::Blob>()}) {
        // The target may also compare the NUL that ends a text.
        const size_t nul{type.kind == Kind::TEXT ? size_t{1} : size_t{0}};
        const std::string_view bytes{blob->bytes.c_str(), blob->bytes.size() + nul};
        for (const size_t width : {1, 2, 4, 8}) FindInBytes(partners, bytes, width, found);
        FindNumber(partners, blob->bytes.size(), {}, found);
        longest = generate::MAX_BLOB_BYTES;
    } else if (const auto* list{value.As<program::ListValue>()}) {
        FindNumber(partners, list->elements.size(), {}, found);
        longest = MAX_ELEMENTS;
    }
    std::erase_if(found, [&](const Match& match) { return match.width == 0 && match.partner > longest; });
    return found;
}

//! Picks a width first, then a match of that width. There are many matches of one byte, and most are accidental; there
//! are few wide matches, and few of those are accidental.
Match PickMatch(base::Rng& rng, const std::vector<Match>& matches)
{
    std::map<size_t, std::vector<Match>> by_width;
    for (const Match& match : matches) by_width[match.width].push_back(match);
    const auto group{std::next(by_width.begin(), static_cast<std::ptrdiff_t>(rng.Below(by_width.size())))};
    return rng.Pick(group->second);
}

void Resize(const Context& context, schema::Type element, std::vector<Value>& elements, size_t length)
{
    if (length < elements.size()) elements.resize(length);
    while (elements.size() < length) elements.push_back(MakeAtom(context, element));
}

//! Replaces the operand of a match by a number.
void Apply(const Context& context, const ValueRef& ref, const Match& match, uint64_t number)
{
    if (ToBits(*ref.value)) {
        *ref.value = FromBits(ref.type.kind, number);
    } else if (auto* blob{ref.value->As<program::Blob>()}) {
        if (match.width == 0) {
            blob->bytes.resize(std::min<uint64_t>(number, generate::MAX_BLOB_BYTES));
        } else {
            blob->bytes.resize(std::max(blob->bytes.size(), match.offset + match.width));
            WriteInteger(blob->bytes, match, number);
        }
    } else {
        Resize(context, context.schema.Element(ref.type), ref.value->As<program::ListValue>()->elements,
               std::min<uint64_t>(number, MAX_ELEMENTS));
    }
}

} // namespace

ComparisonList RelevantComparisons(const schema::Schema& schema, const program::Program& program,
                                   const ComparisonList& comparisons)
{
    const Partners partners{PartnersOf(comparisons)};
    std::set<std::pair<uint64_t, uint64_t>> found;
    for (const program::Step& step : program.steps) {
        program::VisitValues(schema, step, [&](const Value& value, const program::ValuePosition& at) {
            for (const Match& match : FindMatches(partners, at.type, value))
                found.emplace(match.operand, match.partner);
        });
    }
    return {found.begin(), found.end()};
}

bool MatchComparison(program::Program& program, Context& context)
{
    if (!context.comparisons) return false;
    const Partners partners{PartnersOf((*context.comparisons)())};
    const auto picked{PickValue(context, program, [&](const ValueRef& candidate) {
        return !FindMatches(partners, candidate.type, *candidate.value).empty();
    })};
    if (!picked) return false;
    const Match match{PickMatch(context.rng, FindMatches(partners, picked->type, *picked->value))};
    // Usually make the number equal. Sometimes make it one more or one less, because the target may have used < or >.
    // The shares are guesses, unmeasured.
    static constexpr std::array<uint64_t, 6> DISTANCES{0, 0, 0, 0, 1, static_cast<uint64_t>(-1)};
    Apply(context, *picked, match, match.partner + context.rng.Pick(DISTANCES));
    return true;
}

} // namespace mpfuzz::mutate
