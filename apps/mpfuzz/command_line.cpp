// This file is long because it holds the whole command line: CLI11 is slow to compile, so only one file includes it.
#include <apps/mpfuzz/command.h>
#include <mpfuzz/triage/environment.h>

#include <mpfuzz/base/text.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

extern "C" const char* __asan_default_options()
{
    // libkj is not instrumented, and keeps pointers to variables on the stack. With this option on, AddressSanitizer
    // moves those variables elsewhere.
    return "detect_stack_use_after_return=0";
}

namespace mpfuzz::apps {
namespace {

//! Let the command run if the user names it.
//!
//! @return The options that it is then called with. The command owns them.
template<typename Options>
Options* OptionsOf(CLI::App* command, Invocation& invocation, int (*run)(const Options&, const Invocation&))
{
    const auto options{std::make_shared<Options>()};
    command->callback([options, run, &invocation] {
        invocation.chosen = [options, run, &invocation] { return run(*options, invocation); };
    });
    return options.get();
}

void AddTrust(CLI::App& command, bool& trust)
{
    command.add_flag("--trust", trust,
                     "Append the words in the finding's finding.json to the target's command line, unless there are "
                     "words after --. Only for findings of people whom you trust");
}

//! Explains words that mpfuzz does not know. Most often they are for the target, and `--` is missing.
std::string ExplainExtras(const CLI::App& app, const Invocation& invocation)
{
    // The other commands start no target, or append no words to its command line.
    static const std::set<std::string> TAKE_WORDS{"run",  "replay",  "minimize", "triage",
                                                  "diff", "distill", "bench",    "proxy"};
    const auto commands{app.get_subcommands()};
    const std::vector<std::string> unknown{app.remaining(/*recurse=*/true)};
    if (commands.empty() || unknown.empty()) return "";
    std::vector<std::string> names;
    for (const CLI::Option* option : commands[0]->get_options()) {
        names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
    }
    // A word for the target may look a little like an option, so this is stricter than DidYouMean().
    const std::string name{unknown[0].starts_with("--") ? unknown[0].substr(2, unknown[0].find('=') - 2) : ""};
    if (const std::string_view meant{base::Nearest(name, names)};
        !meant.empty() && base::EditDistance(name, meant) * 3 <= name.size())
        return "Did you mean --" + std::string{meant} + "?";
    if (!TAKE_WORDS.contains(commands[0]->get_name())) return "";

    std::string hint{"Words for the target come after --"};
    const auto dashes{std::ranges::find(invocation.words, "--")};
    const auto found{std::search(invocation.words.begin(), dashes, unknown.begin(), unknown.end())};
    // If they are not in one piece, CLI11 took the value of an unknown option for an argument of mpfuzz.
    if (found == dashes) return hint;
    std::vector<std::string> words{invocation.words.begin(), found};
    words.insert(words.end(), found + static_cast<std::ptrdiff_t>(unknown.size()), dashes);
    words.emplace_back("--");
    words.insert(words.end(), unknown.begin(), unknown.end());
    words.insert(words.end(), invocation.extra.begin(), invocation.extra.end());
    hint += ":\n   ";
    for (const std::string& word : words) hint += " " + QuoteWord(word);
    return hint;
}

void AddSchema(CLI::App& app, Invocation& invocation)
{
    auto* const command{
        app.add_subcommand("schema", "Show the methods that can be called, and how a program reaches them")};
    auto* const options{OptionsOf(command, invocation, SchemaCommand)};
    command->add_option("FILE", options->files, "A target.toml, or .capnp files")->required();
    command->add_option("-I,--import-path", options->import_paths, "Directory for imports that begin with a slash");
    command->add_option("--main", options->main_interface,
                        "The interface that a new connection returns (default: main_interface of the target.toml)");
    command->add_flag("--json", options->json, "Print JSON");
    command->footer("Examples:\n  mpfuzz schema targets/model_node/target.toml\n"
                    "  mpfuzz schema server.capnp -I include --main Root");
}

void AddGenerate(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand(
        "generate", "Print random programs; the same schema, rules and seed give the same programs")};
    auto* const options{OptionsOf(command, invocation, GenerateCommand)};
    command->add_option("TARGET", options->target, "A target.toml; the target is not started")->required();
    command->add_option("--runs", options->runs, "Number of programs")->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the random numbers")->capture_default_str();
    command->add_option("--only", options->only, "Aim at methods that match this glob, such as 'Mining.*'");
    command->footer("Example:\n  mpfuzz generate targets/model_node/target.toml --runs 3 --seed 7");
}

void AddRun(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand("run", "Fuzz a target until --time, --runs or Ctrl-C ends the campaign")};
    auto* const options{OptionsOf(command, invocation, RunCommand)};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("--time", options->time,
                        "Stop fuzzing after this time, such as 30s, 10m or 2h; triage then goes on, see --triage-time");
    command->add_option("--runs", options->runs, "Stop fuzzing after this number of programs of all jobs together");
    command
        ->add_option("--max-findings", options->max_findings,
                     "Stop fuzzing after this number of different findings. A finding counts when it is stored, before "
                     "triage has replayed it")
        ->check(CLI::PositiveNumber);
    command->add_option("--jobs", options->jobs, "Number of processes that fuzz; each starts its own target")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the random numbers: the same seed gives the same programs")
        ->capture_default_str();
    command
        ->add_option(
            "--guidance", options->guidance,
            "What decides which programs are kept and mutated. `coverage`: the target's code that they reach (if "
            "the target has the agent, see docs/howto/instrument-a-target.md) and how their calls end. "
            "`outcomes`: only how their calls end. `none`: generate each program from scratch")
        ->check(CLI::IsMember({"coverage", "outcomes", "none"}))
        ->capture_default_str();
    command->add_option("--out", options->out, "Output directory: gets findings/, corpus/, logs/ and plot.csv")
        ->capture_default_str();
    command->add_option(
        "--corpus", options->corpus,
        "Existing directory with programs to start from; new ones are added to it (default: OUT/corpus)");
    command->add_option("--seeds", options->seeds,
                        "Directory with more programs to start from; nothing is written to it. May be repeated");
    command
        ->add_option("--triage-share", options->triage_share,
                     "Percentage of the time of all jobs that goes into triage (replaying and minimising findings) "
                     "while fuzzing goes on")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    command->add_option("--triage-time", options->triage_time, "How long triage may go on after fuzzing has ended")
        ->capture_default_str();
    command->add_flag("--verbose", options->verbose, "Print the table of mutators too");
    command->add_option(
        "--only", options->only,
        "Aim at methods that match this glob, such as 'Mining.*'. Other methods are called only if needed for these");
    command->add_flag("--json", options->json, "Print the summary as JSON");
    command
        ->add_option(
            "--driver", options->driver,
            "Generate no programs. Instead run this driver from [drivers] of target.toml again and again, each time "
            "with the next seed")
        ->excludes("--guidance", "--corpus", "--seeds", "--only");
    command->footer("Words after -- are appended to the command line of the target. Exit status 1 if findings are "
                    "stored. Examples:\n"
                    "  mpfuzz run targets/model_node/target.toml --time 60s --jobs 2\n"
                    "  mpfuzz run targets/model_node/target.toml --runs 1000 --seed 3 -- --bug option-range\n"
                    "  mpfuzz run fuzz_interface/target.toml --driver typed --runs 10");
}

