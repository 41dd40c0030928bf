// Everything that lives as long as the process.
#pragma once

#include "targets/model_node/bugs.h"
#include "targets/model_node/chain/chain.h"
#include "targets/model_node/worker.h"

namespace mpfuzz::model_node {

//! What all connections share. Owned by `main`; loop thread only, except where a member says otherwise.
class Node
{
public:
    Node(const Bugs& bugs, CompletionQueue& completions) : m_bugs{bugs}, m_workers{completions} {}

    const Bugs& GetBugs() const { return m_bugs; }
    Chain& GetChain() { return m_chain; }               //!< Thread-safe.
    TipMonitor& Monitor() { return m_chain.Monitor(); } //!< Thread-safe.
    Workers& GetWorkers() { return m_workers; }

private:
    const Bugs m_bugs;
    Chain m_chain;
    Workers m_workers; // Last: its threads use the others until they are joined.
};

} // namespace mpfuzz::model_node
