@0xa438138c0ee6bc54;
# A lock that more than one connection can hold.

interface Lock {
  extend @0 (seconds :UInt32);
}

interface Puzzle {
  acquire @0 () -> (lock :Lock);
}
