@0xa1f3b5c7d9e80246;
# A diamond, and methods that keep the interface that declares them.

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
