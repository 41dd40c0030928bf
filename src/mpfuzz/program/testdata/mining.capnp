@0xc1b2a3d4e5f60718;
# Interfaces similar to Bitcoin Core's Init and Mining, so that programs in tests are easy to read.

using Types = import "types.capnp";

interface ThreadMap {
  makeThread @0 (name :Text) -> (result :Thread);
}

interface Thread {
  getName @0 () -> (result :Text);
}

struct Context {
  thread @0 :Thread;
  callbackThread @1 :Thread;
}

interface Init {
  construct @0 (threadMap :ThreadMap) -> (threadMap :ThreadMap);
  makeMining @1 (context :Context) -> (result :Mining);
  makeLab @2 (context :Context) -> (result :Types.Lab, anything :AnyPointer, any :Capability);
}

struct Options {
  useMempool @0 :Bool = true;
  reservedWeight @1 :UInt64;
  sigops @2 :UInt32;
  feeRate @3 :Float64;
}

struct Tip {
  hash @0 :Data;
  height @1 :Int32;
}

struct Block {
  header @0 :Data;
  transactions @1 :List(Data);
  previous @2 :Tip;
}

interface Mining {
  getTip @0 (context :Context) -> (result :Tip, hasResult :Bool);
  waitTip @1 (context :Context, hash :Data, timeout :Float64) -> (result :Tip);
  createNewBlock @2 (context :Context, options :Options, cooldown :Bool) -> (result :BlockTemplate);
  checkBlock @3 (context :Context, block :Block, reason :Text) -> (valid :Bool, reason :Text);
  getBlocks @4 (count :UInt32) -> (result :List(Block), templates :List(BlockTemplate));
  subscribe @5 (listener :Listener) -> (subscription :Capability);
  getBlock @6 (hash :Data) -> Block;
}

interface BlockTemplate {
  destroy @0 (context :Context);
  getBlock @1 (context :Context) -> (result :Data);
  getHeights @2 () -> (result :List(UInt32));
  submitSolution @3 (context :Context, version :UInt32, timestamp :UInt32, nonce :UInt32, coinbase :Data)
      -> (result :Bool);
}

interface Listener {
  tipChanged @0 (tip :Tip, mining :Mining);
  finished @1 (reason :Text) -> (again :Bool, next :Listener);
}
