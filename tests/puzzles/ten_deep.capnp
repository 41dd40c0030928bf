@0xa96da50c70d7eada;
# A sequence of ten moves. A wrong move leads back to the start.

enum Side {
  left @0;
  right @1;
}

interface Puzzle {
  climb @0 ();
  crawl @1 ();
  jump @2 ();
  open @3 (side :Side);
  turn @4 (side :Side);
  swim @5 (side :Side);
}
