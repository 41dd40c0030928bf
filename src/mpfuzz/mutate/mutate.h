#pragma once

#include <mpfuzz/mutate/mutator_statistics.h>
#include <mpfuzz/mutate/mutators.h>

#include <vector>

namespace mpfuzz::mutate {

//! A mutated program, and the ids of the mutators that made it.
struct Mutated {
    program::Program program;
    std::vector<size_t> mutators; //!< empty if the generator made the program
};

//! Changes programs at random. Mutators that were productive are picked more often.
//!
//!     Mutation mutation{schema, rules, generator};
//!     Mutated next{mutation.Mutate(program, rng)};
//!     if (IsInteresting(next.program)) mutation.BroughtFeatures(next.mutators);
//!
//! The result is always valid. It is longer than MaxSteps() only if the original program was.
//! It depends only on the arguments, the hints, the comparisons, and the earlier calls to this object and to the
//! generator.
class Mutation
{
public:
    //! Borrows the schema and the generator. `rules` are the generator's rules.
    Mutation(const schema::Schema& schema, program::TargetRules rules, generate::Generator& generator);
    Mutation(const Mutation&) = delete;
    Mutation& operator=(const Mutation&) = delete;

    //! Applies one to four mutators, mostly one. The result differs from `program`: if no mutator changes it, the
    //! generator makes a new program.
    //!
    //! @param program  Valid.
    //! @param other    A valid program to take steps from, or null.
    //! @param hints    May be empty.
    Mutated Mutate(const program::Program& program, base::Rng& rng, const program::Program* other = nullptr,
                   const Hints& hints = {});

    //! Joins the beginning of `a` and the end of `b`. Steps from `b` then use the capabilities of `a`. If the programs
    //! cannot be joined, the result is a mutation of `a`.
    Mutated Crossover(const program::Program& a, const program::Program& b, base::Rng& rng);

    //! Sets the function that tells mutators what the target compared. It must not be empty.
    void SetComparisons(Comparisons comparisons) { m_comparisons = std::move(comparisons); }

    //! Call this if the program that these mutators made reached new features.
    void BroughtFeatures(std::span<const size_t> mutators) { m_statistics.BroughtFeatures(mutators); }

    const MutatorStatistics& GetMutatorStatistics() const { return m_statistics; }
    //! Continues with the statistics of an earlier campaign. CHECK fails if they are for another number of mutators.
    void SetMutatorStatistics(MutatorStatistics statistics);

    //! Mutators make no program longer than this number of steps.
    //!
    //! As in the generator, only a program with fewer than Rules::max_steps steps gets new steps. But a new call is
    //! added together with the calls that it needs, so the result may have more than Rules::max_steps steps.
    size_t MaxSteps() const { return 2 * m_schema_index.GetRules().max_steps; }

private:
    bool Try(size_t mutator, program::Program& program, const program::Program& original, Context& context);
    std::vector<uint32_t> Weights(const Context& context) const;
    Context MakeContext(base::Rng& rng, const program::Program* other, const Hints* hints) const;

    const schema::Schema& m_schema;
    const generate::SchemaIndex m_schema_index;
    generate::Generator& m_generator;
    Comparisons m_comparisons;
    MutatorStatistics m_statistics{NewMutatorStatistics()};
};

//! True if a program may exceed the bounds in program.h: too many steps, values nested too deeply, or too many words.
//! Always true if Validate rejects a program because of its size. Cost: a pass over the program.
bool OverBounds(const schema::Schema& schema, const program::Program& program);

} // namespace mpfuzz::mutate
