#pragma once

#include <mpfuzz/domain/domain.h>

#include <optional>
#include <string_view>
#include <vector>

namespace mpfuzz::domains::bitcoin {

//! Earlier answers of Data fields called `field`, of calls of methods called `method`, latest last.
std::vector<program::DataRef> DataOf(const domain::Builder& builder, const domain::SourceContext& source_context,
                                     std::string_view method, std::string_view field);

//! Call the first method of that name that some interface has, on an object of the slot's connection. False where
//! that cannot be done.
bool CallNamed(domain::Builder& builder, const domain::SourceContext& source_context, std::string_view method);

} // namespace mpfuzz::domains::bitcoin
