#include <mpfuzz/mutate/blocks.h>

#include <iterator>

namespace mpfuzz::mutate {

void InsertSteps(program::Program& program, program::StepIndex position, std::vector<program::Step> steps)
{
    CHECK(position <= program.steps.size(), position, program.steps.size());
    const auto count{static_cast<uint32_t>(steps.size())};
    const auto up{[=](uint32_t index) { return index >= position ? index + count : index; }};
    for (program::Step& step : program.steps) Renumber(step, up);
    program.steps.insert(program.steps.begin() + position, std::move_iterator{steps.begin()},
                         std::move_iterator{steps.end()});
}

} // namespace mpfuzz::mutate
