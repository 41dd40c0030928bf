#include <mpfuzz/observe/excuses.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/observe/values.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <optional>
#include <utility>
#include <variant>

namespace mpfuzz::observe {
namespace {

using program::StepIndex;
using program::Value;
using schema::Kind;

//! The latest earlier call of the same method on the same capability that certainly finished before this call began.
//! Returns nullopt if there is none.
std::optional<StepIndex> Previous(const Case& run, StepIndex step)
{
    const auto& call{std::get<program::Call>(run.program.steps[step])};
    for (StepIndex earlier{step}; earlier-- > 0;) {
        const auto* other{std::get_if<program::Call>(&run.program.steps[earlier])};
        if (!other || other->method != call.method || other->target != call.target) continue;
        if (AnswerMustBeCorrect(run.program, run.trace, earlier) && Precedes(run, earlier, step)) return earlier;
    }
    return std::nullopt;
}

//! The value of an operand. Returns nullopt if it is not known.
std::optional<Value> Read(const Case& run, StepIndex step, const Operand& operand)
{
    if (operand.source == Operand::Source::CONSTANT) return operand.constant;
    if (operand.source == Operand::Source::ARGUMENT)
        return ArgumentAt(run.schema, run.program, run.trace, step, operand.path);
    const auto answered{operand.source == Operand::Source::PREVIOUS ? Previous(run, step) : std::optional{step}};
    if (!answered) return std::nullopt;
    const auto& call{std::get<program::Call>(run.program.steps[step])};
    return ValueAt(run.schema, run.schema.GetMethod(call.method).results, *run.trace.outcomes[*answered].answer,
                   operand.path);
}

std::optional<Value> SizeOf(const Value& value)
{
    if (const auto* blob{value.As<program::Blob>()}) return Value{uint64_t{blob->bytes.size()}};
    if (const auto* list{value.As<program::ListValue>()}) return Value{uint64_t{list->elements.size()}};
    if (const auto* repeat{value.As<program::RepeatValue>()}) return Value{repeat->count};
    return std::nullopt;
}

using Number = std::variant<int64_t, uint64_t, double>;

std::optional<Number> ToNumber(Kind kind, const Value& value)
{
    if (const auto* integer{value.As<int64_t>()}) return *integer;
    if (const auto* natural{value.As<uint64_t>()}) return *natural;
    const auto* real{value.As<program::Float>()};
    if (!real) return std::nullopt;
    if (kind == Kind::FLOAT32) return double{std::bit_cast<float>(static_cast<uint32_t>(real->bits))};
    return std::bit_cast<double>(real->bits);
}

std::partial_ordering Order(const Number& left, const Number& right)
{
    return std::visit(
        [](auto a, auto b) -> std::partial_ordering {
            if constexpr (std::is_same_v<decltype(a), double> || std::is_same_v<decltype(b), double>) {
                return static_cast<double>(a) <=> static_cast<double>(b);
            } else {
                if (std::cmp_equal(a, b)) return std::partial_ordering::equivalent;
                return std::cmp_less(a, b) ? std::partial_ordering::less : std::partial_ordering::greater;
            }
        },
        left, right);
}

bool Accepts(Comparison comparison, std::partial_ordering order)
{
    switch (comparison) {
    case Comparison::EQUAL: return order == 0;
    case Comparison::UNEQUAL: return order != 0;
    case Comparison::LESS: return order < 0;
    case Comparison::AT_MOST: return order <= 0;
    case Comparison::GREATER: return order > 0;
    case Comparison::AT_LEAST: return order >= 0;
    }
    return false;
}

//! True if a value contains no reference, served object, RepeatValue or AnyPointer.
bool IsPlain(const Value& value)
{
    bool plain{true};
    program::ForEachValue(value, [&plain](const Value& inner) {
        plain &= !inner.As<program::RepeatValue>() && !inner.As<program::AnyValue>() &&
                 !inner.As<program::CapabilityRef>() && !inner.As<program::DataRef>() &&
                 !inner.As<program::ServedObject>();
        return plain;
    });
    return plain;
}

//! The value of an operand that can be compared, or its size. Returns nullopt if it is not known.
std::optional<Value> ReadPlain(const Case& run, StepIndex step, const Operand& operand)
{
    auto value{Read(run, step, operand)};
    if (value && operand.size) value = SizeOf(*value);
    return value && IsPlain(*value) ? value : std::nullopt;
}

//! Whether a relation is true for an answered call. Returns nullopt if an operand is not known.
std::optional<bool> Holds(const Case& run, StepIndex step, const Relation& relation)
{
    const auto left{ReadPlain(run, step, relation.left)};
    const auto right{left ? ReadPlain(run, step, relation.right) : std::nullopt};
    if (!left || !right) return std::nullopt;
    // Values with equal bits are equal, even if both are NaN.
    if (*left == *right) return Accepts(relation.comparison, std::partial_ordering::equivalent);
    const auto number{ToNumber(relation.left.type.kind, *left)}, other{ToNumber(relation.right.type.kind, *right)};
    if (number && other) return Accepts(relation.comparison, Order(*number, *other));
    const bool equal{!FirstDifference(run.schema, relation.left.type, *left, *right)};
    return Accepts(relation.comparison, equal ? std::partial_ordering::equivalent : std::partial_ordering::unordered);
}

//! The first relation of the claim that is false although the condition is true. Returns nullptr if there is none.
const Relation* FindBroken(const Case& run, StepIndex step, const Postcondition& postcondition)
{
    const bool claims{std::ranges::all_of(
        postcondition.condition, [&](const Relation& relation) { return Holds(run, step, relation).value_or(false); })};
    if (!claims) return nullptr;
    const auto broken{std::ranges::find_if(
        postcondition.claim, [&](const Relation& relation) { return !Holds(run, step, relation).value_or(true); })};
    return broken == postcondition.claim.end() ? nullptr : &*broken;
}

//! An operand as in target.toml, such as `size(answer.list)`; a constant as in a program.
std::string OperandText(const schema::Schema& schema, const schema::Method& method, const Operand& operand)
{
    using Source = Operand::Source;
    std::string text;
    switch (operand.source) {
    case Source::CONSTANT: return program::PrintValue(schema, operand.type, operand.constant, {});
    case Source::ANSWER: text = "answer"; break;
    case Source::ARGUMENT: text = "argument"; break;
    case Source::PREVIOUS: text = "previous"; break;
    }
    schema::Type type{Kind::STRUCT, operand.source == Source::ARGUMENT ? method.params : method.results};
    for (const program::PathElement& element : operand.path) {
        const schema::Field& field{schema.GetStruct(type.index).fields[element.index]};
        text += "." + field.name;
        type = field.type;
    }
    return operand.size ? "size(" + text + ")" : text;
}

std::string_view Symbol(Comparison comparison)
{
    static constexpr std::array<std::string_view, 6> SYMBOLS{"==", "!=", "<", "<=", ">", ">="};
    return SYMBOLS[static_cast<size_t>(comparison)];
}

//! The call that broke a relation, and the values of both operands.
std::string ExplainBroken(const Case& run, StepIndex step, const Relation& relation)
{
    const schema::Method& method{run.schema.GetMethod(std::get<program::Call>(run.program.steps[step]).method)};
    std::string values;
    for (const Operand* operand : {&relation.left, &relation.right}) {
        if (operand->source == Operand::Source::CONSTANT) continue;
        if (!values.empty()) values += " and ";
        values += OperandText(run.schema, method, *operand);
        if (operand->source == Operand::Source::PREVIOUS)
            values += " (" + program::StepLabel(run.schema, run.program, *Previous(run, step)) + ")";
        const schema::Type type{operand->size ? schema::Type{Kind::UINT64} : operand->type};
        values += " is " + program::PrintValue(run.schema, type, *ReadPlain(run, step, *operand), {});
    }
    return program::StepLabel(run.schema, run.program, step) + ": in the claim \"" +
           OperandText(run.schema, method, relation.left) + " " + std::string{Symbol(relation.comparison)} + " " +
           OperandText(run.schema, method, relation.right) + "\", " + values;
}

void AddOnce(std::vector<Problem>& problems, Problem problem)
{
    if (std::ranges::find(problems, problem.title, &Problem::title) == problems.end())
        problems.push_back(std::move(problem));
}

//! The calls that show a fault, with their arguments and answers.
std::string ExplainFault(const Case& run, const domain::Fault& fault)
{
    std::string text{fault.values};
    for (const StepIndex step : fault.calls) {
        const auto& call{std::get<program::Call>(run.program.steps[step])};
        const schema::Method& method{run.schema.GetMethod(call.method)};
        const auto& answer{run.trace.outcomes[step].answer};
        text += (text.empty() ? "" : "\n") + program::StepLabel(run.schema, run.program, step) + ": arguments " +
                program::PrintValue(run.schema, run.program, {Kind::STRUCT, method.params}, {call.arguments}) +
                ", answer " +
                (answer ? program::PrintValue(run.schema, {Kind::STRUCT, method.results}, {*answer}, {}) : "none");
    }
    return text;
}

//! A copy of the trace without the answers that need not be correct, because a domain must not judge those.
trace::Trace WithoutExcusedAnswers(const program::Program& program, trace::Trace trace)
{
    for (StepIndex step{0}; step < program.steps.size(); ++step) {
        trace::Outcome& outcome{trace.outcomes[step]};
        if (!std::holds_alternative<program::Call>(program.steps[step])) continue;
        if (outcome.status != trace::Status::ANSWERED || AnswerMustBeCorrect(program, trace, step)) continue;
        outcome.status = trace::Status::UNANSWERED;
        outcome.answer.reset();
    }
    return trace;
}

} // namespace

std::vector<Problem> JudgePostconditions(const Case& run)
{
    std::vector<Problem> problems;
    bool any_excused{false};
    for (StepIndex step{0}; step < run.program.steps.size(); ++step) {
        const auto* call{std::get_if<program::Call>(&run.program.steps[step])};
        if (!call || run.trace.outcomes[step].status != trace::Status::ANSWERED) continue;
        if (!AnswerMustBeCorrect(run.program, run.trace, step)) {
            any_excused = true;
            continue;
        }
        for (const Postcondition& postcondition : run.limits.postconditions) {
            if (postcondition.method != call->method) continue;
            const Relation* const broken{FindBroken(run, step, postcondition)};
            if (!broken) continue;
            AddOnce(problems, {"postcondition of " + run.schema.MethodName(call->method) + ": " + postcondition.text,
                               ExplainBroken(run, step, *broken)});
        }
    }
    if (run.limits.coded_postconditions.empty()) return problems;
    const trace::Trace reduced{any_excused ? WithoutExcusedAnswers(run.program, run.trace) : trace::Trace{}};
    for (const domain::Postcondition& postcondition : run.limits.coded_postconditions) {
        const auto fault{postcondition.judge(run.schema, run.program, any_excused ? reduced : run.trace)};
        if (!fault) continue;
        AddOnce(problems, {"postcondition of " + postcondition.name + ": " + fault->text, ExplainFault(run, *fault)});
    }
    return problems;
}

} // namespace mpfuzz::observe