void AddReplay(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand("replay", "Run one program several times, each time on a new target")};
    auto* const options{OptionsOf(command, invocation, ReplayCommand)};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("PROGRAM", options->program, "The file of a program, or the directory of a finding")
        ->required();
    command->add_option("--times", options->times, "Number of runs")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command
        ->add_flag("--trace{brief}", options->trace,
                   "Show the result of each step of the first run; with --trace=full, long values are not shortened")
        ->check(CLI::IsMember({"brief", "full"}));
    command->add_option(
        "--expect", options->expect,
        "The finding to look for, as `KIND: TITLE`. The default for the directory of a finding: that one");
    command->add_flag("--json", options->json, "Print JSON; with --trace, one member is the text of the trace");
    AddTrust(*command, options->trust);
    command->footer(
        "Words after -- are appended to the command line of the target. Exit status 1 if there is a finding; 4 if one "
        "is expected, but only others appear. Example:\n"
        "  mpfuzz replay targets/model_node/target.toml out/findings/crash-0123456789abcdef");
}

void AddTriage(CLI::App& app, Invocation& invocation)
{
    auto* const command{
        app.add_subcommand("triage", "Go on with the triage of a campaign's findings: replay and minimise them")};
    auto* const options{OptionsOf(command, invocation, TriageCommand)};
    command->add_option("OUT", options->out, "The output directory of the campaign")->required();
    command->add_option("--target", options->target, "A target.toml (default with --trust: the one of the campaign)");
    command->add_option("--time", options->time,
                        "End after this time, such as 30s, 10m or 2h (default: when all findings are done)");
    command->add_option("--jobs", options->jobs, "Number of processes; each starts its own target")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    AddTrust(*command, options->trust);
    command->add_flag("--json", options->json, "Print the summary as JSON");
    command->footer(
        "Words after -- are appended to the command line of the target. Exit status 1 if there are findings. "
        "Example:\n"
        "  mpfuzz triage out --trust");
}

