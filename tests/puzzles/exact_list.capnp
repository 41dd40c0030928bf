@0xa07aafd009025357;
# A list whose length must be right.

interface Puzzle {
  count @0 (items :List(UInt16)) -> (verdict :Text);
}
