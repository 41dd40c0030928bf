@0xe5f7a9b1c3d50718;
# Annotations that are declared in this file and in another one.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("annotations");

using Elsewhere = import "annotation_names.capnp";

annotation count(struct, group, interface, method, field, param) :Int32;

struct Marked $count(1) $Elsewhere.wrap("a::B<c>") {
  field @0 :Text $Elsewhere.Nested.flag;
  group :group $count(2) {
    inside @1 :Text $Elsewhere.point((x = 1, y = 2));
    beside @2 :Text $Elsewhere.words(["a", "b"]);
  }
}

interface Service $Elsewhere.wrap("Service") {
  call @0 (param :Text $count(4)) -> (result :Text $count(5)) $count(3);
}
