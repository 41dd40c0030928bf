@0x9c1d0b2f32ff5b9d;
# A call that the server holds until it is too late.

# C++ from version 0.11 on wants to know of each method whether it may be cancelled. Earlier versions ask in
# code, and their c++.capnp does not declare this annotation; its id is what counts.
annotation allowCancellation @0xac7096ff8cfc9dce (method) :Void;

interface Puzzle {
  arm @0 () -> (code :UInt64);
  hold @1 (code :UInt64) $allowCancellation;
  disarm @2 ();
}
