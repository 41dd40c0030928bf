#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/comparison.h>

#include <cstdio>

namespace mpfuzz::apps {
namespace {

//! The second target with the schema and rules of the first: both have to run the same programs.
Setup InSchemaOf(const Setup& first, Setup second)
{
    second.schema = first.schema;
    second.limits = first.limits;
    second.file.rules.may_block = first.file.rules.may_block;
    return second;
}

} // namespace

int DiffCommand(const DiffOptions& options, const Invocation& invocation)
{
    const auto first{LoadSetup(options.first)};
    if (!first) return Complain(first.GetError().message);
    auto loaded{LoadSetup(options.second)};
    if (!loaded) return Complain(loaded.GetError().message);
    if (first->schema->Hash() != loaded->schema->Hash())
        std::fprintf(stderr, "the schemas differ: mpfuzz uses the schema of %s for both targets\n",
                     options.first.c_str());
    const Setup second{InSchemaOf(*first, std::move(*loaded))};
    if (first->limits.deterministic.empty())
        return Complain(options.first + ": `deterministic` in [rules] lists no method, so there is nothing to compare; "
                                        "write for example deterministic = [\"Echo.*\"]");
    const auto time{ReadTimeOption(options.time)};
    if (!time) return Complain(time.GetError().message);
    if (options.program.empty()) return Comparison{options, invocation, *first, second}.Search(*time);
    std::string path{options.program};
    Invocation as_found{invocation};
    if (triage::IsFinding(path)) {
        const auto finding{triage::Load(path)};
        if (!finding) return Complain(finding.GetError().message);
        path = finding->SmallestProgramPath();
        // Start the second target as it was when the finding appeared, unless the user asks for another command line.
        if (as_found.extra.empty()) as_found.extra = finding->record.extra_arguments;
    }
    const auto program{ReadProgram(*first->schema, path)};
    if (!program) return Complain(program.GetError().message);
    return Comparison{options, as_found, *first, second}.Replay(*program);
}

} // namespace mpfuzz::apps
