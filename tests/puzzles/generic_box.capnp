@0x9a85c141fbb4bc44;
# A box for anything, here for bytes.

interface Box(T) {
  get @0 () -> (value :T);
  put @1 (value :T);
}

interface Puzzle {
  pack @0 () -> (box :Box(Data));
  wrap @1 (text :Text) -> (box :Box(Text));
}
