#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/value.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <string_view>

namespace mpfuzz::peer {

//! The properties of a call on which its answer depends.
struct Question {
    schema::MethodRef method;
    std::string_view arguments; //!< in the text form
    uint64_t number{0};         //!< counts the calls on one object, from 0
};

//! Generates results. They are a pure function of the seed and the question.
class Answers
{
public:
    //! Borrows the schema.
    Answers(const schema::Schema& schema, uint32_t main_interface, uint64_t seed);

    //! Random results from the program generator. Every capability in them is set to a served object without reactions.
    //! For this, null fields that contain a capability are set, and empty lists get one element. The field that is set
    //! in a union does not change.
    program::StructValue Make(const Question& question);

    //! A random number generator that depends only on the seed, the question and the purpose.
    base::Rng RngFor(const Question& question, std::string_view purpose) const;

private:
    generate::SchemaIndex m_schema_index;
    generate::CallCounts m_counts;
    uint64_t m_seed;
};

} // namespace mpfuzz::peer
