@0xb12e484a4e59bf0f;
# A number that must be right, half a byte at a time.

interface Puzzle {
  open @0 (key :UInt32) -> (right :UInt8);
}
