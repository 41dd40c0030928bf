@0xab4be341d4679f69;
# Three calls that must come in order.

interface Puzzle {
  first @0 ();
  second @1 ();
  third @2 ();
  look @3 () -> (stage :UInt8);
}
