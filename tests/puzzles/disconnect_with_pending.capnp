@0x9c1d0b2f32ff5b9d;
# A call that the server does not answer.

# Since Cap'n Proto 0.11, this annotation says that a method may be cancelled. It is declared here, because the c++.capnp of
# earlier versions does not declare it; Cap'n Proto recognises it by its id. In earlier versions, the server's code allows
# cancellation.
annotation allowCancellation @0xac7096ff8cfc9dce (method) :Void;

interface Puzzle {
  arm @0 () -> (code :UInt64);
  hold @1 (code :UInt64) $allowCancellation;
  disarm @2 ();
}
