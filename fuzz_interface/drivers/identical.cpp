#include <fuzz_interface/drivers/identical.h>

#include <nlohmann/json.hpp>

namespace mpfuzz::fuzz_interface {

namespace {

using nlohmann::json;

bool IdenticalJson(const json& a, const json& b)
{
    if (a.is_number_integer() && b.is_number_integer()) return a == b;
    if (a.type() != b.type()) return false;
    if (a.is_number_float()) return Identical(a.get<double>(), b.get<double>());
    if (a.is_array()) {
        return std::ranges::equal(a.get_ref<const json::array_t&>(), b.get_ref<const json::array_t&>(), IdenticalJson);
    }
    if (a.is_object()) {
        return std::ranges::equal(
            a.get_ref<const json::object_t&>(), b.get_ref<const json::object_t&>(),
            [](const auto& x, const auto& y) { return x.first == y.first && IdenticalJson(x.second, y.second); });
    }
    return a == b;
}

} // namespace

bool Identical(const Json& a, const Json& b) { return IdenticalJson(a.Get(), b.Get()); }

bool Identical(const Settings& a, const Settings& b)
{
    return Identical(a.forced, b.forced) && Identical(a.command_line, b.command_line);
}

} // namespace mpfuzz::fuzz_interface
