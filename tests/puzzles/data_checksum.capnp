@0x9615a4adf9c22f97;
# A packet with its length and a checksum.

interface Puzzle {
  receive @0 (packet :Data) -> (problem :Text);
}
