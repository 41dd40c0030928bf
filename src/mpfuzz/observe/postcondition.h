#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

//! Relations between what a call was given and what it answered, as [[postcondition]] in target.toml words them:
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
    schema::Type type{};       //!< what stands there, or the constant's
    bool size{false};          //!< its size is meant: bytes of a Text or Data, elements of a list
    program::Value constant{}; //!< CONSTANT
};

enum class Comparison : uint8_t { EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST };

//! Both sides can be compared: numbers with numbers in any way; truth values, texts and data, and enums for being
//! equal or not; lists and structs of one type for being equal.
struct Relation {
    Operand left;
    Comparison comparison{Comparison::EQUAL};
    Operand right;
};

//! What every answer to a method keeps.
struct Postcondition {
    schema::MethodRef method;
    std::vector<Relation> condition; //!< where one of these does not hold, nothing is claimed
    std::vector<Relation> claim;     //!< all of these hold
    std::string text;                //!< as it was written, on one line: part of a finding's title
};

//! Read a postcondition and bind it to each method that a glob matches.
//!
//! @return An error that says what is wrong and what was expected; it names no file.
base::Result<std::vector<Postcondition>> ParsePostcondition(const schema::Schema& schema, std::string_view methods,
                                                            std::string_view text);

} // namespace mpfuzz::observe
