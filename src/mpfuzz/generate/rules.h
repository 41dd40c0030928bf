#pragma once

#include <mpfuzz/program/target_rules.h>

namespace mpfuzz::generate {

using Rules = program::TargetRules;

} // namespace mpfuzz::generate
