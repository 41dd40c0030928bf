@0xd3a0c9f1b2e45761;
# Type parameters of structs, of declarations inside them, of interfaces and of methods.

struct Pair(A, B) {
  first @0 :A;
  second @1 :B;
}

struct Outer(T) {
  inner @0 :Inner(Text);
  choice :union {
    none @1 :Void;
    some @2 :T;
  }

  struct Inner(U) {
    outer @0 :T;
    own @1 :U;
    kind @2 :Kind;
  }

  enum Kind {
    small @0;
    large @1;
  }
}

struct Uses {
  texts @0 :Pair(Text, Text);
  again @1 :Pair(Text, Text);
  mixed @2 :Pair(List(Data), Pair(Uses, Store(Text)));
  inner @3 :Outer(Data).Inner(Text);
  unbound @4 :Pair;
  any @5 :Pair(AnyPointer, AnyPointer);
  list @6 :List(Pair(Text, Text));
}

interface Store(T) {
  put @0 (value :T) -> ();
  get @1 () -> (value :T, next :Store(T));
  convert @2 [U] (from :T, to :U) -> (result :Pair(U, T));
}

interface TextStore extends(Store(Text)) {
  size @0 () -> (count :UInt32);
}
