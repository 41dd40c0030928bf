#include <apps/mpfuzz/command.h>

#include <string_view>

extern "C" const char* __asan_default_options()
{
    // libkj is not instrumented, and keeps pointers to variables on the stack. With this option on, AddressSanitizer
    // moves those variables elsewhere.
    return "detect_stack_use_after_return=0";
}

namespace mpfuzz::apps {

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
                 "It reads the .capnp files of a server, generates programs of calls to the server's capabilities,\n"
                 "runs them over a real socket, and stores each bug that it finds with a program that replays it.\n\n"
                 "Begin with:   mpfuzz run targets/model_node/target.toml --time 30s -- --bug worker-exception",
                 "mpfuzz"};
    app.set_version_flag("--version", std::string{VERSION});
    app.require_subcommand(1);
    app.footer("Exit status: 0 nothing found, 1 findings, 2 a mistake in the command line or a file, 3 a bug in mpfuzz "
               "itself.");
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
