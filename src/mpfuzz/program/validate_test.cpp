#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

#include <functional>
#include <tuple>

namespace mpfuzz::program {
namespace {

//! Steps 0 to 3. Tests make step 4 invalid.
constexpr std::string_view START{"c = connect\nlab = c.bootstrap Lab\nn = lab.numbers()\no = lab.open()\n"};

std::string Fault(const Program& program)
{
    const auto status{Validate(TestSchema(), program)};
    return status ? "valid" : status.GetError().message;
}

std::string FaultWith(Step step)
{
    Program program{MustParse(START)};
    program.steps.push_back(std::move(step));
    return Fault(program);
}

uint32_t Field(std::string_view name)
{
    return TestSchema().GetStruct(TestSchema().FindStruct("Everything").value()).FindField(name).value();
}

//! A call of Lab.echo with one argument.
Call Echo(std::string_view field, Value value)
{
    Call call{{1, {}}, TestSchema().FindMethod(TestSchema().FindInterface("Lab").value(), "echo").value(), {}};
    call.arguments.Set(Field(field), std::move(value));
    return call;
}

TEST(Validate, AllowsWhatAHostileClientMayDo)
{
    EXPECT_EQ(Fault(MustParse(R"(c = connect
lab = c.bootstrap Lab
n = lab.numbers()
lab.echo(colour = enum(999), lab = null, store = lab, text = 0x"ff", labs = [lab, null])
(lab as Init).makeMining()
drop lab
cancel n
disconnect c abrupt
lab.echo(lab = lab)
await n
)")),
              "valid");
}

TEST(Validate, NamesTheStepAndTheField)
{
    EXPECT_EQ(FaultWith(Echo("int8", int64_t{128})), "step 4: int8: 128 is out of range");
    EXPECT_EQ(FaultWith(Echo("right", StructValue{{{Field("uint8"), true}}})),
              "step 4: right: uint8: the value is not an integer of that sign");
}

TEST(Validate, RefusesValuesThatDoNotFitTheirType)
{
    const schema::Type text{schema::Kind::TEXT};
    const schema::Type everything{schema::Kind::STRUCT, TestSchema().FindStruct("Everything").value()};
    const std::vector<std::tuple<std::string_view, Value, std::string_view>> faults{
        {"flag", Void{}, "flag: the value is not a Bool"},
        {"int8", int64_t{-129}, "int8: -129 is out of range"},
        {"int8", uint64_t{1}, "int8: the value is not an integer of that sign"},
        {"uint8", uint64_t{256}, "uint8: 256 is out of range"},
        {"float32", Float{uint64_t{1} << 32}, "float32: a Float32 has only 32 bits"},
        {"text", StructValue{}, "text: the value is not a Text"},
        {"colour", uint64_t{1}, "colour: the value is not a Colour"},
        {"flag", Null{}, "flag: the value is not a Bool"},
        {"choice", Null{}, "choice: a group cannot be null"},
        {"many", ListValue{{Null{}}}, "many: a struct in a list cannot be null"},
        {"texts", Blob{}, "texts: the value is not a List(Text)"},
        {"texts", RepeatValue{3, {}}, "texts: a repeated list must have exactly one element"},
        {"texts", RepeatValue{MAX_REPEAT + 1, {Null{}}}, "texts: a list repeats more than 1048576 times"},
        {"texts", RepeatValue{MAX_REPEAT, {Blob{"16 bytes of text"}}}, "texts: more than 2097152 words of values"},
        {"texts", SeenCapability{}, "texts: the value is not a List(Text)"},
        {"lab", SeenCapability{}, "lab: the value is not a Lab"},
        {"anyPointer", AnyValue{text, {}}, "anyPointer: an untyped pointer must contain exactly one value"},
        {"anyPointer", AnyValue{{schema::Kind::BOOL}, {true}}, "anyPointer: an untyped pointer cannot hold a Bool"},
        {"anyStruct", AnyValue{text, {Blob{}}}, "anyStruct: an AnyStruct cannot hold a Text"},
        {"anyList", AnyValue{everything, {StructValue{}}}, "anyList: an AnyList cannot hold a Everything"},
        {"anyPointer", AnyValue{{schema::Kind::INTERFACE, 9999}, {Null{}}},
         "anyPointer: the schema has no such interface"},
        {"block", StructValue{{{7, true}}}, "block: types.capnp:Block has no such field"},
        {"block", StructValue{{{0, uint64_t{1}}, {0, uint64_t{1}}}}, "block: weight is out of order"},
        {"right", StructValue{{{Field("left"), Null{}}, {Field("middle"), Void{}}}},
         "right: left and middle cannot both be set"},
    };
    for (const auto& [field, value, fault] : faults) {
        EXPECT_EQ(FaultWith(Echo(field, value)), "step 4: " + std::string{fault});
    }
}

TEST(Validate, RefusesReferencesToLaterOrWrongSteps)
{
    const PathElement first{PathElement::Kind::FIELD, 0};
    const PathElement element{PathElement::Kind::ELEMENT, 0};
    const std::vector<std::pair<Step, std::string_view>> faults{
        {Bootstrap{4, 0}, "step 4 is not an earlier connection"},
        {Bootstrap{1, 0}, "step 1 is not an earlier connection"},
        {Bootstrap{0, 9999}, "the schema has no such interface"},
        {Await{1}, "step 1 is not an earlier call"},
        {Cancel{4}, "step 4 is not an earlier call"},
        {Drop{{0, {}}}, "step 0 has no capability"},
        {Drop{{1, {first}}}, "a capability has no fields"},
        {Drop{{3, {}}}, "the answer has no such capability"},
        {Drop{{3, {element}}}, "the answer has no such capability"},
        {Drop{{4, {}}}, "step 4 is not an earlier one"},
        {Disconnect{3, {}}, "step 3 is not an earlier connection"},
        {Disconnect{0, static_cast<Disconnect::How>(4)}, "there is no such way to disconnect"},
        {Signal{static_cast<Signal::Kind>(3)}, "there is no such signal to send"},
        {Bytes{2, {}}, "step 2 is not an earlier connection"},
        {Delay{1'001}, "a delay is at most 1000 ms"},
        {Call{{1, {}}, {9999, 0}, {}}, "the schema has no such method"},
        {Echo("int8", DataRef{1, {first}, {}}), "int8: step 1 is not an earlier call"},
        {Echo("int8", DataRef{2, {first, first}, {}}), "int8: the answer has no such field"},
        {Echo("text", DataRef{2, {first}, {}}), "text: UInt8 cannot be used as Text"},
        {Echo("int8", DataRef{2, {first}, {Edit{}}}), "int8: only Text and Data can be edited"},
        {Echo("lab", DataRef{3, {first}, {}}), "lab: Lab.Door cannot be used as Lab"},
        {Echo("lab", CapabilityRef{2, {first}}), "lab: the answer has no such capability"},
        {Echo("flag", CapabilityRef{1, {}}), "flag: the value is not a Bool"},
    };
    for (const auto& [step, fault] : faults) EXPECT_EQ(FaultWith(step), "step 4: " + std::string{fault});
}

TEST(Validate, RefusesMalformedReactions)
{
    const uint32_t lab{TestSchema().FindInterface("Lab").value()};
    const schema::MethodRef touch{TestSchema().FindMethod(lab, "touch").value()};
    const schema::MethodRef foreign{TestSchema().FindInterface("Mining").value(), 0};
    const auto fault{[&](const std::function<void(Reaction&)>& spoil) {
        Reaction reaction{};
        reaction.method = touch;
        spoil(reaction);
        return FaultWith(Serve{{lab, {reaction}}});
    }};
    using Kind = Reaction::Kind;
    EXPECT_EQ(fault([](Reaction&) {}), "valid");
    EXPECT_EQ(fault([&](Reaction& r) { r.method = foreign; }), "step 4: Lab has no such method to react to");
    EXPECT_EQ(fault([](Reaction& r) { r.message = "x"; }), "step 4: touch: only `throw` has a message");
    EXPECT_EQ(fault([](Reaction& r) { r.step = 1; }), "step 4: touch: only `later` has a step");
    EXPECT_EQ(fault([](Reaction& r) { r.callback = {1, 0}; }), "step 4: touch: only `call` has a target");
    EXPECT_EQ(fault([](Reaction& r) {
                  r.kind = Kind::THROW;
                  r.exception = 4;
              }),
              "step 4: touch: there is no such kind of exception");
    EXPECT_EQ(fault([](Reaction& r) {
                  r.kind = Kind::NEVER;
                  r.results = {{0, true}};
              }),
              "step 4: touch: a call that is not answered has no results");
    EXPECT_EQ(fault([](Reaction& r) {
                  r.results = {{0, true}};
              }),
              "step 4: touch: Base.touch$Results has no such field");
    EXPECT_EQ(fault([](Reaction& r) { r.kind = Kind::CALL; }), "step 4: touch: the parameters have no such capability");
    Reaction plain{};
    plain.method = touch;
    EXPECT_EQ(FaultWith(Serve{{lab, {plain, plain}}}), "step 4: reactions are out of order");
    EXPECT_EQ(FaultWith(Serve{{9999, {}}}), "step 4: the schema has no such interface");
}

TEST(DataFits, OnlyIfTheExecutorCanCopyTheData)
{
    using schema::Kind;
    const auto fits{[](schema::Type from, schema::Type to) { return DataFits(TestSchema(), from, to); }};
    const auto type{[](std::string_view name) { return TestSchema().ParseTypeName(name).value(); }};
    EXPECT_TRUE(fits({Kind::TEXT}, {Kind::DATA}));
    EXPECT_TRUE(fits({Kind::INT8}, {Kind::UINT64}));
    EXPECT_TRUE(fits(type("Tip"), type("Tip")));
    EXPECT_TRUE(fits(type("List(Text)"), type("List(Text)")));
    EXPECT_FALSE(fits(type("List(Text)"), type("List(Data)")));
    EXPECT_FALSE(fits({Kind::FLOAT32}, {Kind::FLOAT64}));
    EXPECT_FALSE(fits({Kind::BOOL}, {Kind::UINT8}));
    EXPECT_FALSE(fits({Kind::VOID}, {Kind::VOID}));
    EXPECT_FALSE(fits({Kind::ANY_POINTER}, {Kind::ANY_POINTER}));
    EXPECT_FALSE(fits(type("Lab"), type("Lab")));
    const schema::Struct& everything{TestSchema().GetStruct(type("Everything").index)};
    const schema::Type group{everything.fields[Field("choice")].type};
    EXPECT_FALSE(fits(group, group));
}

} // namespace
} // namespace mpfuzz::program
