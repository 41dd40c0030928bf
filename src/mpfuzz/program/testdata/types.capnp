@0xd2c3b4a5f6071829;
# Every kind of type. The interfaces also test inheritance, shadowed methods, nesting and generics.

enum Colour {
  red @0;
  green @1;
  enum @2;
}

# The name collides with that of mining.capnp.
struct Block {
  weight @0 :UInt32;
}

struct Everything {
  nothing @0 :Void;
  flag @1 :Bool;
  int8 @2 :Int8;
  int16 @3 :Int16;
  int32 @4 :Int32;
  int64 @5 :Int64;
  uint8 @6 :UInt8;
  uint16 @7 :UInt16;
  uint32 @8 :UInt32;
  uint64 @9 :UInt64;
  float32 @10 :Float32;
  float64 @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  colour @14 :Colour;
  block @15 :Block;
  cube @16 :List(List(List(UInt8)));
  texts @17 :List(Text);
  blobs @18 :List(Data);
  colours @19 :List(Colour);
  many @20 :List(Everything);
  labs @21 :List(Lab);
  pair @22 :Pair(Text, Block);
  store @23 :Store(Text);
  lab @24 :Lab;
  anyPointer @25 :AnyPointer;
  anyStruct @26 :AnyStruct;
  anyList @27 :AnyList;
  capability @28 :Capability;
  choice :union {
    none @29 :Void;
    number @30 :Int64;
    place :group {
      x @31 :Float32;
      y @32 :Float32;
    }
  }
  union {
    left @33 :Text;
    right @34 :Everything;
    middle @35 :Void;
  }
}

struct Pair(A, B) {
  first @0 :A;
  second @1 :B;
}

interface Store(T) {
  put @0 (value :T) -> (previous :T);
  get2 @1 () -> (value :T);
}

interface Base {
  name @0 () -> (name :Text);
  touch @1 (times :UInt8);
}

interface Lab extends(Base, Store(Text)) {
  echo @0 Everything -> Everything;
  # Shadows the inherited one.
  name @1 (prefix :Text) -> (name :Text);
  stream @2 (chunk :Data) -> stream;
  numbers @3 () -> (small :UInt8, big :UInt64, real :Float64, colour :Colour, words :List(Text));
  open @4 () -> (door :Door, pointer :AnyPointer);

  interface Door {
    knock @0 (by :Capability, on :AnyPointer) -> (lab :Lab);
  }
}
