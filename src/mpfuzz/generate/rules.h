#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mpfuzz::generate {

//! What a target's description says about the programs to make. Indices are into the Schema that the
//! generator is made with.
struct Rules {
    uint32_t main_interface{0};                 //!< what Bootstrap returns
    std::vector<schema::MethodRef> denied;      //!< never called
    std::vector<schema::MethodRef> may_block;   //!< rightly never answered: called, hardly ever awaited
    std::vector<schema::MethodRef> only;        //!< goals are picked from these; empty: from all
    size_t max_steps{30};                       //!< nothing new is begun beyond; guess, unmeasured
    unsigned max_connections{3};                //!< in one program; guess, unmeasured
    unsigned misbehaving_percent{25};           //!< share of programs that break rules on purpose; guess, unmeasured
    std::vector<program::Signal::Kind> signals; //!< that programs may end the target with
};

} // namespace mpfuzz::generate
