@0xa438138c0ee6bc54;
# A lock that is not as exclusive as it should be.

interface Lock {
  extend @0 (seconds :UInt32);
}

interface Puzzle {
  acquire @0 () -> (lock :Lock);
}
