@0xab0ef877e3dac26a;
# A queue of a fixed size.

interface Puzzle {
  put @0 (item :UInt32) -> (length :UInt32);
  take @1 () -> (item :UInt32);
  clear @2 ();
  peek @3 () -> (item :UInt32);
}
