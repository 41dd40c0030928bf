@0x8f9eadbccbdae9f8;

using Missing = import "no_such_file.capnp";
using Absolute = import "/mp/no_such_proxy.capnp";

struct Wrong {
  first @0 :NoSuchType;
  second @0 :Text;
	tabbed @3 :Text;
}
