@0x8eb3117fcfdf2e85;
# A scale that checks its weights.

interface Puzzle {
  weigh @0 (grams :Float64) -> (label :Text);
}
