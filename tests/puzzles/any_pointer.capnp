@0x8ce836eeca56ee9f;
# A method that accepts any value, and recognises one type of struct.

struct Coat {
  colour @0 :Text;
}

struct Ticket {
  issuer @0 :Text;
  holder @1 :Text;
  stamp @2 :Data;
  number @3 :UInt64;
}

interface Puzzle {
  give @0 (thing :AnyPointer) -> (kind :Text);
  take @1 (ticket :Ticket) -> (coat :Coat);
}
