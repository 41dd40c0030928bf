#include <mpfuzz/program/parse.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/line_parser.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>

namespace mpfuzz::program {
namespace {

class TextParser
{
public:
    TextParser(const schema::Schema& schema, bool lenient) : m_schema{schema}, m_lenient{lenient} {}

    //! Parse every line. Stops at the first error unless lenient.
    void Parse(std::string_view text)
    {
        while (!text.empty() && (m_lenient || m_complaints.empty())) {
            const size_t length{std::min(text.find('\n'), text.size())};
            ++m_line;
            ParseLine(text.substr(0, length));
            text.remove_prefix(std::min(length + 1, text.size()));
        }
        if (m_lenient && m_step_lines.size() != m_program.steps.size()) MoveMoments();
    }

    Program& GetProgram() { return m_program; }
    std::vector<std::string>& Complaints() { return m_complaints; }

private:
    void ParseLine(std::string_view line)
    {
        LineParser parser{m_schema, m_program, m_names, m_lenient, line};
        if (parser.IsBlank()) return;
        m_step_lines.push_back(static_cast<uint32_t>(m_program.steps.size()));
        Step step;
        std::string_view name;
        if (!parser.ParseLine(step, name)) return Complain(parser.Fault());
        if (m_program.steps.size() >= MAX_STEPS) {
            return Complain({0, "more than " + std::to_string(MAX_STEPS) + " steps"});
        }
        m_program.steps.push_back(std::move(step));
        const auto index{static_cast<StepIndex>(m_program.steps.size() - 1)};
        if (const auto status{ValidateStep(m_schema, m_program, index)}; !status) {
            m_program.steps.pop_back();
            return Complain({0, status.GetError().message});
        }
        if (!name.empty()) m_names.emplace(name, index);
        for (const LineFault& skipped : parser.Skipped()) Complain(skipped);
    }

    void Complain(const LineFault& fault)
    {
        m_complaints.push_back(std::to_string(m_line) + ":" + std::to_string(fault.column + 1) + ": " + fault.message);
    }

    //! In the text, a moment is the number of a step of the text. Change it to the number of a step of the program.
    void MoveMoments()
    {
        const size_t dropped{m_step_lines.size() - m_program.steps.size()};
        for (Step& step : m_program.steps) {
            ForEachMoment(step, [&](uint32_t& moment) {
                moment = moment < m_step_lines.size() ? m_step_lines[moment] : moment - static_cast<uint32_t>(dropped);
            });
        }
    }

    const schema::Schema& m_schema;
    const bool m_lenient;
    size_t m_line{0};
    Program m_program;
    LineParser::Names m_names;
    //! For every step in the text, also for a dropped one: how many steps before it were kept.
    std::vector<uint32_t> m_step_lines;
    std::vector<std::string> m_complaints;
};

} // namespace

base::Result<Program> Parse(const schema::Schema& schema, std::string_view text)
{
    TextParser parser{schema, /*lenient=*/false};
    parser.Parse(text);
    if (!parser.Complaints().empty()) return base::Error{std::move(parser.Complaints().front())};
    return std::move(parser.GetProgram());
}

LenientProgram ParseLenient(const schema::Schema& schema, std::string_view text)
{
    TextParser parser{schema, /*lenient=*/true};
    parser.Parse(text);
    return {std::move(parser.GetProgram()), std::move(parser.Complaints())};
}

} // namespace mpfuzz::program
