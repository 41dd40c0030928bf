#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/schema/load.h>
#include <mpfuzz/triage/report_text.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace mpfuzz::triage {
namespace {

using observe::FindingKind;
using testing::HasSubstr;
using testing::Not;

ReportInput Example()
{
    return {.identity = {FindingKind::CRASH, "assertion `m_loop' failed in mp::Ref<T>"},
            .verdict = {5, 5},
            .program = "c0 = connect\ninit0 = c0.bootstrap Init\n",
            .details = "step 1, init0",
            .trace = "#  step\n0  c0 = connect\nafter 9.000 ms the target had ended: signal 6\n",
            .target_log = "started\nassertion failed\n",
            .environment = {.mpfuzz = "0.1.0 (abc)",
                            .compiler = "clang 14",
                            .os = "Debian GNU/Linux 12",
                            .target_build_id = "01fe",
                            .target_version = "v30"},
            .schema_hash = "00ff",
            .command = "mpfuzz replay /home/al/node/target.toml program.mpf",
            .home = "/home/al"};
}

TEST(ReportText, IsAnIssue)
{
    EXPECT_EQ(ReportText(Example()), R"(# ``crash: assertion `m_loop' failed in mp::Ref<T>``

mpfuzz found this. It is of the kind `crash`: the target died. It was seen in 5 of 5 replays.

## Program

```
c0 = connect
init0 = c0.bootstrap Init
```

## Details

```
step 1, init0
```

## What each step sent and received

```
#  step
0  c0 = connect
after 9.000 ms the target had ended: signal 6
```

## The end of the target's log

```
started
assertion failed
```

## Versions

- target: `v30`
- build id of the target: `01fe`
- hash of the schema: `00ff`
- system: `Debian GNU/Linux 12`
- mpfuzz: `0.1.0 (abc)`
- compiler of mpfuzz: `clang 14`

## To reproduce it

```sh
mpfuzz replay ~/node/target.toml program.mpf
```
)");
}

TEST(ReportText, LeavesOutWhatIsNotKnown)
{
    ReportInput input{Example()};
    input.program.clear();
    input.trace.clear();
    input.environment.target_version.clear();
    input.verdict = {};
    const std::string text{ReportText(input)};
    EXPECT_THAT(text, Not(HasSubstr("## Program")));
    EXPECT_THAT(text, Not(HasSubstr("## What each step")));
    EXPECT_THAT(text, Not(HasSubstr("- target:")));
    EXPECT_THAT(text, HasSubstr("It has not been replayed yet."));
    input.verdict = {0, 3};
    EXPECT_THAT(ReportText(input), HasSubstr("It was seen once, but not in 3 replays."));
    input.verdict = {1, 3};
    EXPECT_THAT(ReportText(input), HasSubstr("It was seen in 1 of 3 replays."));
}

TEST(ReportText, TextsOfTheTargetCannotEndTheirCodeBlock)
{
    ReportInput input{Example()};
    input.target_log = "a\n```\n# heading\n````\nb\n``\1`````\n";
    EXPECT_THAT(ReportText(input), HasSubstr("\n````````\na\n```\n# heading\n````\nb\n```````\n````````\n"));
    input.identity.title = "``";
    EXPECT_THAT(ReportText(input), HasSubstr("# ``` crash: `` ```\n"));
}

TEST(ReportText, HasNoPathOfTheHomeDirectory)
{
    ReportInput input{Example()};
    for (std::string* text : {&input.identity.title, &input.program, &input.details, &input.trace, &input.target_log,
                              &input.environment.target_version, &input.command}) {
        *text = "-I/home/al/x /home/alice/x /home/al\n";
    }
    const std::string text{ReportText(input)};
    size_t count{0};
    for (size_t at{0}; (at = text.find("-I~/x /home/alice/x ~", at)) != std::string::npos; ++at) ++count;
    EXPECT_EQ(count, 7U) << text;
    EXPECT_THAT(text, Not(HasSubstr("/home/al/")));

    for (const char* home : {"", "/"}) {
        input.home = home;
        EXPECT_THAT(ReportText(input), HasSubstr("-I/home/al/x")) << home;
    }
    input.home = "/home/al/";
    EXPECT_THAT(ReportText(input), HasSubstr("-I~/x"));
}

TEST(ReportText, ShowsTheReportOfASanitizerAndNothingElseOfTheLog)
{
    ReportInput input{Example()};
    const std::string report{
        "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 0x2 in F f.cpp:1\n"
        "SUMMARY: AddressSanitizer: heap-use-after-free f.cpp:1 in F\n"};
    input.target_log = "started\n=====\n" + report + "Shadow bytes\n==8==ABORTING\n";
    EXPECT_THAT(ReportText(input), HasSubstr("## The sanitizer's report\n\n```\n" + report + "```\n"));
    for (const char* line : {"WARNING: ThreadSanitizer: data race (pid=3)\n", "f.cpp:7:2: runtime error: index 9\n"}) {
        input.target_log = "started\n" + std::string{line};
        EXPECT_THAT(ReportText(input), HasSubstr("report\n\n```\n" + std::string{line} + "```\n"));
    }
    input.target_log = "the target uses AddressSanitizer: yes\n";
    EXPECT_THAT(ReportText(input), HasSubstr("## The end of the target's log"));
}

TEST(ReportText, ShowsTheLast200LinesOfALog)
{
    ReportInput input{Example()};
    input.target_log.clear();
    for (int i{1}; i <= 300; ++i) input.target_log += std::to_string(i) + "\n";
    const std::string text{ReportText(input)};
    EXPECT_THAT(text, HasSubstr("```\n101\n102\n"));
    EXPECT_THAT(text, HasSubstr("\n300\n```\n"));
}

TEST(ReportText, ShowsTheLogOnceEvenIfTheTraceHasIt)
{
    const auto schema{
        schema::LoadFiles(std::array{std::string{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/mining.capnp"}}, {})};
    ASSERT_TRUE(schema);
    trace::Trace trace;
    trace.ending = {.alive = false, .responsive = false, .signal = 6, .log_tail = "last line", .stacks = "a thread"};
    ReportInput input{Example()};
    input.target_log = "last line\na thread\n";
    for (const char* log_tail : {"last line", ""}) {
        trace.ending.log_tail = log_tail;
        input.trace = trace::Print(**schema, program::MustParse(**schema, "c = connect\n"), trace);
        ASSERT_THAT(input.trace, HasSubstr("  | a thread\n"));
        EXPECT_THAT(ReportText(input), HasSubstr("after 0.000 ms the target had ended: signal 6\n```\n"));
    }
}

TEST(ReportText, FitsIntoAnIssueEvenIfEveryTextIsLong)
{
    for (const std::string& piece : {std::string(1'000, 'x') + "\n", std::string(20'000, 'y')}) {
        ReportInput input{Example()};
        for (std::string* text :
             {&input.identity.title, &input.program, &input.details, &input.trace, &input.target_log,
              &input.environment.target_version, &input.schema_hash, &input.command}) {
            for (int i{0}; i < 15; ++i) *text += piece;
        }
        const std::string text{ReportText(input)};
        EXPECT_LT(text.size(), 65'536U);
        EXPECT_THAT(text, HasSubstr(" more bytes\n"));
    }
}

TEST(ReportText, LeavesOutControlCharacters)
{
    ReportInput input{Example()};
    input.target_log = std::string{"\x1b[31mred\x1b[0m\r\n\ta\0b\x7f\n", 20};
    EXPECT_THAT(ReportText(input), HasSubstr("```\n[31mred[0m\n\tab\n```\n"));
}

} // namespace
} // namespace mpfuzz::triage
