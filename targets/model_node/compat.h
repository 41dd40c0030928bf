// What differs between versions of Cap'n Proto.
#pragma once

#include <capnp/capability.h>
#include <capnp/common.h>

namespace mpfuzz::model_node {

//! Let the caller's wish to cancel reach the promise of this call. The parameters must have been released.
template<typename Context>
void AllowCancellation([[maybe_unused]] Context& context)
{
#if CAPNP_VERSION < 11000
    context.allowCancellation();
#endif
    // Later versions ask the schema instead (an annotation that earlier ones do not know); there a
    // cancelled call runs to its end, unless its client leaves.
}

} // namespace mpfuzz::model_node
