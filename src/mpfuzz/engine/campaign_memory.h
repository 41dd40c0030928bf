#pragma once

#include <mpfuzz/engine/counters.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/mutate/mutator_statistics.h>
#include <mpfuzz/observe/finding.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <cstdint>
#include <vector>

namespace mpfuzz::engine {

//! What the processes of a campaign know of one finding. All members are atomic, so any process may change them.
struct FindingSlot {
    std::atomic<uint64_t> digest; //!< triage::DigestOf; 0: the slot is free
    std::atomic<observe::FindingKind> kind;
    std::atomic<uint64_t> occurrences; //!< in this campaign
    std::atomic<uint64_t> version;     //!< increases each time something was stored about the finding; 0: not stored
    std::atomic<bool> wants_witness;   //!< the next process that sees the finding stores another witness
};

//! What a process is doing, and for how long it was busy.
struct Activity {
    std::atomic<uint64_t> digest;     //!< of the finding that it investigates; 0: none
    std::atomic<triage::Stage> stage; //!< of that finding
    std::atomic<int64_t> since_ns;    //!< steady clock: when it began
    std::atomic<int64_t> busy_ns;     //!< total time of its runs
    std::atomic<bool> resting;        //!< it runs nothing at the moment
};

//! Memory that the processes of a campaign share: counts of programs and calls, what each process does, and which
//! findings are known. The supervisor can read it even if a process hangs or was killed.
class CampaignMemory
{
public:
    //! All counts are zero. CHECK fails if there is no memory.
    //!
    //! @param processes  Maximum number of processes at a time.
    CampaignMemory(const schema::Schema& schema, unsigned processes);
    ~CampaignMemory();
    CampaignMemory(const CampaignMemory&) = delete;
    CampaignMemory& operator=(const CampaignMemory&) = delete;

    //! Count a program that is about to run. @return The number of programs before it.
    uint64_t ClaimProgram();

    //! The slot of a finding. @return nullptr if the table is full.
    FindingSlot* FindSlot(uint64_t digest, observe::FindingKind kind);
    //! All slots in use.
    std::vector<FindingSlot*> Slots();
    //! Count a finding that is stored and that has appeared in this campaign for the first time.
    void CountFinding();
    uint64_t Findings() const;

    //! True while fuzzing has ended and only triage goes on.
    std::atomic<bool>& FuzzingEnded();

    Activity& ActivityOf(unsigned process);

    //! Quiet time: all processes but the one that asked for it rest. Returns false if another process has asked first.
    bool AskForQuiet(unsigned process);
    //! Ends the quiet time of this process, if there is one.
    void EndQuiet(unsigned process);
    //! True if a process has to rest.
    bool MustRest(unsigned process) const;
    //! True if all other processes rest, or have not begun.
    bool OthersRest(unsigned process);

    //! Replace the counts of a process. Only that process calls this.
    void Publish(unsigned process, const Statistics& statistics, const mutate::MutatorStatistics& mutators);
    Statistics ReadStatistics(unsigned process) const;
    mutate::MutatorStatistics ReadMutators(unsigned process) const;
    //! Call when a process begins.
    void Begin(unsigned process);
    //! Set everything about a process to zero. Call when the process has ended.
    void Clear(unsigned process);

    FeatureSet& FeaturesSeen() { return m_features_seen; }

private:
    struct Header;
    struct Process;

    Process& GetProcess(unsigned process) const;
    MethodCounts* MethodsOf(unsigned process) const;
    mutate::Count* MutatorsOf(unsigned process) const;

    std::vector<schema::MethodRef> m_methods; //!< sorted
    size_t m_mutators;
    unsigned m_processes;
    size_t m_process_bytes;
    size_t m_bytes;
    Header* m_header;
    FeatureSet m_features_seen;
};

} // namespace mpfuzz::engine
