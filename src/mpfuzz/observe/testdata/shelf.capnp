@0xd2c7a91be0f3584c;
# A server whose answers have values of every kind, for the tests of postconditions, order and comparison.

interface Shelf {
  echo @0 (lane :Lane, text :Text, data :Data, number :Int32 = -7, small :UInt8, ratio :Float64, flag :Bool = true,
           colour :Colour = green, list :List(Text), place :Place) ->
          (text :Text, data :Data, number :Int32, big :UInt64, ratio :Float64, flag :Bool, colour :Colour,
           list :List(Text), place :Place, other :Shelf, choice :Choice, named :Text = "none");
  peek @1 (lane :Lane) -> (shelf :Shelf);
  wait @2 (lane :Lane) -> ();
  count @3 () -> (number :UInt64);
  makeLane @4 () -> (lane :Lane);
}

interface Lane {}

enum Colour { red @0; green @1; blue @2; }

struct Place { row @0 :Int32; name @1 :Text; }

struct Choice {
  union {
    left @0 :Int32;
    right @1 :Text;
  }
}
