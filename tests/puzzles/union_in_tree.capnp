@0xa2c8f485b79d61b5;
# A union, deep in a tree.

struct Tree {
  union {
    leaf @0 :UInt32;
    twig @1 :Tree;
    fork :group {
      left @2 :Tree;
      right @3 :Tree;
    }
    nest @4 :Text;
  }
}

interface Puzzle {
  climb @0 (tree :Tree) -> (height :UInt8);
}
