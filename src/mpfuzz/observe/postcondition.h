#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

//! Relations between the arguments and the answer of a call, as written in [[postcondition]] of target.toml:
//!
//!     text     = [ "if" claim "then" ] claim
//!     claim    = relation { "and" relation }
//!     relation = operand ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand
//!     operand  = ( "answer" | "argument" | "previous" ) { "." FIELD } | "size" "(" operand ")"
//!              | NUMBER | "true" | "false" | "…" | 0x"…"
namespace mpfuzz::observe {

//! One side of a relation, bound to a method.
struct Operand {
    enum class Source : uint8_t {
        ANSWER,   //!< of the call
        ARGUMENT, //!< of the call
        PREVIOUS, //!< answer of the latest earlier call of the method on the same capability
        CONSTANT,
    } source{Source::CONSTANT};
    program::Path path{};      //!< fields only; empty for a CONSTANT
    schema::Type type{};       //!< of the field, or of the constant
    bool size{false};          //!< compare its size: bytes of a Text or Data, elements of a list
    program::Value constant{}; //!< CONSTANT
};

enum class Comparison : uint8_t { EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST };

//! A comparison of two operands. Numbers can be compared in any way; bools, texts, data and enums with == and !=; lists
//! and structs of one type with ==.
struct Relation {
    Operand left;
    Comparison comparison{Comparison::EQUAL};
    Operand right;
};

//! A claim that is true for every answer to a method.
struct Postcondition {
    schema::MethodRef method;
    std::vector<Relation> condition; //!< if one of these is false, nothing is claimed
    std::vector<Relation> claim;     //!< all of these must be true
    std::string text;                //!< as it was written, on one line: part of a finding's title
};

//! Parses a postcondition, once for each method that a glob matches.
//!
//! @return An error says what is wrong and what was expected; it does not name the file.
base::Result<std::vector<Postcondition>> ParsePostcondition(const schema::Schema& schema, std::string_view methods,
                                                            std::string_view text);

} // namespace mpfuzz::observe
