#pragma once

#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/schema/load.h>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

//! Fixture for tests that use testdata/shelf.capnp.
namespace mpfuzz::observe {

class ShelfTest : public testing::Test
{
protected:
    using Status = trace::Status;

    ShelfTest()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/observe/testdata/shelf.capnp"};
        auto schema{schema::LoadFiles(files, {})};
        if (!schema) throw std::runtime_error{schema.GetError().message};
        m_schema = *schema;
    }

    //! Sets the program, and a trace in which each call was answered with defaults before the next one was sent.
    void Run(std::string_view text)
    {
        auto program{program::Parse(*m_schema, text)};
        ASSERT_TRUE(program) << program.GetError().message;
        m_program = *program;
        m_trace = {};
        m_trace.outcomes.resize(m_program.steps.size());
        for (size_t i{0}; i < m_program.steps.size(); ++i) {
            trace::Outcome& outcome{m_trace.outcomes[i]};
            outcome.status = Status::ANSWERED;
            outcome.sent_ns = static_cast<int64_t>(i) * 10;
            outcome.ended_ns = outcome.sent_ns + 5;
            if (std::holds_alternative<program::Call>(m_program.steps[i])) outcome.answer.emplace();
        }
    }

    //! Sets the answer to a step. `fields` is the text of a struct as in a program, without references.
    void Answer(program::StepIndex step, std::string_view fields) { Answer(m_trace, step, fields); }
    void Answer(trace::Trace& trace, program::StepIndex step, std::string_view fields)
    {
        // In the text of a program, results are in a served object's `return`.
        const auto method{std::get<program::Call>(m_program.steps.at(step)).method};
        const auto parsed{program::Parse(*m_schema, "c = connect\ns = serve Shelf { " +
                                                        m_schema->GetMethod(method).name + ": return " +
                                                        std::string{fields} + " }\n")};
        ASSERT_TRUE(parsed) << parsed.GetError().message;
        const auto& object{std::get<program::Serve>(parsed->steps[1]).object};
        trace.outcomes.at(step).answer.emplace();
        if (!object.reactions.empty()) trace.outcomes.at(step).answer->fields = object.reactions[0].results;
    }
    //! Puts a capability into a field of the answer.
    void AnswerCapability(trace::Trace& trace, program::StepIndex step, std::string_view field) const
    {
        const auto method{std::get<program::Call>(m_program.steps.at(step)).method};
        const auto& results{m_schema->GetStruct(m_schema->GetMethod(method).results)};
        trace.outcomes.at(step).answer->Set(*results.FindField(field), program::SeenCapability{});
    }

    Case GetCase() const { return {*m_schema, m_program, m_trace, m_limits}; }

    std::shared_ptr<const schema::Schema> m_schema;
    Limits m_limits;
    program::Program m_program;
    trace::Trace m_trace;
};

} // namespace mpfuzz::observe
