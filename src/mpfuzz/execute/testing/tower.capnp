@0xc0a1d9f3b7e45a11;
# The interface of tower_server, a server that calls its clients back. For the tests of the executor.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("mpfuzz::execute::testing::messages");

interface Tower {
  ring @0 (bell :Bell, text :Text) -> (text :Text, error :Text);
  # Calls bell.toll(). Returns its text; if it fails, returns `error` as "KIND: DESCRIPTION".

  count @1 () -> (count :UInt32);
  # How often ring() and count() have been called on this connection.

  block @2 (ms :UInt32);
  # Sleeps on the event loop.

  leak @3 (descriptors :UInt32);
  # Opens this many descriptors and never closes them.
}

interface Bell {
  toll @0 (tower :Tower, text :Text) -> (text :Text, loud :Bool);
}
