#include <mpfuzz/generate/hostile.h>

#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mpfuzz::generate {

using program::Program;
using program::StepIndex;
using program::Value;

namespace {

// Guesses. A program with thirty calls uses the ids 0 to about 30; its first calls have the smallest ids.
constexpr unsigned SMALL_ID_PERCENT{85};
constexpr uint64_t SMALL_IDS{8};
// How often to try. A message with a capability in an AnyPointer is not valid; then another message is made.
constexpr int TRIES{4};

//! The bytes of a string literal, including NULs inside it.
template<size_t SIZE>
constexpr std::string_view Bytes(const char (&literal)[SIZE])
{
    return {literal, SIZE - 1};
}

//! Malformed beginnings of a message. A message begins with its segment table, in little-endian 32-bit numbers: the
//! number of segments minus one, then the length of each segment in words of 8 bytes.
constexpr std::array BEGINNINGS{
    Bytes("\xff\xff\xff\xff"),                             // 2^32 segments
    Bytes("\0\0\0\0\xff\xff\xff\xff"),                     // one segment of 32 GiB
    Bytes("\0\0\0\0\xff\xff\xff\x0f"),                     // one segment of 2 GiB
    Bytes("\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),           // two empty segments
    Bytes("\0\0\0\0\0\0\0\0"),                             // one empty segment
    Bytes("\0\0\0\0\x01\0\0\0\xfd\xff\xff\xff\0\0\0\0"),   // a root pointer out of bounds
    Bytes("\0\0\0\0\x01\0\0\0\0\0\0\0\xff\xff\xff\xff"),   // a root struct that is too large
    Bytes("\0\0\0\0\x01\0\0\0\x02\0\0\0\xff\xff\xff\xff"), // a far pointer to a segment that does not exist
};

StepIndex PickConnection(const Program& program, base::Rng& rng)
{
    std::vector<StepIndex> connections;
    for (StepIndex step{0}; step < program.steps.size(); ++step) {
        if (std::holds_alternative<program::Connect>(program.steps[step])) connections.push_back(step);
    }
    return rng.Pick(connections);
}

} // namespace

std::optional<program::Message> MakeHostileMessage(const SchemaIndex& schema_index, StepIndex connection,
                                                   base::Rng& rng)
{
    const schema::Schema& schema{schema_index.GetSchema()};
    const uint32_t type{schema.RpcMessage()};
    const program::CapabilityRef no_target;
    CallCounts counts(schema_index.MethodCount());
    const domain::SourceContext source_context{schema,   {schema::Kind::STRUCT, type}, schema.GetStruct(type), "", {},
                                               no_target};
    for (int i{0}; i < TRIES; ++i) {
        ProgramBuilder builder{schema_index, {}, /*misbehaves=*/true, counts, rng};
        builder.GetBudget().served_depth = 1;
        program::Step step{program::Message{connection, MakeFields(builder, source_context, type)}};
        for (const program::ArgumentPath& place : program::AllPaths(schema, step)) {
            const bool is_id{place.type.kind == schema::Kind::UINT32};
            if (is_id && rng.Percent(SMALL_ID_PERCENT)) program::At(step, place) = rng.Below(SMALL_IDS);
        }
        Program alone;
        alone.steps.resize(connection + 1);
        alone.steps[connection] = program::Connect{};
        alone.steps.push_back(step);
        if (program::ValidateStep(schema, alone, connection + 1)) return std::get<program::Message>(std::move(step));
    }
    return std::nullopt;
}

program::Bytes MakeHostileBytes(StepIndex connection, base::Rng& rng)
{
    std::string bytes{rng.OneIn(3) ? std::string{} : std::string{rng.Pick(BEGINNINGS)}};
    if (rng.OneIn(2)) bytes += MakeData(rng);
    return {connection, std::move(bytes)};
}

void AddHostileBytes(const SchemaIndex& schema_index, Program& program, base::Rng& rng)
{
    const StepIndex connection{PickConnection(program, rng)};
    for (uint64_t count{1 + rng.SkewedLength(2)}; count > 0; --count) {
        std::optional<program::Step> step;
        if (rng.OneIn(4)) {
            step = MakeHostileBytes(connection, rng);
        } else if (auto message{MakeHostileMessage(schema_index, connection, rng)}) {
            step = std::move(*message);
        }
        if (!step || program.steps.size() >= program::MAX_STEPS) continue;
        const uint64_t places{program.steps.size() - connection};
        program::InsertStep(program, static_cast<StepIndex>(connection + 1 + rng.Below(places)), std::move(*step));
    }
}

} // namespace mpfuzz::generate
