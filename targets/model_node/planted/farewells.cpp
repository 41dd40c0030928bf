#include <targets/model_node/planted/farewells.h>

#include <kj/exception.h>

namespace mpfuzz::model_node::planted {
namespace {

// One farewell: what the client has answered is known in the end.
class Farewell
{
public:
    // PLANTED BUG destroy-error: a destructor that throws, and is not allowed to.
    ~Farewell() noexcept
    {
        KJ_IF_MAYBE (error, m_error) kj::throwFatalException(kj::mv(*error));
    }

    void HasFailed(kj::Exception&& error)
    {
        // A client that is gone needs no farewell.
        if (error.getType() != kj::Exception::Type::DISCONNECTED) m_error = kj::mv(error);
    }

private:
    kj::Maybe<kj::Exception> m_error;
};

} // namespace

void Farewells::Say(multiprocess::Thread::Client thread)
{
    auto farewell{kj::heap<Farewell>()};
    Farewell& said{*farewell};
    m_tasks.add(thread.getNameRequest()
                    .send()
                    .ignoreResult()
                    .catch_([&said](kj::Exception&& error) { said.HasFailed(kj::mv(error)); })
                    .attach(kj::mv(farewell)));
}

} // namespace mpfuzz::model_node::planted
