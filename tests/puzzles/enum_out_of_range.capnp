@0xf9ace243799dfa72;
# A number that is not a colour.

enum Colour {
  red @0;
  green @1;
  blue @2;
}

interface Puzzle {
  paint @0 (colour :Colour) -> (hex :Text);
}
