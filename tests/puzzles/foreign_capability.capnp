@0x80a1c6066a03d4fa;
# A key from one object for the lock of another.

interface Key {
  turns @0 () -> (turns :UInt32);
}

interface Forge {
  forge @0 () -> (key :Key);
}

interface Vault {
  unlock @0 (key :Key) -> (open :Bool);
}

interface Puzzle {
  makeForge @0 () -> (forge :Forge);
  makeVault @1 () -> (vault :Vault);
}
