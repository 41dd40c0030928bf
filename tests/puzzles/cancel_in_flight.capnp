@0xac7098539105e9e3;
# A call that its caller cancels.

# Since Cap'n Proto 0.11, this annotation says that a method may be cancelled. It is declared here, because the c++.capnp of
# earlier versions does not declare it; Cap'n Proto recognises it by its id. In earlier versions, the server's code allows
# cancellation.
annotation allowCancellation @0xac7096ff8cfc9dce (method) :Void;

interface Puzzle {
  wait @0 () $allowCancellation;
  check @1 () -> (waiting :UInt32);
}
