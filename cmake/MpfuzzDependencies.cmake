# Every library that mpfuzz uses, found in one place. `scripts/setup` installs them on Debian.

find_package(Threads REQUIRED)
find_package(CapnProto 0.9 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(CLI11 2.1 REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(tomlplusplus 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)

# Tests and benchmarks exist if their libraries are installed.
find_package(GTest 1.12 QUIET)
include(GoogleTest)
find_package(benchmark 1.7 QUIET)
foreach(pair "TESTS;GTest" "BENCHMARKS;benchmark")
  list(GET pair 0 option)
  list(GET pair 1 package)
  if(MPFUZZ_${option} AND NOT ${package}_FOUND)
    message(FATAL_ERROR "MPFUZZ_${option} needs the library ${package}; scripts/setup installs it on Debian")
  endif()
endforeach()
