@0x97a8b9cadbecfd0e;
# Results that later calls can use: in groups, in lists, and in structs that contain themselves.

interface Main {
  direct @0 () -> (item :Item);
  grouped @1 () -> Grouped;
  listed @2 () -> (items :List(Item));
  recursive @3 () -> (tree :Tree);
  opaque @4 () -> (any :AnyPointer, capability :Capability);
  special @5 () -> (special :SpecialItem);
  give @6 (item :Item, special :SpecialItem, hash :Data) -> ();
  getHash @7 () -> (hash :Data, hashes :List(Data), found :Void);
}

struct Grouped {
  group :group {
    item @0 :Item;
    other @1 :Void;
  }
}

struct Tree {
  children @0 :List(Tree);
  item @1 :Item;
  parent @2 :Tree;
}

interface Item {
  again @0 () -> (item :Item);
}

interface SpecialItem extends(Item) {}

interface Unreachable {
  from @0 () -> (other :Unreachable);
}
