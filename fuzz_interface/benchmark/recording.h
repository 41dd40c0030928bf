#pragma once

#include <fuzz_interface/interface/interface.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! Calls with their arguments, to be made once more without whatever chose and checked them. A callback answers at once
//! then, with the number that it got; what it called before, when they were recorded, is called behind.
class Recording
{
public:
    //! What a recorded call is made on.
    struct Stage {
        FuzzInterface& remote;
        std::vector<std::unique_ptr<FuzzObject>> objects{}; //!< by the order in which they were made
    };
    using Call = std::function<void(Stage&)>;

    void Add(Call call) { m_calls.push_back(std::move(call)); }
    //! One more object. @return Its place.
    size_t AddObject() { return m_objects++; }
    //! Calls of ours that were made by the other side.
    void CountCallback() { ++m_callbacks; }

    //! Make all the calls, whatever comes of them.
    void Play(FuzzInterface& remote) const;

    //! Of one Play: calls in both directions, each of which has been answered.
    size_t RoundTrips() const { return m_calls.size() + m_callbacks; }

private:
    std::vector<Call> m_calls;
    size_t m_objects{0};
    size_t m_callbacks{0};
};

//! Passes all calls on to another one, and records them.
//! @param remote, recording  Borrowed.
std::unique_ptr<FuzzInterface> MakeRecorder(FuzzInterface& remote, Recording& recording);

} // namespace mpfuzz::fuzz_interface
