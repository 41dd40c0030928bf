@0xb963be0d62b311a4;
# A file that is closed before it is flushed.

interface Closeable {
  close @0 () -> (was :Text);
}

interface File extends(Closeable) {
  write @0 (bytes :Data);
  flush @1 ();
}

interface Puzzle {
  open @0 () -> (file :File);
}
