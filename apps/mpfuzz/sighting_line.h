#pragma once

#include <mpfuzz/engine/keeper.h>

#include <string>

namespace mpfuzz::apps {

//! A finding in a summary, on one line, without the newline.
std::string SightingLine(const engine::Sighting& sighting);

} // namespace mpfuzz::apps
