#pragma once

#include <mpfuzz/triage/store.h>

//! What finding.json says: everything about a finding that has no file of its own.
namespace mpfuzz::triage {

//! JSON, indented, with a newline at the end. Texts that are not UTF-8 have what is not replaced.
std::string FindingToJson(const StoredFinding& finding);

//! Read it back; the programs, the trace and the log stay empty. Members that are not known are ignored, so that
//! later versions can add some. The error says what is wrong, without naming the file.
base::Result<StoredFinding> FindingFromJson(std::string_view json);

} // namespace mpfuzz::triage
