@0xc0a1d9f3b7e45a11;
# What tower_server serves: a server that calls back, for the tests of the executor.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("mpfuzz::execute::testing::messages");

interface Tower {
  ring @0 (bell :Bell, text :Text) -> (text :Text, error :Text);
  # Calls bell.toll() and answers with what it says, or how it fails: "KIND: DESCRIPTION".

  count @1 () -> (count :UInt32);
  # How often ring() and count() have been called on this connection.

  block @2 (ms :UInt32);
  # Sleeps on the event loop.

  leak @3 (descriptors :UInt32);
  # Opens so many that nobody closes.
}

interface Bell {
  toll @0 (tower :Tower, text :Text) -> (text :Text, loud :Bool);
}
