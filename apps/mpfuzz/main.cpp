#include <apps/mpfuzz/command.h>

#include <fstream>
#include <iostream>
#include <iterator>

extern "C" const char* __asan_default_options()
{
    // An uninstrumented libkj keeps pointers into stack frames that it believes to be real ones.
    return "detect_stack_use_after_return=0";
}

namespace mpfuzz::apps {

int Complain(const std::string& message)
{
    std::cerr << "mpfuzz: " << message << (message.ends_with('\n') ? "" : "\n");
    return EXIT_USER_MISTAKE;
}

bool ReadFile(const std::string& path, std::string& bytes)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) return false;
    bytes.assign(std::istreambuf_iterator<char>{file}, {});
    return !file.bad();
}

namespace {

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
                 "It reads a server's .capnp files, makes up programs of calls over its capabilities, runs them\n"
                 "over a real socket, and leaves what it finds as a program that replays.\n\n"
                 "Begin with:   mpfuzz run targets/model_node/target.toml --time 30s -- --bug worker-exception",
                 "mpfuzz"};
    app.set_version_flag("--version", std::string{VERSION});
    app.require_subcommand(1);
    app.footer(
        "Exit status: 0 nothing found, 1 findings, 2 a mistake in what was asked for, 3 a bug of mpfuzz itself.");
    AddSchemaCommand(app, invocation);
    AddGenerateCommand(app, invocation);
    AddRunCommand(app, invocation);
    AddReplayCommand(app, invocation);
    AddMinimizeCommand(app, invocation);
    AddDiffCommand(app, invocation);
    AddFmtCommand(app, invocation);
    AddDistillCommand(app, invocation);
    AddBenchCommand(app, invocation);
    AddStubCommand(app, invocation);
    AddProxyCommand(app, invocation);
    try {
        app.parse(own, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : EXIT_USER_MISTAKE;
    }
    return invocation.chosen();
}

} // namespace
} // namespace mpfuzz::apps

int main(int argc, char** argv) { return mpfuzz::apps::Main(argc, argv); }
