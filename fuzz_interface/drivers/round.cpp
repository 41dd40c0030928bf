#include <fuzz_interface/drivers/round.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// As much as a reader wants to go back.
constexpr size_t HISTORY_LINES{100};

struct Answer {
    enum class Kind { VALUE, ERROR, FOREIGN };

    Kind kind{Kind::VALUE};
    uint64_t value{0};
    std::string error;
};

Answer Make(const std::function<uint64_t()>& work)
{
    try {
        return {.value = work()};
    } catch (const std::exception& error) {
        return {.kind = Answer::Kind::ERROR, .error = error.what()};
    } catch (...) {
        return {.kind = Answer::Kind::FOREIGN, .error = "no std::exception"};
    }
}

std::string Print(const Answer& answer)
{
    if (answer.kind == Answer::Kind::VALUE) return std::to_string(static_cast<int64_t>(answer.value));
    return "thrown: " + answer.error.substr(0, 200);
}

//! What it should have been; empty where it is.
std::string Complain(const Step& step, const Answer& answer)
{
    const auto print{[](uint64_t value) { return std::to_string(static_cast<int64_t>(value)); }};
    switch (answer.kind) {
    case Answer::Kind::FOREIGN: return "an exception derived from std::exception";
    case Answer::Kind::ERROR: return step.ending != Step::Ending::VALUE ? "" : "a value, " + print(step.low);
    case Answer::Kind::VALUE: break;
    }
    if (step.ending == Step::Ending::ERROR) return "an exception";
    if (answer.value >= step.low && answer.value <= step.high) return "";
    return print(step.low) + (step.low == step.high ? "" : " to " + print(step.high));
}

//! "Visit" of "o1.Visit(5)" and of "o2 = o1.Visit(5)".
std::string MethodOf(const std::string& text)
{
    const size_t end{std::min(text.find('('), text.size())};
    const size_t begin{text.find_last_of(". ", end)};
    return begin == std::string::npos ? text.substr(0, end) : text.substr(begin + 1, end - begin - 1);
}

} // namespace

std::optional<Failure> Rounds::Run(std::vector<Step> steps)
{
    CHECK(steps.size() <= HANDS);
    std::vector<std::shared_ptr<Answer>> answers;
    for (size_t i{0}; i < steps.size(); ++i) {
        answers.push_back(std::make_shared<Answer>());
        if (steps[i].text.empty()) continue;
        m_hands[i].Start([work = std::move(steps[i].work), answer = answers[i]] { *answer = Make(work); });
    }
    for (size_t i{0}; i < steps.size(); ++i) {
        if (m_hands[i].Wait(m_deadline)) continue;
        m_hung.push_back(i);
        m_history.push_back(steps[i].text + " → nothing");
    }
    if (!m_hung.empty()) return Fail("no end of it within " + std::to_string(m_deadline.count()) + " ms");
    const bool together{steps.size() > 1};
    for (size_t i{0}; i < steps.size(); ++i) {
        if (steps[i].text.empty()) continue;
        m_history.push_back((together ? "| " : "  ") + steps[i].text + " → " + Print(*answers[i]));
        if (m_history.size() > HISTORY_LINES) m_history.erase(m_history.begin());
        const std::string expected{Complain(steps[i], *answers[i])};
        if (!expected.empty()) {
            return Fail(MethodOf(steps[i].text) + " did not do what it should\n" + steps[i].text + ": expected " +
                        expected + ", got " + Print(*answers[i]));
        }
        if (steps[i].learn) steps[i].learn(steps[i], answers[i]->kind == Answer::Kind::VALUE);
    }
    return std::nullopt;
}

void Rounds::Abandon(const std::shared_ptr<void>& owner)
{
    for (const size_t i : m_hung) m_hands[i].Abandon(owner);
}

Failure Rounds::Fail(const std::string& what) const
{
    std::string text{what + "\nwhat led there (| at the same time):\n"};
    for (const std::string& line : m_history) text += line + "\n";
    return {text};
}

} // namespace mpfuzz::fuzz_interface
