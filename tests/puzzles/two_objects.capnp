@0xb159d84296445459;
# A method with two parameters of the same interface.

interface Coin {
  value @0 () -> (value :UInt32);
}

interface Puzzle {
  mint @0 (value :UInt32) -> (coin :Coin);
  pair @1 (first :Coin, second :Coin) -> (ours :UInt8);
}
