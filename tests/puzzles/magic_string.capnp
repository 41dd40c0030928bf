@0xf95bbbcf6f0b9820;
# A word that must be right, letter by letter.

interface Puzzle {
  say @0 (word :Text) -> (right :UInt8);
}
