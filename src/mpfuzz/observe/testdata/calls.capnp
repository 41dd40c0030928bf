@0xb8d1f0a3c5e79a21;
# A server that creates workers, for the tests of oracles and triage.

interface Root {
  makeWorker @0 (name :Text) -> (worker :Worker);
  watch @1 (callback :Callback) -> ();
  count @2 () -> (number :UInt32);
}

interface Worker {
  work @0 (amount :UInt32, helper :Worker) -> (done :UInt32);
  waitNext @1 () -> (next :Worker);
}

interface Callback {
  tell @0 (text :Text) -> ();
}
