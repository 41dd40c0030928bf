#pragma once

#include <mpfuzz/schema/load.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

//! For this folder's tests only.
namespace mpfuzz::schema {

//! Path of a file in testdata/.
std::string Testdata(std::string_view name);

//! Loads a file of testdata/. CHECK fails if it does not load.
std::shared_ptr<const Schema> LoadTestdata(std::string_view name);

//! LoadFiles. CHECK fails if the files do not load.
std::shared_ptr<const Schema> MustLoad(const std::vector<std::string>& files,
                                       const std::vector<std::string>& import_paths = {});

//! The error of LoadFiles; empty if it succeeds.
std::string ErrorOf(const std::vector<std::string>& files, const std::vector<std::string>& import_paths = {});

//! A Schema as text, one line for each entry. If two schemas are different, their texts are different.
std::string Dump(const Schema& schema);

//! `name :Type` of each field, as `Dump` prints it.
std::vector<std::string> FieldsOf(const Schema& schema, std::string_view struct_name);

} // namespace mpfuzz::schema
