// The servers' entry; the others are made by what they come in (objects.h).
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/native/connection.h>

#include <fuzz.capnp.h>

#include <memory>

namespace mpfuzz::fuzz_interface::native {

//! Loop thread.
//! @param init  Borrowed, for as long as the loop is there.
fuzz_interface::messages::FuzzInit::Client MakeInitServer(const std::shared_ptr<Link>& link,
                                                          fuzz_interface::FuzzInit& init);

} // namespace mpfuzz::fuzz_interface::native
