#include <mpfuzz/observe/frame.h>

#include <mpfuzz/observe/normalize.h>

#include <algorithm>
#include <array>
#include <map>

namespace mpfuzz::observe {
namespace {

// A function with this many frames in a stack is recursive. A guess: no crash without recursion had so many frames of
// one function.
constexpr size_t RECURSION{8};

bool IsIdentifier(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

//! Index after the bracket that closes the one at `open`. Returns the text's size if no bracket closes it.
size_t SkipBrackets(std::string_view text, size_t open)
{
    size_t depth{0};
    for (size_t i{open}; i < text.size(); ++i) {
        const char c{text[i]};
        // `->` is not a bracket. `>>` closes two template argument lists.
        if (c == '-' && text.substr(i).starts_with("->")) {
            ++i;
            continue;
        }
        if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
        if ((c == ')' || c == '>' || c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return text.size();
}

//! Length of the operator's name at the start of `text`. Returns 0 if there is no operator.
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

//! True if `text` begins with the name of a lambda. Titles do not contain that name.
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

bool ConsumePrefix(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

void TrimLeft(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); }

//! Removes digits from the start of `text`. @return How many.
size_t ConsumeDigits(std::string_view& text, std::string_view digits)
{
    const size_t length{std::min(text.find_first_not_of(digits), text.size())};
    text.remove_prefix(length);
    return length;
}

//! Removes `#N` and the address after it, if there is one. @return False if the line does not begin with `#N`.
bool ConsumeFrameStart(std::string_view& line)
{
    TrimLeft(line);
    if (!ConsumePrefix(line, "#") || ConsumeDigits(line, "0123456789") == 0 || !line.starts_with(' ')) return false;
    TrimLeft(line);
    if (ConsumePrefix(line, "0x")) {
        ConsumeDigits(line, "0123456789abcdef");
        TrimLeft(line);
        ConsumePrefix(line, "in ");
    }
    return true;
}

//! Moves ` (MODULE+0xOFFSET)` from the end to `frame`, and removes ` (BuildId: …)`.
void TakeModule(std::string_view& text, Frame& frame)
{
    while (text.ends_with(')')) {
        const size_t open{text.rfind('(')};
        if (open == std::string_view::npos || (open > 0 && text[open - 1] != ' ')) return;
        const std::string_view inside{text.substr(open + 1, text.size() - open - 2)};
        const size_t plus{inside.rfind("+0x")};
        if (plus != std::string_view::npos) {
            frame.module = inside.substr(0, plus);
            frame.offset = inside.substr(plus + 1);
        } else if (!inside.starts_with("BuildId: ")) {
            return;
        }
        text = text.substr(0, text.find_last_not_of(' ', open == 0 ? 0 : open - 1) + 1);
        if (open == 0) text = {};
    }
}

bool IsLocation(std::string_view word)
{
    if (word == "<null>") return true;
    if (word.find_first_of("()") != std::string_view::npos) return false;
    return word.find('/') != std::string_view::npos || word.find(".c") != std::string_view::npos ||
           word.find(".h") != std::string_view::npos;
}

std::string_view WithoutLineNumber(std::string_view location) { return location.substr(0, location.find(':')); }

bool StartsWithAny(std::string_view text, std::span<const std::string_view> prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return text.starts_with(prefix); });
}

bool ContainsAny(std::string_view text, std::span<const std::string_view> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
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
        // __PRETTY_FUNCTION__ lists template parameters after ` [`.
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
            name.clear(); // it was the return type
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

std::optional<Frame> ParseSanitizerFrame(std::string_view line)
{
    if (!ConsumeFrameStart(line)) return std::nullopt;
    Frame frame;
    TakeModule(line, frame);
    const size_t blank{line.rfind(' ')};
    const std::string_view last{line.substr(blank + 1)}; // the whole line if there is no blank
    if (IsLocation(last)) {
        if (last != "<null>") frame.file = WithoutLineNumber(last);
        line = blank == std::string_view::npos ? std::string_view{} : line.substr(0, blank);
    }
    if (line != "<null>") frame.function = CleanFunction(line);
    return frame;
}

std::optional<Frame> ParseGdbFrame(std::string_view line)
{
    if (!ConsumeFrameStart(line)) return std::nullopt;
    Frame frame;
    if (line.starts_with("<signal handler called>")) return frame;
    // Arguments may contain any text, so look for the file or library after the last parenthesis.
    const size_t close{line.rfind(')')};
    const std::string_view place{close == std::string_view::npos ? std::string_view{} : line.substr(close + 1)};
    if (place.starts_with(" at ")) frame.file = WithoutLineNumber(place.substr(4));
    if (place.starts_with(" from ")) frame.module = place.substr(6);
    const std::string_view function{line.substr(0, line.find(" ("))};
    // gdb prints `ns::(anonymous namespace)::F (x=1)`, so the first blank may be inside the name.
    constexpr std::string_view ANONYMOUS{"(anonymous namespace)"};
    const size_t anonymous{line.rfind(ANONYMOUS, line.find('='))};
    const size_t from{anonymous == std::string_view::npos ? 0 : anonymous + ANONYMOUS.size()};
    const std::string_view name{from == 0 ? function : line.substr(0, line.find(" (", from))};
    if (name != "??") frame.function = CleanFunction(name);
    return frame;
}

std::vector<Frame> TakeStack(std::span<const std::string_view>& lines, FrameParser parse)
{
    std::vector<Frame> stack;
    while (!lines.empty()) {
        const std::optional<Frame> frame{parse(lines.front())};
        if (!frame && !stack.empty()) break;
        if (frame) stack.push_back(*frame);
        lines = lines.subspan(1);
    }
    return stack;
}

bool IsOwn(const Frame& frame)
{
    // Names that begin with an underscore are reserved for the implementation. glibc's debug information has relative
    // paths, so only the folder identifies its files.
    static constexpr std::array<std::string_view, 22> FUNCTIONS{
        "_",      "std::",    "kj::",         "capnp::", "operator new", "operator delete",
        "abort",  "raise",    "gsignal",      "malloc",  "calloc",       "realloc",
        "free",   "memcpy",   "memmove",      "memset",  "memcmp",       "bcmp",
        "strlen", "pthread_", "start_thread", "clone"};
    static constexpr std::array<std::string_view, 5> FILES{"/sysdeps/", "/include/c++/", "compiler-rt/",
                                                           "libsanitizer/", "nptl/"};
    static constexpr std::array<std::string_view, 11> MODULES{"/libc.so",  "/libc-",    "/libstdc++", "/libc++",
                                                              "/libgcc_s", "/libasan",  "/libtsan",   "/ld-linux",
                                                              "/libkj",    "/libcapnp", "/libpthread"};
    if (ContainsAny("/" + frame.module, MODULES) || ContainsAny("/" + frame.file, FILES)) return false;
    if (frame.function.empty()) return !frame.module.empty();
    // For a lambda, GCC does not print the function around it. The caller's name is then more useful.
    if (frame.function == "operator()") return false;
    return !StartsWithAny(frame.function, FUNCTIONS);
}

const Frame* FrameForTitle(std::span<const Frame> stack, bool overflow)
{
    if (overflow) {
        std::map<std::string_view, std::pair<size_t, const Frame*>> by_name;
        for (const Frame& frame : stack) {
            auto& [count, first]{by_name[frame.function]};
            ++count;
            if (!first && IsOwn(frame) && !frame.function.empty()) first = &frame;
        }
        for (const auto& [name, recurring] : by_name) {
            if (recurring.first >= RECURSION && recurring.second) return recurring.second;
        }
    }
    const auto own{std::find_if(stack.begin(), stack.end(), IsOwn)};
    if (own != stack.end()) return &*own;
    const auto known{
        std::find_if(stack.begin(), stack.end(), [](const Frame& frame) { return !frame.function.empty(); })};
    return known == stack.end() ? nullptr : &*known;
}

std::string Describe(const Frame& frame)
{
    if (frame.function.empty()) return std::string{BaseName(frame.module)} + "+" + frame.offset;
    if (frame.file.empty()) return frame.function;
    return frame.function + " (" + std::string{BaseName(frame.file)} + ")";
}

std::string InFunction(std::span<const Frame> stack, bool overflow)
{
    const Frame* frame{FrameForTitle(stack, overflow)};
    return frame ? " in " + Describe(*frame) : "";
}

} // namespace mpfuzz::observe
