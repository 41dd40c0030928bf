#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/reproduce.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace mpfuzz::triage {

//! A file that stores which candidates of one finding did not show it. With it, an interrupted minimisation can
//! continue.
//!
//! The file is text. The first line is the subject. Each other line is the digest of a candidate (base::DigestHex of
//! its text), in the order in which they were run. A last line without a newline is ignored: the process was killed
//! while it wrote the line.
class Memo
{
public:
    //! Reads the file if it exists and has the same subject. Otherwise begins a new file.
    //!
    //! @param subject  Names everything on which the result of a candidate depends; see MemoSubject().
    //! @return An error that names the path, if the file cannot be written.
    static base::Result<Memo> Open(const std::string& path, std::string_view subject);

    Memo(Memo&& other) noexcept;
    Memo& operator=(Memo&&) = delete;
    ~Memo();

    bool Contains(uint64_t digest) const { return m_digests.contains(digest); }
    //! Adds a digest, and writes it to the file at once. Write errors are ignored: the next minimisation then runs the
    //! candidate again.
    void Add(uint64_t digest);
    size_t Count() const { return m_digests.size(); }

private:
    Memo(int fd, std::unordered_set<uint64_t> digests);
    int m_fd;
    std::unordered_set<uint64_t> m_digests;
};

//! The first line of a memo: digests of the schema, the finding, and the target's additional arguments. It does not
//! change if the target is rebuilt. The user has to remove the file then.
std::string MemoSubject(uint64_t schema_hash, const Identity& identity, std::span<const std::string> extra_arguments);

} // namespace mpfuzz::triage
