#include <mpfuzz/program/print.h>

#include <mpfuzz/program/print_value.h>
#include <mpfuzz/program/words.h>

#include <unordered_map>

namespace mpfuzz::program {
namespace {

//! The last part of an interface's name, without its file and bindings: `mining.capnp:Outer.Inner(Text)` → `Inner`.
std::string_view LastName(std::string_view name)
{
    name = name.substr(0, name.find('('));
    const size_t qualifier{name.find_last_of(".:")};
    return qualifier == std::string_view::npos ? name : name.substr(qualifier + 1);
}

//! Beginning of the name of a step's result; empty for steps without a result.
std::string Prefix(const schema::Schema& schema, const Step& step)
{
    std::string prefix;
    if (std::holds_alternative<Connect>(step)) return "c";
    if (std::holds_alternative<Serve>(step)) return "s";
    if (const auto* bootstrap{std::get_if<Bootstrap>(&step)}) {
        prefix = LastName(schema.GetInterface(bootstrap->interface).name);
        if (prefix[0] >= 'A' && prefix[0] <= 'Z') prefix[0] = static_cast<char>(prefix[0] - 'A' + 'a');
    } else if (const auto* call{std::get_if<Call>(&step)}) {
        prefix = schema.GetMethod(call->method).name;
    } else {
        return {};
    }
    // The name of a result is the prefix and a counter. A prefix that ends in a digit or an underscore gets one more
    // underscore, so that a reader of the name can tell where the counter begins.
    if (IsDigit(prefix.back()) || prefix.back() == '_') prefix += '_';
    return prefix;
}

class StepPrinter
{
public:
    StepPrinter(const schema::Schema& schema, const Program& program, const std::vector<std::string>& names,
                std::string& out)
        : m_schema{schema}, m_program{program}, m_names{names}, m_values{schema, &program, names, out}, m_out{out}
    {
    }

    void Print(StepIndex step)
    {
        if (!m_names.at(step).empty()) {
            m_out += m_names[step];
            m_out += " = ";
        }
        std::visit(*this, m_program.steps.at(step));
    }

    void operator()(const Connect&) { m_out += "connect"; }
    void operator()(const Bootstrap& bootstrap)
    {
        PrintOn(bootstrap.connection, ".bootstrap ");
        m_values.PrintName(m_schema.GetInterface(bootstrap.interface).name);
    }
    void operator()(const Call& call)
    {
        const schema::Method& method{m_schema.GetMethod(call.method)};
        const auto own{InterfaceOf(m_schema, m_program, call.target)};
        const bool known{own && m_schema.FindMethod(*own, method.name) == call.method};
        if (!known) m_out += '(';
        m_values.PrintReference(call.target.step, call.target.path);
        if (!known) {
            m_out += " as ";
            m_values.PrintName(m_schema.GetInterface(call.method.interface).name);
            m_out += ')';
        }
        m_out += '.';
        m_out += method.name;
        m_values.PrintFields(method.params, call.arguments.fields);
    }
    void operator()(const Await& await)
    {
        m_out += "await ";
        m_out += await.call ? std::string_view{m_names.at(*await.call)} : "all";
    }
    void operator()(const Cancel& cancel) { PrintWith("cancel ", cancel.call); }
    void operator()(const Drop& drop)
    {
        m_out += "drop ";
        m_values.PrintReference(drop.capability.step, drop.capability.path);
    }
    void operator()(const Serve& serve)
    {
        m_out += "serve ";
        m_values.PrintServed(serve.object);
    }
    void operator()(const Disconnect& disconnect)
    {
        PrintWith("disconnect ", disconnect.connection);
        m_out += ' ';
        m_out += DISCONNECT_WORDS[static_cast<size_t>(disconnect.how)];
    }
    void operator()(const Message& message)
    {
        PrintOn(message.connection, ".message ");
        m_values.PrintFields(m_schema.RpcMessage(), message.message.fields);
    }
    void operator()(const Bytes& bytes)
    {
        PrintOn(bytes.connection, ".bytes ");
        m_values.PrintBytes(bytes.bytes);
    }
    void operator()(const Delay& delay)
    {
        m_out += "delay ";
        m_values.PrintNumber(delay.ms);
        m_out += "ms";
    }

    void operator()(const Signal& signal)
    {
        m_out += "signal ";
        m_out += SIGNAL_WORDS[static_cast<size_t>(signal.kind)];
    }

private:
    void PrintOn(StepIndex step, std::string_view what)
    {
        m_out += m_names.at(step);
        m_out += what;
    }
    void PrintWith(std::string_view what, StepIndex step)
    {
        m_out += what;
        m_out += m_names.at(step);
    }

    const schema::Schema& m_schema;
    const Program& m_program;
    const std::vector<std::string>& m_names;
    ValuePrinter m_values;
    std::string& m_out;
};

} // namespace

std::vector<std::string> StepNames(const schema::Schema& schema, const Program& program)
{
    std::vector<std::string> names;
    names.reserve(program.steps.size());
    std::unordered_map<std::string, uint32_t> counts;
    for (const Step& step : program.steps) {
        std::string name{Prefix(schema, step)};
        if (!name.empty()) {
            uint32_t& count{counts[name]};
            name += std::to_string(count++);
        }
        names.push_back(std::move(name));
    }
    return names;
}

std::string Print(const schema::Schema& schema, const Program& program)
{
    std::string out;
    const auto names{StepNames(schema, program)};
    StepPrinter printer{schema, program, names, out};
    for (StepIndex i{0}; i < program.steps.size(); ++i) {
        printer.Print(i);
        out += '\n';
    }
    return out;
}

std::string PrintStep(const schema::Schema& schema, const Program& program, StepIndex step,
                      const std::vector<std::string>& names)
{
    std::string out;
    StepPrinter{schema, program, names, out}.Print(step);
    return out;
}

std::string StepLabel(const schema::Schema& schema, const Program& program, StepIndex step)
{
    const std::string name{StepNames(schema, program).at(step)};
    return "step " + std::to_string(step) + (name.empty() ? "" : ", " + name);
}

std::string PrintValue(const schema::Schema& schema, schema::Type type, const Value& value,
                       const std::vector<std::string>& names)
{
    std::string out;
    ValuePrinter{schema, nullptr, names, out}.Print(type, value);
    return out;
}

std::string PrintValue(const schema::Schema& schema, const Program& program, schema::Type type, const Value& value)
{
    std::string out;
    const auto names{StepNames(schema, program)};
    ValuePrinter{schema, &program, names, out}.Print(type, value);
    return out;
}

std::string PrintStruct(const schema::Schema& schema, uint32_t struct_index, const StructValue& value,
                        const std::vector<std::string>& names)
{
    std::string out;
    ValuePrinter{schema, nullptr, names, out}.PrintFields(struct_index, value.fields);
    return out;
}

} // namespace mpfuzz::program
