@0x8b2c63aca91bd8fd;
# Eight switches, some of them on by default.

struct Settings {
  name @0 :Text;
  switches :group {
    lamp @1 :Bool = true;
    fan @2 :Bool;
    heater @3 :Bool = true;
    pump @4 :Bool;
    alarm @5 :Bool = true;
    radio @6 :Bool = true;
    gate @7 :Bool;
    valve @8 :Bool;
  }
}

interface Puzzle {
  set @0 (settings :Settings);
}
