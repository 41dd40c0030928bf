#include <mpfuzz/mutate/mutator.h>

namespace mpfuzz::mutate {

generate::Inventory Context::Before(const program::Program& program, program::StepIndex end) const
{
    generate::Inventory inventory{schema_index};
    for (program::StepIndex step{0}; step < end; ++step) inventory.Note(program, step);
    return inventory;
}

} // namespace mpfuzz::mutate
