@0xab1f95bff564c35a;
# A token that the client cannot guess.

interface Puzzle {
  issue @0 () -> (token :UInt64);
  redeem @1 (token :UInt64) -> (valid :Bool);
}
