@0xac7098539105e9e3;
# A wait that its caller gives up.

# C++ from version 0.11 on wants to know of each method whether it may be cancelled. Earlier versions ask in
# code, and their c++.capnp does not declare this annotation; its id is what counts.
annotation allowCancellation @0xac7096ff8cfc9dce (method) :Void;

interface Puzzle {
  wait @0 () $allowCancellation;
  check @1 () -> (waiting :UInt32);
}
