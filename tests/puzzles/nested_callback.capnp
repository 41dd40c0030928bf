@0xf7e0c8b9af869ddc;
# Objects that the client serves, one inside an answer of the other.

interface Door {
  knock @0 (times :UInt8) -> (answer :UInt8);
}

interface Guide {
  show @0 () -> (door :Door);
}

interface Puzzle {
  visit @0 (guide :Guide) -> (answer :UInt8);
}
