#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace mpfuzz::program {
namespace {

//! Simpler values for one field in the arguments of Lab.echo, as text.
std::vector<std::string> Simpler(const std::string& field, const std::string& value)
{
    Program program{
        MustParse("c = connect\nlab = c.bootstrap Lab\nn = lab.numbers()\nlab.echo(" + field + " = " + value + ")\n")};
    const ArgumentPath place{ArgumentPaths(TestSchema(), program.steps[3]).at(0)};
    std::vector<std::string> texts;
    for (const Value& candidate : SimplerValues(TestSchema(), place.type, At(program.steps[3], place))) {
        texts.push_back(PrintValue(TestSchema(), program, place.type, candidate));
    }
    return texts;
}

using Texts = std::vector<std::string>;

TEST(SimplerValues, ComeSimplestFirst)
{
    EXPECT_EQ(Simpler("flag", "true"), (Texts{"false"}));
    EXPECT_EQ(Simpler("flag", "false"), Texts{});
    EXPECT_EQ(Simpler("uint8", "100"), (Texts{"0", "50", "75", "88", "94", "97", "99"}));
    EXPECT_EQ(Simpler("int8", "-128"), (Texts{"0", "-64", "-96", "-112", "-120", "-124", "-126", "-127"}));
    EXPECT_EQ(Simpler("int64", "-9223372036854775808").front(), "0");
    EXPECT_EQ(Simpler("float64", "2.5"), (Texts{"0", "1", "2"}));
    EXPECT_EQ(Simpler("float32", "nan:0x7fc00001"), (Texts{"0", "1", "nan"}));
    EXPECT_EQ(Simpler("float64", "-0.0"), (Texts{"0", "1"}));
    EXPECT_EQ(Simpler("colour", "enum(9)"), (Texts{"enum", "red", "enum(5)", "enum(7)", "enum(8)"}));
    EXPECT_EQ(Simpler("text", "\"wxyz\""),
              (Texts{"null", "\"\"", "\"yz\"", "\"wx\"", "\"xyz\"", "\"wyz\"", "\"wxz\"", "\"wxy\"", "\"aaaa\""}));
    EXPECT_EQ(Simpler("texts", "[\"a\", null]"), (Texts{"null", "[]", "[null]", "[\"a\"]"}));
    EXPECT_EQ(Simpler("texts", "[\"a\" * 4]"), (Texts{"null", "[]", "[\"a\" * 0]", "[\"a\" * 2]", "[\"a\" * 3]"}));
    EXPECT_EQ(Simpler("block", "(weight = 3)"), (Texts{"()"}));
    EXPECT_EQ(Simpler("anyPointer", "any Text \"x\""), (Texts{"null"}));
    EXPECT_EQ(Simpler("capability", "lab"), (Texts{"null"}));
    EXPECT_EQ(Simpler("uint8", "$n.small"), (Texts{"0"}));
    EXPECT_EQ(Simpler("data", "$n.words[0]|cut(3)|flip(1)"),
              (Texts{"null", "$numbers0.words[0]", "$numbers0.words[0]|flip(1)", "$numbers0.words[0]|cut(3)"}));
    EXPECT_EQ(Simpler("capability", "serve Lab { name: return (name = \"x\"); touch: never }"),
              (Texts{"null", "serve Lab", "serve Lab { name: return (name = \"x\") }", "serve Lab { touch: never }",
                     "serve Lab { touch: never; name: return () }"}));
}

TEST(SimplerValues, IncludeReactionsThatReturnAtOnce)
{
    EXPECT_EQ(Simpler("capability", "serve Listener { finished: later 9 (again = true) }"),
              (Texts{"null", "serve Listener", "serve Listener { finished: later 9 () }",
                     "serve Listener { finished: return (again = true) }"}));
    EXPECT_EQ(Simpler("capability", "serve Listener { tipChanged: call mining Mining.getTip then () }").back(),
              "serve Listener { tipChanged: return () }");
}

//! The size of a value. Every candidate must be smaller than the value.
struct Measure {
    uint64_t parts{0};     //!< values, bytes, edits, reactions; Null has none
    uint64_t magnitude{0}; //!< sum of the sizes of all numbers and repeat counts
    friend auto operator<=>(const Measure&, const Measure&) = default;
};

uint64_t FloatMagnitude(schema::Type type, uint64_t bits)
{
    const bool narrow{type.kind == schema::Kind::FLOAT32};
    const double number{narrow ? std::bit_cast<float>(static_cast<uint32_t>(bits)) : std::bit_cast<double>(bits)};
    if (bits == 0) return 0;
    if (number == 1) return 1;
    const bool plain_nan{bits == (narrow ? 0x7fc0'0000 : 0x7ff8'0000'0000'0000)};
    return plain_nan || number == std::trunc(number) ? 2 : 3;
}

Measure operator+(Measure a, Measure b) { return {a.parts + b.parts, a.magnitude + b.magnitude}; }

Measure MeasureOf(schema::Type type, const Value& value);

Measure MeasureOf(const std::vector<FieldValue>& fields)
{
    Measure sum{};
    for (const FieldValue& field : fields) sum = sum + MeasureOf({}, field.value) + Measure{1, 0};
    return sum;
}

Measure MeasureOf(schema::Type type, const Value& value)
{
    if (value.As<Null>()) return {};
    if (const auto* truth{value.As<bool>()}) return {1, *truth ? 1U : 0U};
    if (const auto* number{value.As<int64_t>()}) {
        return {1, *number < 0 ? uint64_t{0} - static_cast<uint64_t>(*number) : static_cast<uint64_t>(*number)};
    }
    if (const auto* number{value.As<uint64_t>()}) return {1, *number};
    if (const auto* number{value.As<EnumValue>()}) return {1, number->raw};
    if (const auto* number{value.As<Float>()}) return {1, FloatMagnitude(type, number->bits)};
    if (const auto* blob{value.As<Blob>()}) {
        const char filler{type.kind == schema::Kind::TEXT ? 'a' : '\0'};
        return {1 + blob->bytes.size(),
                static_cast<uint64_t>(std::ranges::count_if(blob->bytes, [&](char c) { return c != filler; }))};
    }
    if (const auto* fields{value.As<StructValue>()}) return Measure{1, 0} + MeasureOf(fields->fields);
    if (const auto* list{value.As<ListValue>()}) {
        Measure sum{1, 0};
        for (const Value& element : list->elements) sum = sum + MeasureOf({}, element) + Measure{1, 0};
        return sum;
    }
    if (const auto* repeat{value.As<RepeatValue>()}) return Measure{2, repeat->count};
    if (const auto* ref{value.As<DataRef>()}) return {2 + ref->edits.size(), 0};
    if (const auto* object{value.As<ServedObject>()}) {
        Measure sum{1, 0};
        for (const Reaction& reaction : object->reactions) {
            const bool returns{reaction.kind == Reaction::Kind::RETURN};
            sum = sum + MeasureOf(reaction.results) + Measure{returns ? 1U : 2U, 0};
        }
        return sum;
    }
    return {1, 0};
}

TEST(SimplerValues, FitTheTypeAndAreSmallerOnRandomPrograms)
{
    base::Rng rng{20};
    size_t checked{0};
    for (int i{0}; i < 200; ++i) {
        Program program{RandomProgram(TestSchema(), rng)};
        for (StepIndex index{0}; index < program.steps.size(); ++index) {
            Step& step{program.steps[index]};
            for (const ArgumentPath& place : ArgumentPaths(TestSchema(), step)) {
                const Value value{At(step, place)};
                const Measure measure{MeasureOf(place.type, value)};
                for (const Value& candidate : SimplerValues(TestSchema(), place.type, value)) {
                    ASSERT_TRUE(MeasureOf(place.type, candidate) < measure)
                        << PrintValue(TestSchema(), program, place.type, value) << " became "
                        << PrintValue(TestSchema(), program, place.type, candidate);
                    At(step, place) = candidate;
                    const auto status{ValidateStep(TestSchema(), program, index)};
                    ASSERT_TRUE(status) << status.GetError().message;
                    ++checked;
                }
                At(step, place) = value;
            }
        }
    }
    EXPECT_GT(checked, 10'000U);
}

//! A greedy search. Takes the first candidate that passes, then the first of its candidates, until none passes.
template<typename Predicate>
std::pair<Value, size_t> Minimised(schema::Type type, Value value, const Predicate& passes)
{
    size_t tries{0};
    for (bool progress{true}; progress;) {
        progress = false;
        for (Value& candidate : SimplerValues(TestSchema(), type, value)) {
            ++tries;
            if (!passes(candidate)) continue;
            value = std::move(candidate);
            progress = true;
            break;
        }
    }
    return {std::move(value), tries};
}

TEST(SimplerValues, LeadAGreedySearchToTheSmallestNumber)
{
    const auto [value, tries]{
        Minimised({schema::Kind::UINT64}, uint64_t{0xfedcba9876543210},
                  [](const Value& candidate) { return *candidate.As<uint64_t>() >= 1'234'567'890'123; })};
    EXPECT_EQ(value, Value{uint64_t{1'234'567'890'123}});
    EXPECT_LT(tries, 4'000U);
}

TEST(SimplerValues, LeadAGreedySearchToTheShortestBytes)
{
    std::string bytes(1'000, 'x');
    bytes[123] = 'N';
    bytes[876] = 'M';
    const auto [value, tries]{Minimised({schema::Kind::DATA}, Blob{bytes}, [](const Value& candidate) {
        const auto* blob{candidate.As<Blob>()};
        return blob && blob->bytes.find('N') < blob->bytes.find('M') && blob->bytes.find('M') != std::string::npos;
    })};
    EXPECT_EQ(value, Value{Blob{"NM"}});
    EXPECT_LT(tries, 1'000U);
}

} // namespace
} // namespace mpfuzz::program
