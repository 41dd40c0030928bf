#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

//! Relations between the arguments and the answer of a call. The user writes them in [[postcondition]] of target.toml,
//! in this grammar:
//!
//!     text     = [ "if" claim "then" ] claim
//!     claim    = relation { "and" relation }
//!     relation = operand ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand
//!     operand  = ( "answer" | "argument" | "previous" ) { "." FIELD } | "size" "(" operand ")"
//!              | NUMBER | "true" | "false" | "…" | 0x"…"
namespace mpfuzz::observe {

//! One side of a relation in the postcondition of a method.
struct Operand {
    enum class Source : uint8_t {
        ANSWER,   //!< the answer to the call
        ARGUMENT, //!< the arguments of the call
        PREVIOUS, //!< the answer to the latest earlier call of the method on the same capability
        CONSTANT,
    } source{Source::CONSTANT};
    program::Path path{};      //!< consists of fields only; empty for a CONSTANT
    schema::Type type{};       //!< type of the field or of the constant
    bool size{false};          //!< compare the size instead: bytes of a Text or Data, elements of a list
    program::Value constant{}; //!< the value of a CONSTANT
};

enum class Comparison : uint8_t { EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST };

//! A comparison of two operands. Numbers can be compared with all operators, bools, texts, data and enums with == and
//! !=, and lists and structs of one type only with ==.
struct Relation {
    Operand left;
    Comparison comparison{Comparison::EQUAL};
    Operand right;
};

//! A claim that must be true for every answer to a method.
struct Postcondition {
    schema::MethodRef method;
    std::vector<Relation> condition; //!< the claim applies only if all of these are true
    std::vector<Relation> claim;     //!< all of these must be true
    std::string text;                //!< the text in target.toml, on one line; part of a finding's title
};

//! Parses a postcondition for each method that a glob matches.
//!
//! @return One postcondition for each method, or an error. The error says what is wrong and what was expected; it does
//!         not name the file.
base::Result<std::vector<Postcondition>> ParsePostcondition(const schema::Schema& schema, std::string_view methods,
                                                            std::string_view text);

} // namespace mpfuzz::observe
