@0xb7d3f0a9c25e1846;
# A shop whose methods return capabilities of several interfaces, for the tests of the mutators.

enum Colour { red @0; green @1; blue @2; }

struct Item {
  name @0 :Text;
  price @1 :Int32;
  colour @2 :Colour;
  tags @3 :List(Text);
  parts @4 :List(Item);
  code @5 :Data;
  weight @6 :Float64;
  union {
    boxed @7 :Bool;
    wrapped @8 :Text;
  }
  anything @9 :AnyPointer;
}

interface Shop {
  ping @0 ();
  enter @1 (name :Text) -> (cart :Cart, badge :Data, number :UInt32);
  watch @2 (listener :Listener);
  wait @3 () -> (badge :Data);
  forbidden @4 ();
}

interface Cart {
  add @0 (item :Item, badge :Data, count :UInt8, urgent :Bool, ratio :Float32) -> (total :UInt64);
  merge @1 (other :Cart) -> (cart :Cart);
  pay @2 (sums :List(UInt32)) -> (receipt :Text);
}

interface Listener {
  sold @0 (item :Item, cart :Cart) -> (more :Bool, next :Listener);
  closed @1 ();
}
