@0x9cd790eef0884eed;
# A matrix of Bools.

interface Puzzle {
  play @0 (board :List(List(Bool))) -> (won :Bool);
}
