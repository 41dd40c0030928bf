#pragma once

// For this folder's tests only.

#include <mpfuzz/schema/load.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::schema {

//! Path of a file in testdata/.
std::string Testdata(std::string_view name);

//! A file of testdata/, which must load.
std::shared_ptr<const Schema> LoadTestdata(std::string_view name);

//! A directory of its own that goes away with the object.
class TempDirectory
{
public:
    TempDirectory();
    ~TempDirectory();
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;

    //! Write a file, and the directories on the way to it; returns its path.
    std::string Write(std::string_view name, std::string_view content) const;
    std::string Path(std::string_view name) const { return (m_root / name).string(); }

private:
    std::filesystem::path m_root;
};

//! LoadFiles, which must succeed.
std::shared_ptr<const Schema> MustLoad(const std::vector<std::string>& files,
                                       const std::vector<std::string>& import_paths = {});

//! What LoadFiles complains about; empty where it succeeds.
std::string ErrorOf(const std::vector<std::string>& files, const std::vector<std::string>& import_paths = {});

//! The catalogue as text, one line an entry: two are equal exactly when the catalogues are.
std::string Dump(const Schema& schema);

//! `name :Type` of each field, as `Dump` has it.
std::vector<std::string> FieldsOf(const Schema& schema, std::string_view struct_name);

} // namespace mpfuzz::schema
