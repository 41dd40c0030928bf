#include <mpfuzz/program/line_parser.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::program {
namespace {

constexpr std::array<std::string_view, 6> STATEMENTS{"await", "cancel", "delay", "disconnect", "drop", "signal"};

bool IsStatement(std::string_view word) { return std::ranges::binary_search(STATEMENTS, word); }

} // namespace

bool LineParser::ParseLine(Step& step, std::string_view& name)
{
    Token first{m_lexer.Next()};
    const bool has_name{first.kind == Token::Kind::NAME && m_lexer.Accept('=')};
    if (has_name) {
        if (IsReserved(first.text)) return Fail(first, "\"" + std::string{first.text} + "\" cannot be a name");
        if (m_names.contains(first.text))
            return Fail(first, base::Quote(first.text) + " is already the name of a step");
        name = first.text;
        first = m_lexer.Next();
    }
    const bool is_statement{first.kind == Token::Kind::NAME && IsStatement(first.text)};
    if (is_statement && has_name) return Fail(first, "\"" + std::string{first.text} + "\" has no result to name");
    if (!(is_statement ? ParseStatement(first, step) : ParseMaking(first, has_name, step))) return false;
    return IsBlank() || FailExpected("the end of the line");
}

bool LineParser::ParseStatement(const Token& word, Step& step)
{
    if (word.text == "await") {
        auto& await{step.emplace<Await>()};
        return m_lexer.AcceptWord("all") || ParseCallName(await.call.emplace());
    }
    if (word.text == "cancel") return ParseCallName(step.emplace<Cancel>().call);
    if (word.text == "drop") return ParseCapability(step.emplace<Drop>().capability);
    if (word.text == "delay") return ParseDelay(step);
    if (word.text == "signal") return ParseSignal(step);
    return ParseDisconnect(step);
}

bool LineParser::ParseCallName(StepIndex& step)
{
    Token name;
    if (!ExpectIdentifier(name, "the name of a call") || !FindStep(name, step)) return false;
    return std::holds_alternative<Call>(m_program.steps[step]) || Fail(name, base::Quote(name.text) + " is not a call");
}

bool LineParser::ParseDisconnect(Step& step)
{
    auto& disconnect{step.emplace<Disconnect>()};
    Token name;
    if (!ExpectIdentifier(name, "the name of a connection") || !FindStep(name, disconnect.connection)) return false;
    if (!std::holds_alternative<Connect>(m_program.steps[disconnect.connection])) {
        return Fail(name, base::Quote(name.text) + " is not a connection");
    }
    size_t how{0};
    if (!ExpectOneOf(DISCONNECT_WORDS, how)) return false;
    disconnect.how = static_cast<Disconnect::How>(how);
    return true;
}

bool LineParser::ParseSignal(Step& step)
{
    size_t kind{0};
    if (!ExpectOneOf(SIGNAL_WORDS, kind)) return false;
    step.emplace<Signal>().kind = static_cast<Signal::Kind>(kind);
    return true;
}

bool LineParser::ParseDelay(Step& step)
{
    const Token token{m_lexer.Next()};
    std::string_view digits{token.text};
    if (token.kind != Token::Kind::NUMBER || !digits.ends_with("ms") ||
        digits.find_first_not_of("0123456789") != digits.size() - 2) {
        return FailExpected(token, "a time such as 20ms");
    }
    uint32_t ms{0};
    for (const char digit : digits.substr(0, digits.size() - 2)) {
        ms = ms * 10 + static_cast<uint32_t>(digit - '0');
        if (ms > MAX_DELAY_MS) return Fail(token, "a delay is at most " + std::to_string(MAX_DELAY_MS) + "ms");
    }
    step.emplace<Delay>().ms = ms;
    return true;
}

bool LineParser::ParseMaking(const Token& first, bool has_name, Step& step)
{
    if (first.kind == Token::Kind::NAME) {
        if (first.text == "connect") {
            step.emplace<Connect>();
            return true;
        }
        if (first.text == "serve") return ParseServed(step.emplace<Serve>().object);
        StepIndex origin{0};
        if (!FindStep(first, origin)) return false;
        if (std::holds_alternative<Connect>(m_program.steps[origin])) {
            return ParseOnConnection(origin, has_name, step);
        }
    } else if (first.kind != Token::Kind::SIGN || first.text[0] != '(') {
        return FailExpected(first, "a step");
    }
    return ParseCall(first, step);
}

