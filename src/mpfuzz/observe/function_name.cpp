#include <mpfuzz/observe/frame.h>

#include <algorithm>
#include <array>

namespace mpfuzz::observe {
namespace {

bool IsIdentifier(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

//! Index behind the bracket that closes the one at `open`, or the end.
size_t SkipBrackets(std::string_view text, size_t open)
{
    size_t depth{0};
    for (size_t i{open}; i < text.size(); ++i) {
        const char c{text[i]};
        // The arrow and the shift are no brackets; `>>` closes two template argument lists.
        if (c == '-' && text.substr(i).starts_with("->")) {
            ++i;
            continue;
        }
        if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
        if ((c == ')' || c == '>' || c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return text.size();
}

//! Length of the operator's name at the start of `text`, 0 where it starts with no operator.
size_t OperatorLength(std::string_view text)
{
    constexpr std::string_view WORD{"operator"};
    if (!text.starts_with(WORD)) return 0;
    static constexpr std::array<std::string_view, 12> SYMBOLS{"()", "[]", "<=>", "<<=", ">>=", "<<",
                                                              ">>", "<=", ">=",  "->*", "->",  "<"};
    const std::string_view rest{text.substr(WORD.size())};
    for (const std::string_view symbol : SYMBOLS) {
        if (rest.starts_with(symbol)) return WORD.size() + symbol.size();
    }
    if (rest.empty() || !IsIdentifier(rest[0])) return WORD.size() + std::min(rest.find_first_of("( "), rest.size());
    return 0;
}

//! True where a lambda's own name follows: the function around it is name enough.
bool IsLambda(std::string_view text)
{
    static constexpr std::array<std::string_view, 6> NAMES{"::$_",      "::'lambda",      "::{lambda",
                                                           "::<lambda", "::{default arg", "::(anonymous class)"};
    return std::any_of(NAMES.begin(), NAMES.end(), [&](std::string_view name) { return text.starts_with(name); });
}

std::string_view WithoutAffixes(std::string_view text)
{
    static constexpr std::array<std::string_view, 3> THUNKS{"non-virtual thunk to ", "virtual thunk to ",
                                                            "covariant return thunk to "};
    for (const std::string_view thunk : THUNKS) {
        if (text.starts_with(thunk)) text.remove_prefix(thunk.size());
    }
    static constexpr std::array<std::string_view, 6> CLONES{" [clone ", ".isra.", ".constprop.",
                                                            ".part.",   ".cold",  ".llvm."};
    for (const std::string_view clone : CLONES) text = text.substr(0, text.find(clone));
    return text;
}

} // namespace

std::string CleanFunction(std::string_view text)
{
    text = WithoutAffixes(text);
    std::string name;
    bool in_operator{false};
    for (size_t i{0}; i < text.size();) {
        const std::string_view rest{text.substr(i)};
        const size_t operator_length{i > 0 && IsIdentifier(text[i - 1]) ? 0 : OperatorLength(rest)};
        // The bracket is what __PRETTY_FUNCTION__ says about template parameters.
        if (IsLambda(rest) || rest.starts_with(" [") || rest == " &" || rest == " &&") break;
        if (operator_length > 0) {
            name += rest.substr(0, operator_length);
            i += operator_length;
            in_operator = true;
        } else if (rest.starts_with("(anonymous namespace)::") || rest.starts_with("{anonymous}::")) {
            i += rest.find("::") + 2;
        } else if (rest[0] == '(' || rest[0] == '<' || rest[0] == '{' || rest[0] == '[') {
            i = SkipBrackets(text, i);
        } else if (rest.starts_with(" const") && (rest.size() == 6 || !IsIdentifier(rest[6]))) {
            i += 6;
        } else if (rest[0] == ' ' && !in_operator) {
            name.clear(); // that was the return type
            ++i;
        } else {
            name += rest[0];
            ++i;
        }
    }
    while (!name.empty() && (name.front() == '*' || name.front() == '&')) name.erase(0, 1);
    while (!name.empty() && (name.back() == ' ' || name.back() == ':')) name.pop_back();
    return name;
}

} // namespace mpfuzz::observe
