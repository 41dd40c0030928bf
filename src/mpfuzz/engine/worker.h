#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/campaign_memory.h>
#include <mpfuzz/engine/finding_recorder.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace mpfuzz::engine {

//! When a campaign ends, how it works, and where it writes its files.
struct CampaignOptions {
    std::optional<uint64_t> runs;
    std::optional<std::chrono::milliseconds> time; //!< for fuzzing
    std::optional<uint64_t> max_findings;          //!< maximum number of different findings that are stored
    uint64_t seed{1};
    unsigned jobs{1}; //!< number of processes that fuzz; 0: only triage, which then goes on until the queue is empty
    unsigned triage_jobs{1};   //!< number of processes for triage after fuzzing has ended
    double triage_share{0.25}; //!< part of the workers' time for triage while fuzzing goes on
    std::optional<std::chrono::milliseconds> triage_time{60'000}; //!< for triage after fuzzing; nullopt: no limit
    std::string out;                                              //!< directory for findings, logs and the lock
    triage::Record blueprint; //!< the fields that all findings share: schema hash, seed, target, command lines, version
    int replays{5};           //!< number of replays of each candidate in triage
    const std::atomic<int>* signals{nullptr}; //!< number of signals so far that asked mpfuzz to end; may be null

    std::string FindingsDirectory() const { return out + "/findings"; }
    std::string LogsDirectory() const { return out + "/logs"; }
};

//! A worker process's connection to its campaign.
class WorkerContext
{
public:
    //! @param process  Number of this process in the memory.
    //! @param seed     Different for each worker.
    //! @param pipe     Descriptor for messages to the supervisor.
    WorkerContext(const schema::Schema& schema, const CampaignOptions& options, CampaignMemory& memory,
                  unsigned process, uint64_t seed, int pipe);

    const CampaignOptions& Options() const { return m_options; }
    CampaignMemory& Memory() { return m_memory; }
    FindingRecorder& Recorder() { return m_recorder; }
    uint64_t Seed() const { return m_seed; }

    //! True if this process has to end.
    bool IsOver() const;

    //! Call before each run of a program. Ends the process if the campaign is over.
    void BeginProgram();

    //! Call a function that only waits: other processes may have quiet time meanwhile.
    void Rest(const std::function<void()>& wait);
    //! Wait while another process has quiet time.
    void RestIfAsked();
    //! Get quiet time: nothing else of this campaign runs until EndQuiet. A busy machine then does not look like a slow
    //! target. Does not wait long for processes that do not rest.
    void BeginQuiet();
    void EndQuiet() { m_memory.EndQuiet(m_process); }

    //! Set the functions that tell the counts so far, and that stop the target before the process ends.
    void SetCounts(std::function<void()> publish) { m_publish = std::move(publish); }
    void SetClose(std::function<void()> close) { m_close = std::move(close); }
    //! Publish the counts of this process.
    void Publish(const Statistics& statistics, const mutate::MutatorStatistics& mutators)
    {
        m_memory.Publish(m_process, statistics, mutators);
    }
    Activity& GetActivity() { return m_memory.ActivityOf(m_process); }

    //! Tell the user something. Each text is printed once in a campaign.
    void Note(const std::string& text) { Send('N', text); }
    //! End the campaign in order, for this reason.
    [[noreturn]] void EndCampaign(const std::string& reason);
    //! End the campaign because of an error.
    [[noreturn]] void Fail(const base::Error& error);
    //! End this process in order.
    [[noreturn]] void Exit(int status);

private:
    void Send(char kind, const std::string& text);

    const CampaignOptions& m_options;
    CampaignMemory& m_memory;
    FindingRecorder m_recorder;
    unsigned m_process;
    uint64_t m_seed;
    int m_pipe;
    std::function<void()> m_publish;
    std::function<void()> m_close;
    std::chrono::steady_clock::time_point m_published{};
};

//! Exit statuses of a worker, besides base::EXIT_OWN_BUG.
inline constexpr int WORKER_DONE{0};
inline constexpr int WORKER_ERROR{2}; //!< the worker has sent an error

} // namespace mpfuzz::engine
