# An interface made for fuzzing; see interface.h. libmultiprocess's mpgen can read this file without changes.

@0x98d1fc7d36f9aca8;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("mpfuzz::fuzz_interface::messages");

using Proxy = import "/mp/proxy.capnp";
$Proxy.include("fuzz_interface/interface/interface.h");
$Proxy.include("fuzz_interface/libmultiprocess/fuzz_clients.h");
$Proxy.includeTypes("fuzz_interface/libmultiprocess/fuzz_types.h");

interface FuzzInit $Proxy.wrap("mpfuzz::fuzz_interface::FuzzInit") {
    construct @0 (threadMap :Proxy.ThreadMap) -> (threadMap :Proxy.ThreadMap);
    makeFuzz @1 (context :Proxy.Context) -> (result :FuzzInterface);
}

interface FuzzInterface $Proxy.wrap("mpfuzz::fuzz_interface::FuzzInterface") {
    destroy @0 (context :Proxy.Context) -> ();

    addOnLoop @1 (value :Int32) -> (result :Int32);

    addInt32 @2 (context :Proxy.Context, value :Int32) -> (value :Int32);
    rotateInt64 @3 (context :Proxy.Context, value :Int64) -> (result :Int64);
    invertUInt64 @4 (context :Proxy.Context, value :UInt64) -> (result :UInt64);
    notBool @5 (context :Proxy.Context, value :Bool) -> (result :Bool);
    negate @6 (context :Proxy.Context, value :Float64) -> (result :Float64);
    nextColour @7 (context :Proxy.Context, value :Int32) -> (result :Int32);

    reverseText @8 (context :Proxy.Context, value :Text) -> (result :Text);
    reverseBytes @9 (context :Proxy.Context, value :Data) -> (result :Data);

    bumpFeeRate @10 (context :Proxy.Context, value :Data) -> (result :Data);
    nextOutPoint @11 (context :Proxy.Context, value :Data) -> (result :Data);
    reverseScript @12 (context :Proxy.Context, value :Data) -> (result :Data);
    bumpTransaction @13 (context :Proxy.Context, value :Data) -> (result :Data);
    reverseTransactions @14 (context :Proxy.Context, value :List(Data)) -> (result :List(Data));
    wrapJson @15 (context :Proxy.Context, value :Text) -> (result :Text);
    swapSettings @16 (context :Proxy.Context, value :Settings) -> (result :Settings);

    reverseFees @17 (context :Proxy.Context, value :List(Pair(Text, List(Data)))) -> (result :List(Pair(Text, List(Data))));
    negateSet @18 (context :Proxy.Context, value :List(Int32)) -> (result :List(Int32));
    reverseEach @19 (context :Proxy.Context, value :List(Text)) -> (result :List(Text));
    changePair @20 (context :Proxy.Context, value :NumberAndText) -> (result :NumberAndText);
    changeTuple @21 (context :Proxy.Context, value :NumberAndBytes) -> (result :NumberAndBytes);
    reverseLists @22 (context :Proxy.Context, value :List(List(Int32))) -> (result :List(List(Int32)));
    notEach @23 (context :Proxy.Context, value :List(Bool)) -> (result :List(Bool));

    maybeAdd @24 (context :Proxy.Context, value :Int32, hasValue :Bool) -> (result :Int32, hasResult :Bool);
    maybeNot @25 (context :Proxy.Context, value :Bool, hasValue :Bool) -> (result :Bool, hasResult :Bool);
    maybeNegate @26 (context :Proxy.Context, value :Float64, hasValue :Bool) -> (result :Float64, hasResult :Bool);
    maybeReverseText @27 (context :Proxy.Context, value :Text) -> (result :Text);
    maybeReverseBytes @28 (context :Proxy.Context, value :Data) -> (result :Data);
    maybeBump @29 (context :Proxy.Context, value :Data) -> (result :Data);

    negateDuration @30 (context :Proxy.Context, value :Int64) -> (result :Int64);
    rotateSeconds @31 (context :Proxy.Context, value :Int64) -> (result :Int64);
    invertTime @32 (context :Proxy.Context, value :Int64) -> (result :Int64);

    mixed @33 (context :Proxy.Context, in :Int32, inOut :Text) -> (inOut :Text, out :Data, result :Int64);
    raise @34 (context :Proxy.Context, kind :Int32, code :Int32, message :Text) -> (typed :FuzzError $Proxy.exception("mpfuzz::fuzz_interface::FuzzError"), standard :Text $Proxy.exception("std::exception"), result :Int32);

    callFunction @35 (context :Proxy.Context, function :FuzzFunction, value :Int32) -> (result :Int32);
    callObject @36 (context :Proxy.Context, callback :FuzzCallback, value :Int32) -> (result :Int32);
    callUnique @37 (context :Proxy.Context, callback :FuzzCallback, value :Int32) -> (result :Int32);
    callShared @38 (context :Proxy.Context, callback :FuzzCallback, value :Int32) -> (result :Int32);
    recurse @39 (context :Proxy.Context, callback :FuzzCallback, value :Int32, depth :Int32) -> (result :Int32);

    makeObject @40 (context :Proxy.Context, id :Int32) -> (result :FuzzObject);
    visitObject @41 (context :Proxy.Context, object :FuzzObject, token :UInt64) -> (result :UInt64);

    store @42 (context :Proxy.Context, slot :Int32, callback :FuzzCallback) -> (standard :Text $Proxy.exception("std::exception"));
    callStored @43 (context :Proxy.Context, slot :Int32, value :Int32) -> (standard :Text $Proxy.exception("std::exception"), result :Int32);
    forget @44 (context :Proxy.Context, slot :Int32) -> (standard :Text $Proxy.exception("std::exception"), result :Bool);

    liveObjects @45 (context :Proxy.Context) -> (result :Int32);
}

interface FuzzFunction $Proxy.wrap("ProxyCallback<std::function<int32_t(int32_t)>>") {
    destroy @0 (context :Proxy.Context) -> ();
    call @1 (context :Proxy.Context, value :Int32) -> (result :Int32);
}

interface FuzzCallback $Proxy.wrap("mpfuzz::fuzz_interface::FuzzCallback") {
    destroy @0 (context :Proxy.Context) -> ();
    call @1 (context :Proxy.Context, value :Int32) -> (result :Int32);
    recurse @2 (context :Proxy.Context, value :Int32, depth :Int32) -> (result :Int32);
}

interface FuzzObject $Proxy.wrap("mpfuzz::fuzz_interface::FuzzObject") {
    destroy @0 (context :Proxy.Context) -> ();
    id @1 (context :Proxy.Context) -> (result :Int32);
    visit @2 (context :Proxy.Context, token :UInt64) -> (result :UInt64);
    makeChild @3 (context :Proxy.Context, id :Int32) -> (result :FuzzObject);
}

struct Settings $Proxy.wrap("mpfuzz::fuzz_interface::Settings") {
    forced @0 :List(Pair(Text, Text));
    commandLine @1 :List(Pair(Text, List(Text))) $Proxy.name("command_line");
}

struct FuzzError $Proxy.wrap("mpfuzz::fuzz_interface::FuzzError") {
    code @0 :Int32;
    message @1 :Text;
}

struct Pair(First, Second) {
    first @0 :First;
    second @1 :Second;
}

struct NumberAndText {
    first @0 :Int32;
    second @1 :Text;
}

struct NumberAndBytes {
    first @0 :UInt64;
    second @1 :Data;
}
