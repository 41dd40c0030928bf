#include <mpfuzz/base/check.h>
#include <mpfuzz/schema/parser_loader.h>

namespace mpfuzz::schema {
namespace {

//! Names our specialisation, and carries its answer: the template returns nothing.
struct Finder {
    static thread_local const ::capnp::SchemaLoader* found;
};
thread_local const ::capnp::SchemaLoader* Finder::found{nullptr};

} // namespace
} // namespace mpfuzz::schema

template<>
void capnp::SchemaLoader::loadCompiledTypeAndDependencies<mpfuzz::schema::Finder>()
{
    mpfuzz::schema::Finder::found = this;
}

namespace mpfuzz::schema {

const ::capnp::SchemaLoader& ParserLoader(::capnp::SchemaParser& parser)
{
    parser.loadCompiledTypeAndDependencies<Finder>();
    CHECK(Finder::found);
    return *Finder::found;
}

} // namespace mpfuzz::schema
