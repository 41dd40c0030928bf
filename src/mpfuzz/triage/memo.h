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

//! Candidates of one finding that are known to pass, kept in a file, so that minimising goes on where it was stopped.
//!
//! The file is text: a first line for what it belongs to, then a digest a line (base::DigestHex of the candidate's
//! text), in the order in which they were run. A line that a killed process left unfinished is ignored.
class Memo
{
public:
    //! Use what the file says, if it is there and belongs to the same; else begin a new one.
    //!
    //! @param subject  All that decides whether a candidate passes; see MemoSubject.
    //! @return An error that names the path where the file cannot be written.
    static base::Result<Memo> Open(const std::string& path, std::string_view subject);

    Memo(Memo&& other) noexcept;
    Memo& operator=(Memo&&) = delete;
    ~Memo();

    bool Contains(uint64_t digest) const { return m_digests.contains(digest); }
    //! Add to the file at once. A disk that refuses is not told: the next run then runs the candidate again.
    void Add(uint64_t digest);
    size_t Count() const { return m_digests.size(); }

private:
    Memo(int fd, std::unordered_set<uint64_t> digests);
    int m_fd;
    std::unordered_set<uint64_t> m_digests;
};

//! The first line of a memo: digests of the schema, the finding, and the target's additional arguments. A target that
//! was built anew is not noticed: remove the file then.
std::string MemoSubject(uint64_t schema_hash, const Identity& identity, std::span<const std::string> extra_arguments);

} // namespace mpfuzz::triage
