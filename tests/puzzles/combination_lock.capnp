@0xbc24485bc8a76bb3;
# A safe with one dial and four numbers.

interface Puzzle {
  dial @0 (number :UInt8) -> (click :Bool);
  reset @1 ();
}
