@0x86958da4b3c2d1e0;
# Structs that contain themselves with longer and longer bindings: there are infinitely many types.

struct Box(X) {
  value @0 :X;
}

struct Endless(X) {
  value @0 :X;
  next @1 :Endless(Box(X));
}

struct Branching(A, B) {
  left @0 :Branching(Box(A), B);
  right @1 :Branching(A, Box(B));
  both @2 :Branching(Branching(A, B), Branching(B, A));
}

struct Starts {
  endless @0 :Endless(Text);
  branching @1 :Branching(Text, Data);
}
