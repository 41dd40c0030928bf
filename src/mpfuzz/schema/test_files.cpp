#include <mpfuzz/schema/test_files.h>

#include <mpfuzz/base/check.h>

#include <sstream>

namespace mpfuzz::schema {
namespace {

void Print(std::ostream& out, const std::vector<Annotation>& annotations)
{
    for (const Annotation& annotation : annotations) {
        out << " $" << annotation.name << "@" << annotation.id << "(" << annotation.value << ")";
    }
    out << "\n";
}

void Print(std::ostream& out, const Schema& schema, const std::vector<Occurrence>& occurrences)
{
    for (const Occurrence& occurrence : occurrences) {
        out << " " << schema.MethodName(occurrence.method);
        for (const PathStep& step : occurrence.path) {
            out << (step.kind == PathStep::Kind::FIELD ? "." + std::to_string(step.field) : "[]");
        }
    }
    out << "\n";
}

std::string FieldText(const Schema& schema, const Field& field)
{
    return field.name + " :" + schema.TypeName(field.type) + (field.is_group ? " group" : "") +
           (field.in_union ? " union" : "") + (field.default_value.empty() ? "" : " = " + field.default_value);
}

void PrintStructs(std::ostream& out, const Schema& schema)
{
    for (const Struct& value : schema.Structs()) {
        out << "struct " << value.id << " " << value.name << value.is_group << value.is_method_struct;
        Print(out, value.annotations);
        for (const Field& field : value.fields) {
            out << "  " << FieldText(schema, field);
            Print(out, field.annotations);
        }
    }
}

void PrintInterfaces(std::ostream& out, const Schema& schema)
{
    for (uint32_t i{0}; i < schema.Interfaces().size(); ++i) {
        const Interface& interface = schema.GetInterface(i);
        out << "interface " << interface.id << " " << interface.name;
        for (const uint32_t ancestor : interface.ancestors) out << " < " << ancestor;
        Print(out, interface.annotations);
        for (const MethodRef ref : interface.all_methods) {
            const Method& method{schema.GetMethod(ref)};
            out << "  " << schema.MethodName(ref) << " @" << method.ordinal << " " << method.params << " -> "
                << method.results << method.streaming;
            Print(out, method.annotations);
        }
        Print(out, schema, schema.Producers(i));
        Print(out, schema, schema.Consumers(i));
    }
}

} // namespace

std::string Testdata(std::string_view name)
{
    return std::string{MPFUZZ_SOURCE_DIR "/src/mpfuzz/schema/testdata/"} + std::string{name};
}

std::shared_ptr<const Schema> LoadTestdata(std::string_view name) { return MustLoad({Testdata(name)}); }

std::shared_ptr<const Schema> MustLoad(const std::vector<std::string>& files,
                                       const std::vector<std::string>& import_paths)
{
    const auto loaded{LoadFiles(files, import_paths)};
    return *loaded; // if it did not load, CHECK fails with the message
}

std::string ErrorOf(const std::vector<std::string>& files, const std::vector<std::string>& import_paths)
{
    const auto loaded{LoadFiles(files, import_paths)};
    return loaded ? "" : loaded.GetError().message;
}

std::string Dump(const Schema& schema)
{
    std::ostringstream out;
    PrintStructs(out, schema);
    for (const Enum& value : schema.Enums()) {
        out << "enum " << value.id << " " << value.name;
        for (const std::string& enumerant : value.enumerants) out << " " << enumerant;
        out << "\n";
    }
    PrintInterfaces(out, schema);
    for (const Constant& constant : schema.Constants()) {
        out << "const " << constant.name << " :" << schema.TypeName(constant.type) << " = " << constant.value << "\n";
    }
    for (const DataFlow& flow : schema.DataFlows()) {
        out << "flow " << schema.TypeName(flow.type) << " " << flow.field << "\n";
        Print(out, schema, flow.producers);
        Print(out, schema, flow.consumers);
    }
    out << "message " << schema.RpcMessage() << "\n";
    return out.str();
}

std::vector<std::string> FieldsOf(const Schema& schema, std::string_view struct_name)
{
    const auto index{schema.FindStruct(struct_name)};
    CHECK(index, struct_name);
    std::vector<std::string> fields;
    for (const Field& field : schema.GetStruct(*index).fields) fields.push_back(FieldText(schema, field));
    return fields;
}

} // namespace mpfuzz::schema
