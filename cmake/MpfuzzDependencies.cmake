# Every library that mpfuzz uses, found in one place. `scripts/setup` installs them on Debian.

find_package(Threads REQUIRED)
find_package(CapnProto 0.9 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(CLI11 2.1 REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(tomlplusplus 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)

if(MPFUZZ_TESTS)
  find_package(GTest 1.12 REQUIRED)
  include(GoogleTest)
endif()
if(MPFUZZ_BENCHMARKS)
  find_package(benchmark 1.7 REQUIRED)
endif()
