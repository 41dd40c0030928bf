@0xc9e2f1a0b3d48675;
# Constants and defaults.

const answer :UInt8 = 42;
const greeting :Text = "say \"hi\"\n";
const bytes :Data = 0x"00 ff 7f";
const primes :List(Int32) = [2, 3, 5];
const origin :Point = (x = 1, label = "o");
const favourite :Mood = merry;

enum Mood {
  calm @0;
  merry @1;
}

struct Point {
  x @0 :Int32;
  label @1 :Text;
  const dimensions :Int32 = 2;
}

struct Defaults {
  flag @0 :Bool = true;
  low @1 :Int64 = -9223372036854775808;
  high @2 :UInt64 = 18446744073709551615;
  real @3 :Float64 = 1.5;
  endless @4 :Float32 = inf;
  text @5 :Text = "a";
  data @6 :Data = "b";
  mood @7 :Mood = merry;
  list @8 :List(Int32) = [1, 2];
  point @9 :Point = (x = 7);
  constant @10 :UInt8 = .answer;
  zero @11 :Int32 = 0;
  falsehood @12 :Bool = false;
  emptyText @13 :Text = "";
  emptyList @14 :List(Text) = [];
  emptyPoint @15 :Point = ();
  firstMood @16 :Mood = calm;
}

interface Ask {
  ask @0 (times :UInt32 = 3, by :Point = (x = 1)) -> ();
}