bool LineParser::ParseOnConnection(StepIndex connection, bool has_name, Step& step)
{
    Token word;
    if (!Expect('.') || !ExpectIdentifier(word, "bootstrap, message or bytes")) return false;
    if (word.text == "bootstrap") {
        auto& bootstrap{step.emplace<Bootstrap>()};
        bootstrap.connection = connection;
        return ParseInterface(bootstrap.interface);
    }
    if (has_name && (word.text == "message" || word.text == "bytes")) {
        return Fail(word, "\"" + std::string{word.text} + "\" has no result to name");
    }
    if (word.text == "message") {
        auto& message{step.emplace<Message>()};
        message.connection = connection;
        return ParseFields(m_schema.RpcMessage(), message.message);
    }
    if (word.text == "bytes") {
        auto& bytes{step.emplace<Bytes>()};
        bytes.connection = connection;
        return ParseBytes(bytes.bytes);
    }
    return FailExpected(word, "bootstrap, message or bytes, since a connection has no methods");
}

bool LineParser::ParseCall(const Token& first, Step& step)
{
    auto& call{step.emplace<Call>()};
    schema::Type type;
    Token method;
    if (first.kind == Token::Kind::NAME) {
        if (!ParseReference(first, call.target, type, &method) || !CheckCapability(first, call.target, type)) {
            return false;
        }
    } else if (!ParseCastTarget(call.target, type, method)) {
        return false;
    }
    return FindMethod(type, method, call.method) && ParseFields(m_schema.GetMethod(call.method).params, call.arguments);
}

bool LineParser::ParseCastTarget(CapabilityRef& target, schema::Type& type, Token& method)
{
    type.kind = schema::Kind::INTERFACE;
    return ParseCapability(target) && ExpectWord("as") && ParseInterface(type.index) && Expect(')') && Expect('.') &&
           ExpectIdentifier(method, "a method");
}

bool LineParser::FindMethod(schema::Type type, const Token& method, schema::MethodRef& found)
{
    if (type.kind != schema::Kind::INTERFACE) {
        return Fail(method, "the interface is not known here, expected (CAPABILITY as INTERFACE)." +
                                std::string{method.text} + "(…)");
    }
    if (const auto ref{m_schema.FindMethod(type.index, method.text)}) {
        found = *ref;
        return true;
    }
    const schema::Interface& declared{m_schema.GetInterface(type.index)};
    return Fail(method, declared.name + " has no method " + base::Quote(method.text) +
                            DidYouMean(method.text, declared.all_methods,
                                       [&](schema::MethodRef ref) { return m_schema.GetMethod(ref).name; }));
}

bool LineParser::Fail(const Token& at, std::string message)
{
    if (m_fault.message.empty()) {
        m_fault.column = at.column;
        m_fault.message = at.kind == Token::Kind::BROKEN ? std::string{at.text} : std::move(message);
    }
    return false;
}

bool LineParser::FailExpected(const Token& at, std::string_view expected)
{
    const std::string found{at.kind == Token::Kind::END ? "the line ends"
                                                        : "found " + base::Quote(at.text.substr(0, 40))};
    return Fail(at, found + ", expected " + std::string{expected});
}

bool LineParser::Expect(char sign) { return m_lexer.Accept(sign) || FailExpected(std::string{"\""} + sign + "\""); }

bool LineParser::ExpectWord(std::string_view word) { return m_lexer.AcceptWord(word) || FailExpected(word); }

bool LineParser::ExpectOneOf(std::span<const std::string_view> words, size_t& index)
{
    std::string all;
    for (index = 0; index < words.size(); ++index) {
        if (m_lexer.AcceptWord(words[index])) return true;
    }
    for (const std::string_view word : words)
        all += (all.empty() ? "" : word == words.back() ? " or " : ", ") + std::string{word};
    return FailExpected(all);
}

bool LineParser::ExpectIdentifier(Token& name, std::string_view expected)
{
    name = m_lexer.Next();
    return name.kind == Token::Kind::NAME || FailExpected(name, expected);
}

} // namespace mpfuzz::program