void AddMinimize(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand("minimize", "Make the program of a finding as small as possible")};
    auto* const options{OptionsOf(command, invocation, MinimizeCommand)};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("FINDING", options->finding, "The directory of a finding")->required();
    command->add_option("--time", options->time, "End after this time, such as 30s, 10m or 2h");
    command
        ->add_option("--tries", options->tries,
                     "Number of runs of each candidate; one of them has to show the finding. Default: 1 if the finding "
                     "appears in every run, otherwise 3")
        ->check(CLI::Range(1, 1'000));
    command->add_flag("--json", options->json, "Print the result as JSON");
    AddTrust(*command, options->trust);
    command->footer(
        "Each smaller program is stored at once as minimal.mpf. Ctrl-C or --time ends the command with the smallest\n"
        "program so far; the next run continues from there. The file minimize.state in the finding's directory\n"
        "remembers which programs were tried: remove it if the target has changed.\n"
        "Exit status 1, or 0 if the finding could not be reproduced. Example:\n"
        "  mpfuzz minimize targets/model_node/target.toml out/findings/crash-0123456789abcdef");
}

void AddDiff(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand("diff", "Run the same programs on two targets and compare their answers")};
    auto* const options{OptionsOf(command, invocation, DiffCommand)};
    command->add_option("FIRST", options->first, "A target.toml. Its schema and rules apply to both targets")
        ->required();
    command->add_option("SECOND", options->second, "Another target.toml, or the same one")->required();
    command->add_option("--time", options->time, "End after this time, such as 30s, 10m or 2h");
    command->add_option("--runs", options->runs, "End after this number of programs");
    command->add_option("--max-findings", options->max_findings, "End after this number of different findings")
        ->check(CLI::PositiveNumber);
    command->add_option("--seed", options->seed, "Seed of the random numbers")->capture_default_str();
    command->add_option("--out", options->out, "Output directory: gets findings/ and logs/")->capture_default_str();
    command->add_option("--triage-time", options->triage_time, "How long triage may go on after the search has ended")
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print the summary as JSON");
    command->add_option("--program", options->program,
                        "Run only this program several times on new targets; a file, or the directory of a finding");
    AddTrust(*command, options->trust);
    command->footer(
        "Only programs whose answers depend on nothing but the program are compared: `deterministic` in [rules] of\n"
        "FIRST lists the methods, and `in_order_by` tells which calls keep their order. Words after -- are appended\n"
        "to the command line of SECOND only. A difference is stored and minimised like any finding, and both\n"
        "answers are printed. Exit status 1 if there is a difference. Examples:\n"
        "  mpfuzz diff old/target.toml new/target.toml --time 10m\n"
        "  mpfuzz diff targets/model_node/target.toml targets/model_node/target.toml --runs 2000 -- --bug "
        "pipelined-stale");
}

void AddFmt(CLI::App& app, Invocation& invocation)
{
    auto* const command{
        app.add_subcommand("fmt", "Print programs in canonical form, or report where they are not valid")};
    auto* const options{OptionsOf(command, invocation, FmtCommand)};
    command->add_option("TARGET", options->target, "The target.toml with the schema of the programs")->required();
    command->add_option("PROGRAM", options->programs, "Files with one program each")->required();
    command->add_flag("--lenient", options->lenient, "Drop the lines that do not fit the schema, and report them");
    command->footer("Example:\n  mpfuzz fmt targets/model_node/target.toml program.mpf\n\n"
                    "The grammar is in docs/program-format.md.");
}

void AddDistill(CLI::App& app, Invocation& invocation)
{
    auto* const command{
        app.add_subcommand("distill", "Merge corpora, and keep only the programs that are needed for their coverage")};
    auto* const options{OptionsOf(command, invocation, DistillCommand)};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("INTO", options->into, "Directory of the distilled corpus; programs in it are included")
        ->required();
    command->add_option("FROM", options->from, "Directories of other corpora; they are not changed");
    command->footer("Runs every program once, and keeps a small set of programs that reaches everything that all of "
                    "them reach. Example:\n"
                    "  mpfuzz distill targets/model_node/target.toml small out/corpus old/corpus");
}

void AddBench(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand("bench", "Measure programs/s, calls/s, and the time that each phase takes")};
    auto* const options{OptionsOf(command, invocation, BenchCommand)};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("--compare", options->other,
                        "A second target.toml: run the same programs on it too, in turns with the first");
    command->add_option("--seed", options->seed, "Seed of the random numbers")->capture_default_str();
    command->add_option("--calls", options->calls, "Minimum number of calls in a program")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--rounds", options->rounds, "Number of turns of each way; the result is the median")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print JSON");
    command->footer(
        "The programs follow the protocol, and contain no calls that may block, so that no waiting is measured.\n"
        "The last column compares each line with the first. With coverage, mpfuzz waits for the target at the\n"
        "end of each program.");
}

