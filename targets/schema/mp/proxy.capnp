# The interfaces that libmultiprocess adds to those of a program: handles of threads, and the context of calls. Same ids, names and ordinals as
# https://github.com/bitcoin-core/libmultiprocess/blob/master/include/mp/proxy.capnp

@0xcc316e3f71a040fb;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("mpfuzz::multiprocess");

# Annotations for libmultiprocess's code generator. They do not change the wire format. Declared here so that the schema
# files of targets can have the same annotations as the originals.
annotation include(file): Text;
annotation includeTypes(file): Text;
annotation wrap(interface, struct): Text;
annotation count(param, struct, interface): Int32;
annotation exception(param): Text;
annotation name(field, method): Text;
annotation skip(field): Void;

interface ThreadMap $count(0) {
    # With this interface, the peer creates threads for its calls.

    makeThread @0 (name :Text) -> (result :Thread);
    # A thread for the caller. It ends when its handle is dropped.

    makePool @1 (count :UInt32) -> ();
    # Threads for calls that name no thread. At most one pool for each connection.
}

interface Thread {
    # The handle of one thread. A call names it in its context.

    getName @0 () -> (result: Text);
}

struct Context $count(0) {
    # The threads of a call.

    thread @0 : Thread;
    # Runs the call. A thread of the called side.

    callbackThread @1 : Thread;
    # Runs callbacks that the called side makes during the call. A thread of the caller.
}
