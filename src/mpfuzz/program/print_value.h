#pragma once

#include <mpfuzz/program/program.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::program {

//! Appends values to a text. A value need not fit its type, such as in a malformed answer: a field that the type does
//! not have is printed as `#INDEX`.
class ValuePrinter
{
public:
    //! @param program  The program whose steps the references name. If null, fields in their paths become `#INDEX`.
    ValuePrinter(const schema::Schema& schema, const Program* program, const std::vector<std::string>& names,
                 std::string& out)
        : m_schema{schema}, m_program{program}, m_names{names}, m_out{out}
    {
    }

    void Print(schema::Type type, const Value& value);
    void PrintFields(uint32_t struct_index, const std::vector<FieldValue>& fields);
    void PrintReference(StepIndex step, const Path& path);
    void PrintServed(const ServedObject& object);
    void PrintBytes(std::string_view bytes);
    //! The name of an interface or type. In backquotes if it contains anything but identifiers and dots.
    void PrintName(std::string_view name);
    void PrintNumber(uint64_t number);

private:
    void PrintFloat(schema::Kind kind, uint64_t bits);
    void PrintEnum(schema::Type type, uint16_t raw);
    void PrintList(schema::Type type, const ListValue& list);
    void PrintRepeat(schema::Type type, const RepeatValue& repeat);
    void PrintAny(const AnyValue& any);
    void PrintData(const DataRef& ref);
    void PrintReaction(uint32_t interface, const Reaction& reaction);
    void PrintMethod(schema::MethodRef method);
    void PrintPath(std::optional<uint32_t> struct_index, const Path& path, bool leading_dot);
    schema::Type ElementType(schema::Type list) const;

    const schema::Schema& m_schema;
    const Program* m_program;
    const std::vector<std::string>& m_names;
    std::string& m_out;
};

} // namespace mpfuzz::program
