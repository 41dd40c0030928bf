// The planted bug `unkillable`: a process that lets its clients' calls return before it ends.
#pragma once

#include <kj/async.h>

#include <cstddef>
#include <utility>

namespace mpfuzz::model_node::planted {

//! How many calls are under way. Loop thread only.
class OpenCalls
{
public:
    void Enter() { ++m_count; }

    void Leave()
    {
        if (--m_count > 0) return;
        KJ_IF_MAYBE (idle, m_idle) idle->get()->fulfill();
    }

    //! PLANTED BUG unkillable: whoever waits for this takes it for granted that every call returns. Once only.
    kj::Promise<void> WhenNone()
    {
        if (m_count == 0) return kj::READY_NOW;
        auto paf{kj::newPromiseAndFulfiller<void>()};
        m_idle = kj::mv(paf.fulfiller);
        return kj::mv(paf.promise);
    }

private:
    size_t m_count{0};
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_idle;
};

} // namespace mpfuzz::model_node::planted
