#include <mpfuzz/trace/trace.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace mpfuzz::trace {
namespace {

//! Longest text of a step, and of its answer, in bytes, that is shown whole if the Detail is BRIEF. Guesses: with
//! these, a line fits into a wide terminal.
constexpr size_t MAX_STEP{80};
constexpr size_t MAX_ANSWER{100};

using Row = std::array<std::string, 6>;
constexpr std::array<bool, 6> ALIGN_RIGHT{true, false, false, true, true, false};

//! Replaces the middle of a long text by its length in bytes, if the detail is BRIEF.
std::string Abbreviate(std::string text, size_t max, Detail detail)
{
    if (detail == Detail::FULL || text.size() <= max) return text;
    const std::string middle{" ...(" + std::to_string(text.size()) + " characters)... "};
    const size_t kept{max - middle.size()};
    return text.substr(0, kept - kept / 3) + middle + text.substr(text.size() - kept / 3);
}

std::string QuoteUnlessEmpty(const std::string& text) { return text.empty() ? std::string{} : base::Quote(text); }

//! How a step ended, as one of the words that people read. A step that was skipped was `not sent` if it sends
//! something, otherwise `not done`.
std::string_view HowEnded(const program::Step& step, const Outcome* outcome)
{
    if (outcome && outcome->status != Status::SKIPPED) return Name(outcome->status);
    const bool is_sent{std::holds_alternative<program::Call>(step) ||
                       std::holds_alternative<program::Bootstrap>(step) ||
                       std::holds_alternative<program::Message>(step) || std::holds_alternative<program::Bytes>(step)};
    return is_sent ? "not sent" : "not done";
}

std::string Answer(const schema::Schema& schema, const program::Step& step, const Outcome& outcome)
{
    switch (outcome.status) {
    case Status::EXCEPTION:
    case Status::LOCAL: return std::string{Name(outcome.exception)} + " " + QuoteUnlessEmpty(outcome.message);
    case Status::SKIPPED: return QuoteUnlessEmpty(outcome.message);
    case Status::UNANSWERED: return outcome.awaited ? "awaited until its deadline" : "";
    default: break;
    }
    const auto* call{std::get_if<program::Call>(&step)};
    if (!call || !outcome.answer) return {};
    return program::PrintStruct(schema, schema.GetMethod(call->method).results, *outcome.answer, {});
}

Row StepRow(const schema::Schema& schema, const program::Program& program, const std::vector<std::string>& names,
            program::StepIndex step, const Outcome* outcome, Detail detail)
{
    Row row{std::to_string(step), Abbreviate(program::PrintStep(schema, program, step, names), MAX_STEP, detail)};
    row[2] = HowEnded(program.steps[step], outcome);
    if (!outcome) return row;
    if (outcome->status != Status::SKIPPED) row[3] = Milliseconds(outcome->sent_ns);
    if (outcome->ended_ns != 0) row[4] = Milliseconds(outcome->ended_ns - outcome->sent_ns);
    row[5] = Abbreviate(Answer(schema, program.steps[step], *outcome), MAX_ANSWER, detail);
    return row;
}

std::string Table(const std::vector<Row>& rows)
{
    std::array<size_t, 6> widths{};
    for (const Row& row : rows) {
        // One long text does not make the column wider: the other lines would be blanks.
        for (size_t i{0}; i < row.size(); ++i) widths[i] = std::max(widths[i], std::min(row[i].size(), MAX_STEP));
    }
    std::string out;
    for (const Row& row : rows) {
        std::string line;
        for (size_t i{0}; i < row.size(); ++i) {
            const std::string padding(widths[i] - std::min(row[i].size(), widths[i]), ' ');
            line += (i == 0 ? "" : "  ") + (ALIGN_RIGHT[i] ? padding + row[i] : row[i] + padding);
        }
        line.resize(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string Served(const schema::Schema& schema, const std::vector<ServedCall>& calls, Detail detail)
{
    std::string out;
    for (const ServedCall& call : calls) {
        out += "called back: " + schema.MethodName(call.method) +
               Abbreviate(program::PrintStruct(schema, schema.GetMethod(call.method).params, call.arguments, {}),
                          MAX_ANSWER, detail) +
               " on the object of step " + std::to_string(call.step) + ", at " + Milliseconds(call.at_ns) + " ms\n";
    }
    return out;
}

//! A title, and below it the lines of a text, indented. Empty if the text is empty.
std::string Indented(std::string_view title, std::string_view text)
{
    if (text.empty()) return {};
    std::string out{std::string{title} + "\n"};
    while (!text.empty()) {
        const size_t length{std::min(text.find('\n'), text.size())};
        out += "  | " + std::string{text.substr(0, length)} + "\n";
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    return out;
}

std::string UsageText(const UsageRecord& usage)
{
    const auto numbers{[&](auto Usage::*resource) {
        std::string text{std::to_string(usage.baseline.*resource) + " -> " + std::to_string(usage.peak.*resource)};
        if (usage.after) text += " -> " + std::to_string((*usage.after).*resource);
        return text;
    }};
    return "threads " + numbers(&Usage::threads) + ", descriptors " + numbers(&Usage::descriptors) + ", memory " +
           numbers(&Usage::memory_kib) + " KiB\n";
}

std::string EndingText(const Trace& trace)
{
    const Ending& ending{trace.ending};
    std::string out{"after " + Milliseconds(trace.duration_ns) + " ms the target "};
    if (!ending.alive) {
        out += ending.signal || ending.status ? "had ended" : "accepted no connections";
    } else {
        out += ending.responsive ? "was alive" : "was alive, but did not respond";
    }
    if (ending.signal) out += ": signal " + std::to_string(*ending.signal);
    if (ending.status) out += ": exit status " + std::to_string(*ending.status);
    out += "\n";
    if (ending.past_shutdown_deadline)
        out += "signal " + std::to_string(*ending.asked_to_shut_down) +
               " asked it to shut down, but it did not before its deadline\n";
    if (ending.canary != Canary::WELL) {
        out += ending.canary == Canary::SLOW ? "the canary did not get its answer in time\n"
                                             : "the canary lost its connection\n";
    }
    for (const Closing& closing : ending.closed) {
        out += closing.connection ? "it closed the connection of step " + std::to_string(*closing.connection)
                                  : "it closed a new connection";
        out += " (" + closing.reason + ")\n";
    }
    if (ending.usage) out += UsageText(*ending.usage);
    return out + Indented("the end of its log:", ending.log_tail) + Indented("its threads:", ending.stacks);
}

} // namespace

std::string_view Name(Status status)
{
    static constexpr std::array<std::string_view, 7> NAMES{"not sent",   "done",      "answered", "exception",
                                                           "unanswered", "cancelled", "not sent"};
    const auto index{static_cast<size_t>(status)};
    CHECK(index < NAMES.size(), index);
    return NAMES[index];
}

std::string_view Name(ExceptionKind kind)
{
    static constexpr std::array<std::string_view, 4> NAMES{"failed", "overloaded", "disconnected", "unimplemented"};
    const auto index{static_cast<size_t>(kind)};
    CHECK(index < NAMES.size(), index);
    return NAMES[index];
}

bool HasReply(const program::Program& program, const Trace& trace)
{
    for (size_t i{0}; i < program.steps.size(); ++i) {
        if (!std::holds_alternative<program::Call>(program.steps[i])) continue;
        const Outcome& outcome{trace.outcomes[i]};
        if (outcome.status == Status::ANSWERED) return true;
        if (outcome.status == Status::EXCEPTION && outcome.exception != ExceptionKind::DISCONNECTED &&
            outcome.exception != ExceptionKind::UNIMPLEMENTED) {
            return true;
        }
    }
    return false;
}

Overgrowth OvergrowthOf(const UsageRecord& usage, const program::TargetRules& rules)
{
    if (!usage.after) return {};
    const Usage& baseline{usage.baseline};
    const uint64_t memory_kib{(uint64_t{rules.left_memory_mb} << 10) + usage.sanitizer_kib};
    return {.threads = usage.after->threads > baseline.threads + rules.left_threads,
            .descriptors = usage.after->descriptors > baseline.descriptors + rules.left_descriptors,
            .memory = usage.after->memory_kib > baseline.memory_kib + memory_kib};
}

std::string Milliseconds(int64_t ns)
{
    char buffer[32];
    std::snprintf(buffer, sizeof(buffer), "%.3f", static_cast<double>(ns) / 1e6);
    return buffer;
}

std::string Print(const schema::Schema& schema, const program::Program& program, const Trace& trace, Detail detail)
{
    const auto names{program::StepNames(schema, program)};
    std::vector<Row> rows{{"#", "step", "how", "sent ms", "took ms", "answer"}};
    for (program::StepIndex i{0}; i < program.steps.size(); ++i) {
        const Outcome* outcome{i < trace.outcomes.size() ? &trace.outcomes[i] : nullptr};
        rows.push_back(StepRow(schema, program, names, i, outcome, detail));
    }
    return Table(rows) + Served(schema, trace.served, detail) + EndingText(trace);
}

} // namespace mpfuzz::trace
