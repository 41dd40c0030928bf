#pragma once

#include <fuzz_interface/interface/interface.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! Calls with their arguments, which can be repeated without choosing arguments and checking results. When played, a
//! callback answers at once, with the number that it got. The calls that it made while recording are played after the
//! call that it belonged to.
class Recording
{
public:
    //! The objects on which recorded calls are made.
    struct Stage {
        FuzzInterface& remote;
        std::vector<std::unique_ptr<FuzzObject>> objects{}; //!< in the order in which they were made
    };
    using Call = std::function<void(Stage&)>;

    void Add(Call call) { m_calls.push_back(std::move(call)); }
    //! Adds an object.
    //! @return Its index in Stage::objects.
    size_t AddObject() { return m_objects++; }
    //! Counts a call by the server on one of the client's callbacks or objects.
    void CountCallback() { ++m_callbacks; }

    //! Makes all the calls, and ignores their results and exceptions.
    void Play(FuzzInterface& remote) const;

    //! The number of calls in both directions that one Play makes.
    size_t RoundTrips() const { return m_calls.size() + m_callbacks; }

private:
    std::vector<Call> m_calls;
    size_t m_objects{0};
    size_t m_callbacks{0};
};

//! Returns an interface that passes all calls on to `remote`, and records them.
//! @param remote, recording  Borrowed.
std::unique_ptr<FuzzInterface> MakeRecorder(FuzzInterface& remote, Recording& recording);

} // namespace mpfuzz::fuzz_interface
