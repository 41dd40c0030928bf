# What libmultiprocess puts on the wire besides a program's own interfaces: handles of threads, and
# the context that every call may carry. Same ids, names and ordinals as
# https://github.com/bitcoin-core/libmultiprocess/blob/master/include/mp/proxy.capnp

@0xcc316e3f71a040fb;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("mpfuzz::multiprocess");

# Hints for libmultiprocess's code generator. They do not change the wire; they are declared so
# that the files beside this one carry the annotations that the originals carry.
annotation include(file): Text;
annotation includeTypes(file): Text;
annotation wrap(interface, struct): Text;
annotation count(param, struct, interface): Int32;
annotation exception(param): Text;
annotation name(field, method): Text;
annotation skip(field): Void;

interface ThreadMap $count(0) {
    # Threads that the other side may ask for, to have its calls run on.

    makeThread @0 (name :Text) -> (result :Thread);
    # A thread of the caller's own; it ends when its handle is dropped.

    makePool @1 (count :UInt32) -> ();
    # Threads for the calls that name none; at most one pool for each connection.
}

interface Thread {
    # One thread. What counts is which thread it is; calls name it in their context.

    getName @0 () -> (result: Text);
}

struct Context $count(0) {
    # Where a call shall run.

    thread @0 : Thread;
    # Runs the call; a thread that the called side handed out.

    callbackThread @1 : Thread;
    # Runs calls that the called side makes back meanwhile; a thread of the caller.
}
