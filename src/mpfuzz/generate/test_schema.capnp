@0xd4a9c3f1b2e07a11;
# For the tests of the generator: every kind of type, and capabilities in parameters, results, lists and groups.

const answer :Int32 = 424242;
const ratio :Float64 = 2.718281828;

enum Colour { red @0; green @1; blue @2; }

struct Everything {
  nothing @0 :Void;
  flag @1 :Bool;
  i8 @2 :Int8;
  i16 @3 :Int16;
  i32 @4 :Int32;
  i64 @5 :Int64;
  u8 @6 :UInt8;
  u16 @7 :UInt16;
  u32 @8 :UInt32;
  u64 @9 :UInt64;
  f32 @10 :Float32;
  f64 @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  colour @14 :Colour;
  numbers @15 :List(Int32);
  names @16 :List(Text);
  matrix @17 :List(List(UInt8));
  children @18 :List(Everything);
  next @19 :Everything;
  anything @20 :AnyPointer;
  anyStruct @21 :AnyStruct;
  anyList @22 :AnyList;
  anyCapability @23 :Capability;
  union {
    first @24 :Text;
    second @25 :Everything;
    third :group { a @26 :Int32; b @27 :List(Data); }
  }
  named :union { left @28 :Float32; right @29 :Colour; }
}

struct Bag(T) { item @0 :T; label @1 :Text; }

interface Root {
  openStore @0 (name :Text) -> (store :Store);
  openLocked @1 (key :Key) -> (vault :Vault);
  forbidden @2 () -> ();
}
interface Store {
  put @0 (value :Everything) -> (id :UInt64, hash :Data);
  get @1 (id :UInt64, hash :Data) -> (value :Everything, found :Bool);
  list @2 () -> (entries :List(Entry));
  makeKey @3 (listener :Listener) -> (nested :Holder);
  watch @4 (listener :Listener, timeout :Float64) -> (change :Entry, store :Store);
  mix @5 (bag :Bag(Text), other :Bag(Key)) -> (echo :Text);
}
struct Entry { name @0 :Text; size @1 :UInt32; store @2 :Store; }
struct Holder { inner :group { key @0 :Key; } note @1 :Text; }
interface Key { turn @0 (by :Int32) -> (angle :Int32); }
interface MasterKey extends(Key) { copy @0 () -> (copy :MasterKey); }
interface Vault {
  deposit @0 (key :Key, items :List(Data)) -> (receipt :Receipt);
  master @1 () -> (master :MasterKey);
}
struct Receipt { number @0 :UInt64; hash @1 :Data; }
interface Listener {
  # No method returns one, so programs have to serve it.
  changed @0 (entry :Entry) -> (more :Bool, logger :Logger);
}
interface Logger { log @0 (line :Text) -> (); }
