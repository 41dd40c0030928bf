#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace mpfuzz::engine {

//! What the workers of one campaign have in common, in memory that they share.
class SharedState
{
public:
    //! Nothing done yet. CHECK fails where there is no memory.
    SharedState();
    ~SharedState();
    SharedState(const SharedState&) = delete;
    SharedState& operator=(const SharedState&) = delete;

    //! Count a program that is about to run. @return How many came before it.
    uint64_t ClaimProgram() { return m_state->programs.fetch_add(1); }
    uint64_t Programs() const { return m_state->programs.load(); }

    //! True for the first worker to ask about this finding's digest: it is the one to investigate it. False for
    //! all once there are more than a campaign can keep apart.
    bool ClaimFinding(uint64_t digest);

    //! Count a finding that has come back when it was investigated.
    void CountFinding() { m_state->findings.fetch_add(1); }
    uint64_t Findings() const { return m_state->findings.load(); }

private:
    struct State {
        std::atomic<uint64_t> programs;
        std::atomic<uint64_t> findings;
        std::array<std::atomic<uint64_t>, 4'096> claimed; //!< digests; 0 for none
    };
    State* m_state;
};

} // namespace mpfuzz::engine
