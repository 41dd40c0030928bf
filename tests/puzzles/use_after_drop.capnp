@0x995f08c3f43d226d;
# A cursor that outlives its file.

interface Cursor {
  read @0 (count :UInt32) -> (bytes :Data);
}

interface File {
  scan @0 () -> (cursor :Cursor);
}

interface Puzzle {
  open @0 (name :Text) -> (file :File);
}
