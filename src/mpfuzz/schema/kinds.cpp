#include <mpfuzz/base/check.h>
#include <mpfuzz/schema/schema.h>

#include <limits>

namespace mpfuzz::schema {

bool IsPointer(Kind kind)
{
    switch (kind) {
    case Kind::TEXT:
    case Kind::DATA:
    case Kind::LIST:
    case Kind::STRUCT:
    case Kind::INTERFACE:
    case Kind::ANY_POINTER:
    case Kind::ANY_STRUCT:
    case Kind::ANY_LIST:
    case Kind::CAPABILITY: return true;
    default: return false;
    }
}

bool IsInteger(Kind kind) { return kind >= Kind::INT8 && kind <= Kind::UINT64; }

int64_t MinInteger(Kind kind)
{
    CHECK(IsInteger(kind), static_cast<int>(kind));
    switch (kind) {
    case Kind::INT8: return std::numeric_limits<int8_t>::min();
    case Kind::INT16: return std::numeric_limits<int16_t>::min();
    case Kind::INT32: return std::numeric_limits<int32_t>::min();
    case Kind::INT64: return std::numeric_limits<int64_t>::min();
    default: return 0;
    }
}

uint64_t MaxInteger(Kind kind)
{
    CHECK(IsInteger(kind), static_cast<int>(kind));
    switch (kind) {
    case Kind::INT8: return std::numeric_limits<int8_t>::max();
    case Kind::INT16: return std::numeric_limits<int16_t>::max();
    case Kind::INT32: return std::numeric_limits<int32_t>::max();
    case Kind::INT64: return std::numeric_limits<int64_t>::max();
    case Kind::UINT8: return std::numeric_limits<uint8_t>::max();
    case Kind::UINT16: return std::numeric_limits<uint16_t>::max();
    case Kind::UINT32: return std::numeric_limits<uint32_t>::max();
    default: return std::numeric_limits<uint64_t>::max();
    }
}

} // namespace mpfuzz::schema
