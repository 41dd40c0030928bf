# How every target of the project is compiled: warnings, sanitizers, precompiled headers, and the functions that declare
# libraries, programs, tests and benchmarks.

add_library(mpfuzz_options INTERFACE)
target_compile_options(mpfuzz_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Woverloaded-virtual
  # KJ's interfaces have no virtual destructors on purpose (kj::Own knows what to destroy). clang warns only of our own classes.
  $<$<CXX_COMPILER_ID:Clang>:-Wnon-virtual-dtor>
  # g++ 12 warns of designated initialisers that leave a member at its default, and, wrongly, inside std::string.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${MPFUZZ_WERROR}>:-Werror>)
target_include_directories(mpfuzz_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
target_link_libraries(mpfuzz_options INTERFACE Threads::Threads)

if(MPFUZZ_SANITIZE)
  # vptr checks need matching run-time type information on both sides of libkj, which an uninstrumented libkj does
  # not have.
  add_compile_options(-fsanitize=${MPFUZZ_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MPFUZZ_SANITIZE})
  if(MPFUZZ_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()

# Precompiled headers save about a third of the time of a build from scratch. ccache sees through them only with
# CCACHE_SLOPPINESS=pch_defines,time_macros, which the scripts set. g++ accepts a precompiled header only with exactly the
# same options, and so for hardly any of our targets.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(pch_default ON)
else()
  set(pch_default OFF)
endif()
option(MPFUZZ_PCH "Precompile the headers of the standard library, Cap'n Proto, GoogleTest and JSON" ${pch_default})
if(MPFUZZ_PCH AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Otherwise the compiler refuses a precompiled header whose sources are older or newer, and ccache cannot store it.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()
set(mpfuzz_std_headers <algorithm> <array> <chrono> <filesystem> <fstream> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <utility> <variant> <vector>)

# Targets of one kind share one precompiled header: the first compiles it, the others reuse it.
function(mpfuzz_precompile target kind)
  if(NOT MPFUZZ_PCH)
    return()
  endif()
  get_property(first GLOBAL PROPERTY mpfuzz_pch_${kind})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE ${mpfuzz_std_headers} ${ARGN})
    set_property(GLOBAL PROPERTY mpfuzz_pch_${kind} ${target})
  endif()
endfunction()

# Tests and command lines are large and run for a short time. The preset `dev` optimises only the libraries.
set(MPFUZZ_OUTER_OPTIONS "" CACHE STRING "Compile options of tests and programs, appended to the others")

# CLI11 is a header, and most of what a command line costs to compile. Command lines run once: compile the file that
# declares one without optimisation.
function(mpfuzz_command_line file)
  set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS -O0 SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# mpfuzz_program(NAME SOURCES… DEPENDS…): an executable.
function(mpfuzz_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${MPFUZZ_OUTER_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS})
endfunction()

# mpfuzz_library(NAME SOURCES… DEPENDS…): one static library per folder.
function(mpfuzz_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(mpfuzz_${name} STATIC ${ARG_SOURCES})
  # AFL++'s custom mutator is a shared library.
  set_target_properties(mpfuzz_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(mpfuzz_${name} PUBLIC mpfuzz_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  set(kind library)
  set(headers "")
  if("${ARG_DEPENDS};${ARG_PRIVATE_DEPENDS}" MATCHES "CapnProto::capnp-rpc|interface_schema")
    string(APPEND kind _capnp)
    list(APPEND headers <capnp/dynamic.h> <capnp/rpc-twoparty.h> <kj/async-io.h>)
  endif()
  if("${ARG_DEPENDS};${ARG_PRIVATE_DEPENDS}" MATCHES "nlohmann_json")
    string(APPEND kind _json)
    list(APPEND headers <nlohmann/json.hpp>)
  endif()
  mpfuzz_precompile(mpfuzz_${name} ${kind} ${headers})
endfunction()

# All unit tests, all benchmarks.
add_custom_target(unit_tests)
add_custom_target(benchmarks)

# Make a program part of a target such as unit_tests, and of the default build if the option MPFUZZ_<option> is ON.
function(mpfuzz_optional program target option)
  add_dependencies(${target} ${program})
  if(NOT MPFUZZ_${option})
    set_target_properties(${program} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# mpfuzz_test(NAME SOURCES… DEPENDS…): one test binary per folder. ctest knows its cases by name.
function(mpfuzz_test name)
  if(NOT GTest_FOUND)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  mpfuzz_program(${name}_test
    SOURCES ${ARG_SOURCES}
    DEPENDS mpfuzz_options ${ARG_DEPENDS} GTest::gtest_main GTest::gmock)
  target_compile_definitions(${name}_test PRIVATE
    MPFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}" MPFUZZ_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  if(MPFUZZ_SANITIZE MATCHES "undefined")
    # Checks of undefined behaviour in the tests themselves cost a third of their compile time. The libraries keep them.
    target_compile_options(${name}_test PRIVATE -fno-sanitize=undefined)
  endif()
  mpfuzz_precompile(${name}_test test <gtest/gtest.h> <gmock/gmock.h>)
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 LABELS unit)
  # Cases of a program that is not built have no label: without this test, `ctest -L unit` would find none and pass.
  add_test(NAME ${name}.is_built COMMAND ${name}_test --gtest_list_tests)
  set_tests_properties(${name}.is_built PROPERTIES LABELS unit)
  mpfuzz_optional(${name}_test unit_tests TESTS)
endfunction()

# mpfuzz_benchmark(NAME SOURCES… DEPENDS…): a program that measures with Google Benchmark.
function(mpfuzz_benchmark name)
  if(NOT benchmark_FOUND)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  mpfuzz_program(${name} SOURCES ${ARG_SOURCES} DEPENDS mpfuzz_options ${ARG_DEPENDS} benchmark::benchmark)
  target_compile_definitions(${name} PRIVATE MPFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  mpfuzz_optional(${name} benchmarks BENCHMARKS)
endfunction()
