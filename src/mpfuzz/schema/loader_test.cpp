#include <mpfuzz/schema/test_files.h>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema-loader.h>
#include <gtest/gtest.h>

namespace mpfuzz::schema {
namespace {

//! Reads what an executor reads: methods, superclasses, structs of all bindings, defaults.
void Walk(::capnp::StructSchema schema, int depth)
{
    ::capnp::MallocMessageBuilder message;
    auto root{message.initRoot<::capnp::DynamicStruct>(schema)};
    for (const auto field : schema.getFields()) {
        root.clear(field);
        if (depth > 0 && field.getType().isStruct() && !field.getProto().isGroup())
            Walk(field.getType().asStruct(), depth - 1);
    }
}

void Walk(::capnp::InterfaceSchema schema)
{
    for (const auto superclass : schema.getSuperclasses()) Walk(superclass);
    for (const auto method : schema.getMethods()) {
        Walk(method.getParamType(), 3);
        Walk(method.getResultType(), 3);
    }
}

TEST(Loader, HasEveryInterfaceStructAndEnumOfTheSchema)
{
    for (const char* name : {"generics.capnp", "endless.capnp", "shapes.capnp", "values.capnp", "annotations.capnp",
                             "inheritance.capnp", "flows.capnp"}) {
        const auto schema{LoadTestdata(name)};
        for (const Interface& interface : schema->Interfaces()) {
            const auto loaded{schema->Loader().get(interface.id).asInterface()};
            Walk(loaded);
            EXPECT_EQ(loaded.getMethods().size(), interface.methods.size());
        }
        for (const Struct& value : schema->Structs()) {
            const auto loaded{schema->Loader().get(value.id).asStruct()};
            EXPECT_EQ(loaded.getFields().size(), value.fields.size());
            for (const Field& field : value.fields) EXPECT_TRUE(loaded.findFieldByName(field.name) != nullptr);
        }
        for (const Enum& value : schema->Enums()) {
            EXPECT_EQ(schema->Loader().get(value.id).asEnum().getEnumerants().size(), value.enumerants.size());
        }
    }
}

TEST(Loader, IsValidAsLongAsTheSchema)
{
    auto schema{LoadTestdata("inheritance.capnp")};
    const auto copy{schema};
    schema.reset();
    const Interface& bottom{copy->GetInterface(*copy->FindInterface("Bottom"))};
    EXPECT_TRUE(copy->Loader().get(bottom.id).asInterface().findMethodByName("shared") != nullptr);
}

TEST(Loader, HasTheDeclarationsOfImportedAnnotations)
{
    const auto schema{LoadTestdata("annotations.capnp")};
    const Struct& marked{schema->GetStruct(*schema->FindStruct("Marked"))};
    for (const Annotation& annotation : marked.annotations) {
        EXPECT_TRUE(schema->Loader().get(annotation.id).getProto().isAnnotation());
    }
}

} // namespace
} // namespace mpfuzz::schema
