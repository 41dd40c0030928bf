@0x9cd790eef0884eed;
# A board on which one diagonal wins.

interface Puzzle {
  play @0 (board :List(List(Bool))) -> (won :Bool);
}
