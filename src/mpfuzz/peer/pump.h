#pragma once

#include <mpfuzz/peer/frames.h>
#include <mpfuzz/peer/perturb.h>

#include <kj/async-io.h>
#include <kj/timer.h>

#include <functional>
#include <vector>

namespace mpfuzz::peer {

//! Carries the bytes of one direction from one stream to another, unchanged, and shows the messages in them.
class Pump
{
public:
    using Show = std::function<void(kj::ArrayPtr<const capnp::word>)>;

    //! Borrows the streams and the timer.
    //!
    //! @param kinds  Where there are any, bytes go out a message at a time, each as planned.
    //! @param show   Sees each message before it goes out.
    Pump(kj::AsyncIoStream& from, kj::AsyncIoStream& to, kj::Timer& timer, std::vector<Perturbation> kinds,
         base::Rng rng, Show show);

    //! Ends when `from` has ended: the end is passed on. Fails where a stream does, or the connection is to be cut.
    kj::Promise<void> Run();

    //! The bytes so far were no messages.
    bool Broken() const { return m_frames.Broken(); }

private:
    kj::Promise<void> Pass(size_t size);
    kj::Promise<void> PassPlanned(size_t begin, Passage passage, size_t piece);
    kj::Promise<void> PassMessages(size_t message);
    kj::Promise<void> PassRest();

    kj::AsyncIoStream& m_from;
    kj::AsyncIoStream& m_to;
    kj::Timer& m_timer;
    std::vector<Perturbation> m_kinds;
    base::Rng m_rng;
    Show m_show;
    FrameSplitter m_frames;
    std::vector<kj::byte> m_buffer;
    std::vector<kj::byte> m_held; //!< with perturbations: what has come and not gone
    std::vector<size_t> m_sizes;  //!< of the complete messages at its beginning, in bytes
};

} // namespace mpfuzz::peer
