@0xf6081a2b3c4d5e6f;

annotation wrap(*) :Text;
annotation point(field) :Point;
annotation words(field) :List(Text);

struct Nested {
  annotation flag(field) :Void;
}

struct Point {
  x @0 :Int32;
  y @1 :Int32;
}
