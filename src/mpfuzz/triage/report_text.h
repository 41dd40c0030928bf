#pragma once

#include <mpfuzz/triage/environment.h>
#include <mpfuzz/triage/reproduce.h>

#include <string>

//! The report of a finding, for people who do not use mpfuzz.
namespace mpfuzz::triage {

//! What a report consists of. An empty text is left out, together with its heading.
struct ReportInput {
    Identity identity;
    Verdict verdict;
    std::string program; //!< text of the smallest program; empty if a driver showed the finding
    std::string details; //!< see observe::Problem
    std::string trace;   //!< text that trace::Print made. What it has of the log is left out
    std::string target_log;
    Environment environment;
    std::string schema_hash; //!< hexadecimal
    std::string command;     //!< shell command that reproduces the finding
    std::string home;        //!< home directory of the user, which becomes `~` in all of the report; may be empty
};

//! The report in Markdown, to be sent as an issue on GitHub: shorter than the 65,536 characters that an issue may have.
//!
//! Long texts are cut. Of the log, it has the first report of a sanitizer, otherwise the last 200 lines. Texts of the
//! target cannot end their code block. Control characters are left out.
std::string ReportText(const ReportInput& input);

} // namespace mpfuzz::triage
