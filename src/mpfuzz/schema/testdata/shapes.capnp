@0xb7d1e0f4c2a59386;
# Every kind of field: plain types, lists, unions, groups, enums, untyped pointers.

enum Color {
  blue @1;
  red @0;
  green @2;
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
  color @14 :Color;
  cube @15 :List(List(List(UInt8)));
  many @16 :List(Everything);
  service @17 :Service;
  anyPointer @18 :AnyPointer;
  anyStruct @19 :AnyStruct;
  anyList @20 :AnyList;
  capability @21 :Capability;
}

struct Unions {
  last @5 :Text;
  first @0 :Text;
  union {
    a @1 :Text;
    b :group {
      x @2 :Int32;
      y @6 :Data;
    }
  }
  named :union {
    c @3 :Void;
    d @4 :Service;
  }
}

interface Service {
  named @0 Everything -> Unions;
  stream @1 (chunk :Data) -> stream;
  nothing @2 ();
}
