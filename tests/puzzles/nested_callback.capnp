@0xf7e0c8b9af869ddc;
# Two objects that the client serves. The answer of the first contains the second.

interface Door {
  knock @0 (times :UInt8) -> (answer :UInt8);
}

interface Guide {
  show @0 () -> (door :Door);
}

interface Puzzle {
  visit @0 (guide :Guide) -> (answer :UInt8);
}
