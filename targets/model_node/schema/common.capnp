# Same ids, names and ordinals as
# https://github.com/bitcoin/bitcoin/blob/master/src/ipc/capnp/common.capnp

@0xcd2c6232cb484a28;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("mpfuzz::model_node::messages");

using Proxy = import "/mp/proxy.capnp";
$Proxy.includeTypes("ipc/capnp/common-types.h");

struct BlockRef $Proxy.wrap("interfaces::BlockRef") {
    # A block by hash (32 bytes, in the order of the hash function's output) and height.

    hash @0 :Data;
    height @1 :Int32;
}
