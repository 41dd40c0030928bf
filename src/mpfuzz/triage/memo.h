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

//! A file with the candidates of one finding that are known to pass. With it, an interrupted minimisation can continue.
//!
//! The file is text: the first line is the subject; each other line is the digest of a candidate (base::DigestHex of
//! its text), in the order in which they were run. A last line without a newline (the process was killed) is ignored.
class Memo
{
public:
    //! Read the file if it exists and has the same subject, otherwise begin a new one.
    //!
    //! @param subject  All that decides whether a candidate passes; see MemoSubject().
    //! @return An error that names the path, if the file cannot be written.
    static base::Result<Memo> Open(const std::string& path, std::string_view subject);

    Memo(Memo&& other) noexcept;
    Memo& operator=(Memo&&) = delete;
    ~Memo();

    bool Contains(uint64_t digest) const { return m_digests.contains(digest); }
    //! Add to the file at once. Write errors are ignored: the next run then runs the candidate again.
    void Add(uint64_t digest);
    size_t Count() const { return m_digests.size(); }

private:
    Memo(int fd, std::unordered_set<uint64_t> digests);
    int m_fd;
    std::unordered_set<uint64_t> m_digests;
};

//! The first line of a memo: digests of the schema, the finding, and the target's additional arguments. It does not
//! change when the target is rebuilt: remove the file then.
std::string MemoSubject(uint64_t schema_hash, const Identity& identity, std::span<const std::string> extra_arguments);

} // namespace mpfuzz::triage
