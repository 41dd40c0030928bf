#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/schema_index.h>
#include <mpfuzz/program/value.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <string_view>

namespace mpfuzz::peer {

//! A call as far as its answer depends on it.
struct Question {
    schema::MethodRef method;
    std::string_view arguments; //!< as text
    uint64_t number{0};         //!< of the call on its object, from 0
};

//! Makes up results: a pure function of the seed and the question.
class Answers
{
public:
    //! Borrows the schema.
    Answers(const schema::Schema& schema, uint32_t main_interface, uint64_t seed);

    //! Results of the generator's making, with an object wherever the schema tells of a capability: in every field on
    //! the way from the results to one, in the first element of every list there, as far as unions allow. Objects have
    //! no reactions.
    program::StructValue Make(const Question& question);

    //! Randomness of the question's own, another for each purpose.
    base::Rng Dice(const Question& question, std::string_view purpose) const;

private:
    generate::SchemaIndex m_schema_index;
    generate::CallCounts m_counts;
    uint64_t m_seed;
};

} // namespace mpfuzz::peer
