#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/schema/schema.h>

#include <memory>
#include <span>
#include <string>

namespace mpfuzz::schema {

//! What names the files to load. Error messages say what to change there.
enum class Origin { TARGET_FILE, COMMAND_LINE };

//! Parses .capnp files and all files that they import.
//!
//! @param files         Paths as a user gives them.
//! @param import_paths  Directories to search, in this order, for imports that begin with a slash.
//!                      /usr/local/include and /usr/include are always searched last, as `capnp compile` does.
//! @return The Schema, or all parse errors, each on a line `FILE:LINE:COLUMN: error: MESSAGE`. Lines and columns are
//!         counted from 1.
base::Result<std::shared_ptr<const Schema>> LoadFiles(std::span<const std::string> files,
                                                      std::span<const std::string> import_paths,
                                                      Origin origin = Origin::TARGET_FILE);

//! Reads a CodeGeneratorRequest, as `capnp compile -o-` writes it.
//!
//! @param request  The message in Cap'n Proto's stream framing.
base::Result<std::shared_ptr<const Schema>> LoadRequest(std::string_view request);

} // namespace mpfuzz::schema
