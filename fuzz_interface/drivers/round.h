#pragma once

#include <fuzz_interface/drivers/failure.h>
#include <fuzz_interface/drivers/shadow.h>
#include <fuzz_interface/drivers/worker_thread.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! One call, and how it has to end.
struct Step {
    enum class Ending {
        VALUE, //!< in [low, high]
        ERROR, //!< an exception derived from std::exception
        EITHER //!< its connection is being closed meanwhile
    };

    std::string text; //!< "o1.Visit(5)"
    //! Runs on a hand; what it refers to is its own as well, since it may be left behind there.
    std::function<uint64_t()> work;
    Ending ending{Ending::VALUE};
    uint64_t low{0};
    uint64_t high{0};
    std::vector<std::shared_ptr<Link>> links; //!< the connections that it needs
    bool closes{false};                       //!< ... and closes
    std::vector<const void*> changes;         //!< what no other step of the round may change or read
    std::vector<const void*> reads;           //!< what none may change
    //! Runs behind the round: what the shadows learn of it.
    std::function<void(const Step& step, bool returned)> learn;
};

//! Calls at the same time, each on a hand of its own, and what came of them.
class Rounds
{
public:
    explicit Rounds(std::chrono::milliseconds deadline) : m_deadline{deadline} {}

    //! Make the calls, and wait for them all.
    //! @param steps  At most HANDS; the one with number i is made by hand i. Those whose text is empty are left out.
    //! @return The first that ended as it must not, with all that came before.
    std::optional<Failure> Run(std::vector<Step> steps);

    //! Abandon the hands of those steps that hang, which are the last then.
    //! @param owner  Of these rounds, and of all that the steps use.
    void Abandon(const std::shared_ptr<void>& owner);

    //! The history, and that.
    Failure Fail(const std::string& what) const;

private:
    std::chrono::milliseconds m_deadline;
    std::vector<size_t> m_hung; //!< numbers of hands
    std::vector<std::string> m_history;
    std::array<WorkerThread, HANDS> m_hands;
};

} // namespace mpfuzz::fuzz_interface
