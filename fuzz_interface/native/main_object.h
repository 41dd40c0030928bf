// The main object of a connection, on either side. Codecs make all other proxies and servers (objects.h).
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/loop_thread.h>

#include <fuzz.capnp.h>
#include <kj/function.h>

#include <memory>

namespace mpfuzz::fuzz_interface::native {

//! Any thread but the loop's: does the handshake on a connection that `open` opens on the loop thread.
//! @return Its destructor closes the connection.
//! @throw std::runtime_error if either fails.
std::unique_ptr<fuzz_interface::FuzzInit> ConnectInit(LoopThread& loop, kj::Function<std::shared_ptr<Link>()> open);

//! Loop thread only.
//! @param init  Borrowed; it must outlive the loop.
fuzz_interface::messages::FuzzInit::Client MakeInitServer(const std::shared_ptr<Link>& link,
                                                          fuzz_interface::FuzzInit& init);

} // namespace mpfuzz::fuzz_interface::native
