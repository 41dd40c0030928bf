// A connection's main objects. All others are made when they are sent or received (objects.h).
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/loop_thread.h>

#include <fuzz.capnp.h>
#include <kj/function.h>

#include <memory>

namespace mpfuzz::fuzz_interface::native {

//! Any thread but the loop's: shake hands on a connection that `open` opens on the loop thread. Throws
//! std::runtime_error where either fails.
//! @return Closes the connection with its end.
std::unique_ptr<fuzz_interface::FuzzInit> ConnectInit(LoopThread& loop, kj::Function<std::shared_ptr<Link>()> open);

//! Loop thread.
//! @param init  Borrowed, for as long as the loop is there.
fuzz_interface::messages::FuzzInit::Client MakeInitServer(const std::shared_ptr<Link>& link,
                                                          fuzz_interface::FuzzInit& init);

} // namespace mpfuzz::fuzz_interface::native
