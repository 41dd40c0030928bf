#include <mpfuzz/observe/regex.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <mpfuzz/base/check.h>

#include <array>

namespace mpfuzz::observe {
namespace {

// Largest number of steps of one search. A guess: the patterns need a few steps for each byte of a log. The limit stops
// a pattern that backtracks too much on a hostile text after about 50 ms.
constexpr uint32_t MATCH_LIMIT{1'000'000};

template<auto FREE>
struct Deleter {
    template<typename T>
    void operator()(T* object) const
    {
        FREE(object);
    }
};
using CompileContext = std::unique_ptr<pcre2_compile_context, Deleter<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Deleter<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Deleter<pcre2_match_data_free>>;

PCRE2_SPTR Units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

std::string ErrorText(int error)
{
    std::array<PCRE2_UCHAR, 128> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

} // namespace

void Regex::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

Regex::Regex(std::string_view pattern)
{
    const CompileContext context{pcre2_compile_context_create(nullptr)};
    CHECK(context);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF); // the default depends on how the library was built
    int error{0};
    size_t offset{0};
    m_code.reset(pcre2_compile(Units(pattern), pattern.size(), PCRE2_MULTILINE, &error, &offset, context.get()));
    CHECK(m_code, pattern, offset, ErrorText(error));
    // The JIT only makes matching faster. If it fails, for example because the process may not create executable
    // memory, PCRE2 interprets the pattern.
    pcre2_jit_compile(m_code.get(), PCRE2_JIT_COMPLETE);
}

std::optional<Regex::Match> Regex::Search(std::string_view text, size_t from) const
{
    const MatchData data{pcre2_match_data_create_from_pattern(m_code.get(), nullptr)};
    const MatchContext context{pcre2_match_context_create(nullptr)};
    CHECK(data && context);
    pcre2_set_match_limit(context.get(), MATCH_LIMIT);
    pcre2_set_depth_limit(context.get(), MATCH_LIMIT);
    const auto match{[&](uint32_t options) {
        return pcre2_match(m_code.get(), Units(text), text.size(), from, options, data.get(), context.get());
    }};
    int groups{match(0)};
    // The compiled code has a small stack of fixed size. The interpreter uses the heap.
    if (groups == PCRE2_ERROR_JIT_STACKLIMIT) groups = match(PCRE2_NO_JIT);
    if (groups <= 0) return std::nullopt;
    const size_t* const offsets{pcre2_get_ovector_pointer(data.get())};
    return Match{*this, text, {offsets, offsets + 2 * pcre2_get_ovector_count(data.get())}};
}

std::optional<std::string_view> Regex::Match::Group(const char* name) const
{
    const int number{pcre2_substring_number_from_name(m_regex->m_code.get(), reinterpret_cast<PCRE2_SPTR>(name))};
    if (number < 0) return std::nullopt;
    const size_t begin{m_offsets[2 * static_cast<size_t>(number)]};
    const size_t end{m_offsets[2 * static_cast<size_t>(number) + 1]};
    if (begin == PCRE2_UNSET) return std::nullopt;
    return m_text.substr(begin, end - begin);
}

} // namespace mpfuzz::observe
