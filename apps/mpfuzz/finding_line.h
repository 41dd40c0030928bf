#pragma once

#include <mpfuzz/engine/finding_recorder.h>

#include <string>

namespace mpfuzz::apps {

//! A finding in a summary, on one line, without the newline.
std::string FindingLine(const engine::FindingReport& finding);

} // namespace mpfuzz::apps
