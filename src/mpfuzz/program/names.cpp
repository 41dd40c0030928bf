#include <mpfuzz/program/print.h>
#include <mpfuzz/program/words.h>

#include <unordered_map>

namespace mpfuzz::program {
namespace {

//! `mining.capnp:Outer.Inner(Text)` → `Inner`.
std::string_view LastName(std::string_view name)
{
    name = name.substr(0, name.find('('));
    const size_t qualifier{name.find_last_of(".:")};
    return qualifier == std::string_view::npos ? name : name.substr(qualifier + 1);
}

//! What the name of a step's result begins with; empty for steps without one.
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
    // A name decodes to its prefix by dropping its digits, and then one underscore where there is one.
    if (IsDigit(prefix.back()) || prefix.back() == '_') prefix += '_';
    return prefix;
}

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

} // namespace mpfuzz::program
