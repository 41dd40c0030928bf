// Parameters in both directions, and what is thrown.
#include <fuzz_interface/drivers/outcome.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/typed_methods.h>
#include <fuzz_interface/interface/transform.h>

#include <tuple>

namespace mpfuzz::fuzz_interface {

std::optional<Mismatch> DriveInOut(Session& session, std::string_view method)
{
    const auto value{Random<int32_t>(session.choices)};
    const auto got{Try([&] {
        int32_t changed{value};
        session.remote.addInt32(changed);
        return changed;
    })};
    return Compare<int32_t, int32_t>(method, value, AddInt32(value), got);
}

std::optional<Mismatch> DriveMixed(Session& session, std::string_view method)
{
    using Arguments = std::tuple<int32_t, std::string, Bytes>;
    using Results = std::tuple<int64_t, std::string, Bytes>;
    // Whatever is in `out` before must not matter.
    const auto arguments{Random<Arguments>(session.choices)};
    const auto call{[&](const auto& mixed) -> Results {
        auto [in, in_out, out]{arguments};
        const int64_t result{mixed(in, in_out, out)};
        return {result, in_out, out};
    }};
    const auto got{Try([&] {
        return call([&](int32_t in, std::string& in_out, Bytes& out) { return session.remote.mixed(in, in_out, out); });
    })};
    return Compare<Arguments, Results>(method, arguments, call(Mixed), got);
}

std::optional<Mismatch> DriveRaise(Session& session, std::string_view method)
{
    const auto kind{static_cast<int32_t>(session.choices.Below(4))};
    const auto code{Random<int32_t>(session.choices)};
    const auto message{Random<std::string>(session.choices)};
    const auto got{Try([&] { return session.remote.raise(kind, code, message); })};

    Outcome<int32_t> expected{code};
    if (kind == RAISE_TYPED) {
        expected = Thrown{.kind = Thrown::Kind::TYPED, .error = {.code = code, .message = message}};
    } else if (kind == RAISE_STANDARD) {
        // what() ends at the first NUL.
        expected = Thrown{
            .kind = Thrown::Kind::STANDARD, .error = {.code = 0, .message = message.c_str()}, .words_count = true};
    } else if (kind == RAISE_UNKNOWN) {
        const auto* const thrown{std::get_if<Thrown>(&got)};
        // Without a binding in between it comes as it is.
        if (thrown && thrown->kind == Thrown::Kind::OTHER) return std::nullopt;
        expected = Thrown{.kind = Thrown::Kind::STANDARD};
    }
    return Compare(method, std::tuple{kind, code, message}, expected, got);
}

} // namespace mpfuzz::fuzz_interface
