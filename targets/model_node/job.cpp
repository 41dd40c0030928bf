#include <targets/model_node/job.h>

#include <targets/model_node/connection.h>

#include <chrono>
#include <exception>
#include <thread>

namespace mpfuzz::model_node {
namespace {

// For the planted bug disconnect-in-call: with a real node's chain a call takes as long, and a client that leaves
// without its answer leaves while the call is running.
constexpr std::chrono::milliseconds REAL_NODES_PACE{10};

// PLANTED BUG disconnect-in-call: believe that the client is still there. Volatile, so that no compiler
// concludes that the pointer cannot be null; unchecked, so that it faults under UBSan as it does without.
__attribute__((no_sanitize("undefined"))) void CountTrustingly(volatile ConnectionRecord* record)
{
    record->answered_calls = record->answered_calls + 1;
}

} // namespace

void Job::Run()
{
    if (m_trust_connection) std::this_thread::sleep_for(REAL_NODES_PACE);
    if (cancellation.IsRequested()) {
        m_error = "cancelled";
        return;
    }
    if (!m_guarded) return Execute();
    try {
        Execute();
    } catch (const std::exception& error) {
        m_error = error.what();
    } catch (...) {
        m_error = "unknown exception";
    }
}

void Job::SetConnection(std::shared_ptr<ConnectionLink> link, bool trust_connection)
{
    m_link = std::move(link);
    m_trust_connection = trust_connection;
}

void Job::Settle() noexcept
{
    if (m_trust_connection) {
        CountTrustingly(m_link->record);
    } else if (m_link->record != nullptr) {
        ++m_link->record->answered_calls;
    }
    if (m_call != nullptr) m_call->Finish();
}

} // namespace mpfuzz::model_node
