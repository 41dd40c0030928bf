#include <mpfuzz/observe/outcome_features.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/observe/normalize.h>

#include <bit>
#include <map>
#include <string_view>

namespace mpfuzz::observe {
namespace {

enum class Feature : uint64_t { OUTCOME, PAIR, TEXT, CONNECTIONS, CAPABILITIES, OUTSTANDING };

// Number of bytes of an exception's text that are used. The target chooses the text, so it may be very long.
constexpr size_t MAX_TEXT{512};

//! The last step of splitmix64: every bit of the input changes about half of the result's bits.
uint64_t Mix(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

uint64_t HashOf(std::string_view text)
{
    uint64_t hash{0};
    for (const char c : text) hash = Mix(hash ^ static_cast<unsigned char>(c));
    return hash;
}

uint64_t Number(schema::MethodRef method) { return (uint64_t{method.interface} << 16) | method.method; }

//! A method and how its call ended, as a number.
uint64_t EndOf(schema::MethodRef method, const trace::Outcome& outcome)
{
    const uint64_t exception{outcome.status == trace::Status::EXCEPTION ? static_cast<uint64_t>(outcome.exception) : 0};
    return (Number(method) << 8) | (static_cast<uint64_t>(outcome.status) << 4) | exception;
}

class Marker
{
public:
    explicit Marker(std::span<uint8_t> counters) : m_counters{counters} {}

    void Mark(Feature feature, uint64_t a, uint64_t b = 0)
    {
        m_counters[Mix(Mix(Mix(static_cast<uint64_t>(feature)) ^ a) ^ b) & (OUTCOME_COUNTERS - 1)] = 1;
    }

private:
    std::span<uint8_t> m_counters;
};

} // namespace

void MarkOutcomes(const program::Program& program, const trace::Trace& trace, std::span<uint8_t> counters)
{
    CHECK(counters.size() == OUTCOME_COUNTERS, counters.size());
    Marker marker{counters};
    std::map<program::StepIndex, uint64_t> last; // for each connection, the method of its latest answered call
    uint64_t connections{0}, capabilities{0}, outstanding{0};
    for (program::StepIndex i{0}; i < program.steps.size(); ++i) {
        const trace::Outcome& outcome{trace.outcomes[i]};
        if (outcome.status == trace::Status::SKIPPED) continue;
        const program::Step& step{program.steps[i]};
        connections += std::holds_alternative<program::Connect>(step);
        capabilities +=
            std::holds_alternative<program::Bootstrap>(step) || std::holds_alternative<program::Serve>(step);
        const auto* call{std::get_if<program::Call>(&step)};
        if (!call) continue;
        capabilities += outcome.status == trace::Status::ANSWERED;
        outstanding += outcome.status == trace::Status::UNANSWERED;
        const uint64_t end{EndOf(call->method, outcome)};
        marker.Mark(Feature::OUTCOME, end);
        if (outcome.status == trace::Status::EXCEPTION)
            marker.Mark(Feature::TEXT, end,
                        HashOf(NormalizeWords(std::string_view{outcome.message}.substr(0, MAX_TEXT))));
        if (outcome.status != trace::Status::ANSWERED) continue;
        const uint64_t method{Number(call->method)};
        uint64_t& before{last[program::ConnectionOf(program, i).value_or(0)]};
        marker.Mark(Feature::PAIR, before, method);
        before = method;
    }
    marker.Mark(Feature::CONNECTIONS, std::bit_width(connections));
    marker.Mark(Feature::CAPABILITIES, std::bit_width(capabilities));
    marker.Mark(Feature::OUTSTANDING, std::bit_width(outstanding));
}

} // namespace mpfuzz::observe
