#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/schema/schema.h>

#include <memory>
#include <span>
#include <string>

namespace mpfuzz::schema {

//! Parse .capnp files and everything they import.
//!
//! @param files         Paths as a user gives them.
//! @param import_paths  Where imports that begin with a slash are looked up, in order;
//!                      /usr/include and /usr/local/include are always searched last, as `capnp compile` does.
//! @return The catalogue, or every parse error, one a line, as `FILE:LINE:COLUMN: error: MESSAGE`.
//!         Lines and columns count from 1.
base::Result<std::shared_ptr<const Schema>> LoadFiles(std::span<const std::string> files,
                                                      std::span<const std::string> import_paths);

//! Read a finished CodeGeneratorRequest, as `capnp compile -o-` writes it.
//!
//! @param request  The message in Cap'n Proto's stream framing.
base::Result<std::shared_ptr<const Schema>> LoadRequest(std::string_view request);

} // namespace mpfuzz::schema
