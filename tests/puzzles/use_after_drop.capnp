@0x995f08c3f43d226d;
# A cursor that the client can use after it has released its file.

interface Cursor {
  read @0 (count :UInt32) -> (bytes :Data);
}

interface File {
  scan @0 () -> (cursor :Cursor);
}

interface Puzzle {
  open @0 (name :Text) -> (file :File);
}