void AddStub(CLI::App& app, Invocation& invocation)
{
    auto* const command{app.add_subcommand("stub", "Serve an interface with random answers")};
    auto* const options{OptionsOf(command, invocation, StubCommand)};
    command->add_option("FILE", options->files, "A target.toml, or .capnp files");
    command->add_option("--interface", options->interface,
                        "The interface that a new connection returns (default: main_interface of the target.toml)");
    command->add_option("--socket", options->socket, "Unix socket to listen on");
    command->add_option("-I,--import-path", options->import_paths, "Directory for imports that begin with a slash");
    command->add_option("--seed", options->seed, "Seed of the random answers")->capture_default_str();
    command->add_option("--log", options->log,
                        "Append every call, with its arguments and results, to this file, as lines of JSON");
    command->add_option("--fault", options->faults, "Answer some calls wrongly; --list-faults prints the names")
        ->allow_extra_args(false);
    command->add_flag("--list-faults", options->list_faults, "Print the names of the faults, one on each line");
    command->footer(
        "Every method is answered, and every capability in an answer is again a stub. For a given seed the answer\n"
        "depends only on the method, its arguments, and the number of earlier calls on the object.\n"
        "Ends with status 0 on SIGTERM and SIGINT. Examples:\n"
        "  mpfuzz stub server.capnp --interface Root --socket /tmp/stub --log calls.jsonl\n"
        "  mpfuzz run targets/stub/target.toml --time 5s");
}

void AddProxy(CLI::App& app, Invocation& invocation)
{
    auto* const command{
        app.add_subcommand("proxy", "Relay between clients and a server, and record the calls as programs")};
    auto* const options{OptionsOf(command, invocation, ProxyCommand)};
    command
        ->add_option("TARGET", options->target,
                     "A target.toml with the schema, and with the server to start or attach to")
        ->required();
    command->add_option("--listen", options->listen, "Unix socket for the clients")->required();
    command->add_option("--connect", options->connect,
                        "Unix socket of a running server; replaces the server in target.toml");
    command->add_option("--record", options->record, "Directory: write a program for each connection with a call");
    command->add_option("--perturb", options->perturbations, "How to disturb the transfer: delay, split, drop")
        ->delimiter(',');
    command->add_option("--seed", options->seed, "Seed: selects the messages that are disturbed")
        ->capture_default_str();
    command->footer(
        "The bytes are relayed unchanged. What a program cannot express is counted in comments at the top of its "
        "file.\n"
        "Ends on SIGTERM and SIGINT, with status 1 if a server that it started has died. Examples:\n"
        "  mpfuzz proxy targets/model_node/target.toml --listen /tmp/node --record seeds\n"
        "  mpfuzz proxy node.toml --connect ~/.bitcoin/regtest/node.sock --listen /tmp/node --perturb delay,split");
}

int Main(int argc, char** argv)
{
    Invocation invocation;
    invocation.words.assign(argv, argv + argc);
    int own{argc};
    for (int i{1}; i < argc; ++i) {
        if (std::string_view{argv[i]} != "--") continue;
        invocation.extra.assign(argv + i + 1, argv + argc);
        own = i;
        break;
    }

    CLI::App app{"mpfuzz: a fuzzer for Cap'n Proto RPC servers.\n\n"
                 "It reads the .capnp files of a server, generates programs of calls to the server's capabilities,\n"
                 "runs them over a real socket, and stores each bug that it finds with a program that replays it.\n\n"
                 "Begin with:   mpfuzz run targets/model_node/target.toml --time 30s -- --bug worker-exception",
                 "mpfuzz"};
    app.set_version_flag("--version", triage::CollectEnvironment("").mpfuzz);
    app.require_subcommand(1);
    app.footer("Exit status: 0 nothing found, 1 findings, 2 a mistake in the command line or a file, 3 a bug in mpfuzz "
               "itself, 4 other findings than the expected one (replay).");
    AddSchema(app, invocation);
    AddGenerate(app, invocation);
    AddRun(app, invocation);
    AddReplay(app, invocation);
    AddTriage(app, invocation);
    AddMinimize(app, invocation);
    AddDiff(app, invocation);
    AddFmt(app, invocation);
    AddDistill(app, invocation);
    AddBench(app, invocation);
    AddStub(app, invocation);
    AddProxy(app, invocation);
    try {
        app.parse(own, argv);
    } catch (const CLI::ExtrasError& error) {
        app.exit(error);
        if (const std::string hint{ExplainExtras(app, invocation)}; !hint.empty()) std::cerr << hint << '\n';
        return EXIT_USER_MISTAKE;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : EXIT_USER_MISTAKE;
    }
    return invocation.chosen();
}

} // namespace
} // namespace mpfuzz::apps

int main(int argc, char** argv) { return mpfuzz::apps::Main(argc, argv); }
