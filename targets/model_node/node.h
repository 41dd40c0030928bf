// The state that lives as long as the process.
#pragma once

#include <targets/model_node/bugs.h>
#include <targets/model_node/chain/chain.h>
#include <targets/model_node/planted.h>
#include <targets/model_node/worker.h>

#include <memory>
#include <utility>
#include <vector>

namespace mpfuzz::model_node {

//! State that all connections share. `main` owns it. Loop thread only, unless a member says otherwise.
class Node
{
public:
    Node(const Bugs& bugs, CompletionQueue& completions) : m_bugs{bugs}, m_workers{completions, m_bugs} {}
    ~Node()
    {
        for (const auto& job : m_forgotten) Monitor().Cancel(job->cancellation);
    }

    const Bugs& GetBugs() const { return m_bugs; }
    Chain& GetChain() { return m_chain; }               //!< Thread-safe.
    TipMonitor& Monitor() { return m_chain.Monitor(); } //!< Thread-safe.
    Workers& GetWorkers() { return m_workers; }
    planted::OpenCalls& OpenCalls() { return m_open_calls; }

    //! Cancels this job when the node ends. For the planted bug wait-leak.
    void CancelInTheEnd(std::shared_ptr<Job> job) { m_forgotten.push_back(std::move(job)); }

private:
    const Bugs m_bugs;
    Chain m_chain;
    planted::OpenCalls m_open_calls;
    std::vector<std::shared_ptr<Job>> m_forgotten; // For the planted bug wait-leak.
    Workers m_workers;                             // Last: its threads use the others until they are joined.
};

} // namespace mpfuzz::model_node
