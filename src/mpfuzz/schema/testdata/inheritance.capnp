@0xa1f3b5c7d9e80246;
# Diamond inheritance. An inherited method belongs to the interface that declares it.

interface Top {
  top @0 () -> ();
  shared @1 () -> (self :Top);
}

interface Left extends(Top) {
  left @0 () -> (bottom :Bottom);
}

interface Right extends(Top) {
  right @0 (left :Left) -> ();
}

interface Bottom extends(Left, Right) {
  bottom @0 () -> ();
}

interface Alone {
  take @0 (top :Top, bottom :Bottom) -> ();
}
