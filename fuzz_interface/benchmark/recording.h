#pragma once

#include <fuzz_interface/interface/interface.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! Recorded calls with their arguments. Play makes the calls again, but does not choose arguments and does not check
//! results. In Play, a callback answers at once, with the number that it got. If a callback made calls while recording,
//! Play makes these calls after the call to which the callback was passed.
class Recording
{
public:
    //! The objects on which recorded calls are made.
    struct PlayState {
        FuzzInterface& remote;
        std::vector<std::unique_ptr<FuzzObject>> objects{}; //!< in the order in which they were made
    };
    using Call = std::function<void(PlayState&)>;

    void Add(Call call) { m_calls.push_back(std::move(call)); }
    //! Adds an object.
    //! @return Its index in PlayState::objects.
    size_t AddObject() { return m_objects++; }
    //! Counts a call from the server to a callback or object of the client.
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
