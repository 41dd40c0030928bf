// The planted bug `destroy-error`: the release of a client's object whose error goes where no error may.
#pragma once

#include <kj/async.h>
#include <mp/proxy.capnp.h>

namespace mpfuzz::model_node::planted {

//! Tells a client of each of its threads that it is not called back on any more. Loop thread only.
class Farewells final : private kj::TaskSet::ErrorHandler
{
public:
    Farewells() : m_tasks{*this} {}

    //! Send this thread a last request. The class Thread has no `destroy`; its one method stands for it.
    void Say(multiprocess::Thread::Client thread);

private:
    void taskFailed(kj::Exception&&) override {}

    kj::TaskSet m_tasks;
};

} // namespace mpfuzz::model_node::planted
