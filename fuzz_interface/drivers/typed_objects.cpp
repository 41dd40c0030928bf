// Objects, made, visited and dropped by one client: an object graph in full is not for here.
#include <fuzz_interface/drivers/outcome.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/typed_methods.h>
#include <fuzz_interface/interface/transform.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace mpfuzz::fuzz_interface {

namespace {

//! Of the client.
class OwnObject final : public FuzzObject
{
public:
    explicit OwnObject(int32_t id) : m_id{id} {}

    int32_t id() override { return m_id; }
    uint64_t visit(uint64_t token) override { return m_last = NextVisit(m_id, m_last, token); }
    std::unique_ptr<FuzzObject> makeChild(int32_t id) override { return std::make_unique<OwnObject>(id); }

private:
    const int32_t m_id;
    uint64_t m_last{0};
};

//! An object's id, and what its visits returned.
using History = std::vector<uint64_t>;
using Visit = std::function<uint64_t(FuzzObject& object, uint64_t token)>;

History HistoryOf(FuzzObject& object, const std::vector<uint64_t>& tokens, const Visit& visit)
{
    History history{static_cast<uint32_t>(object.id())};
    for (const uint64_t token : tokens) history.push_back(visit(object, token));
    return history;
}

uint64_t VisitIt(FuzzObject& object, uint64_t token) { return object.visit(token); }

History ExpectedHistory(int32_t id, const std::vector<uint64_t>& tokens)
{
    OwnObject object{id};
    return HistoryOf(object, tokens, VisitIt);
}

//! Enough for an order to be lost.
std::vector<uint64_t> Tokens(Choices& choices)
{
    std::vector<uint64_t> tokens(3);
    for (uint64_t& token : tokens) token = choices.Bits<uint64_t>();
    Fill(choices, tokens);
    return tokens;
}

template<typename T>
std::optional<Mismatch> CompareHistories(std::string_view method, int32_t id, const std::vector<uint64_t>& tokens,
                                         const T& run)
{
    return Compare<std::tuple<int32_t, std::vector<uint64_t>>, History>(method, {id, tokens},
                                                                        ExpectedHistory(id, tokens), Try(run));
}

} // namespace

std::optional<Mismatch> DriveOwnObject(Session& session, std::string_view method)
{
    const auto id{Random<int32_t>(session.choices)};
    const auto tokens{Tokens(session.choices)};
    OwnObject object{id};
    return CompareHistories(method, id, tokens, [&] {
        return HistoryOf(object, tokens, [&](FuzzObject& visited, uint64_t token) {
            return session.remote.visitObject(visited, token);
        });
    });
}

std::optional<Mismatch> DriveMadeObject(Session& session, std::string_view method)
{
    const auto id{Random<int32_t>(session.choices)};
    const auto tokens{Tokens(session.choices)};
    return CompareHistories(method, id, tokens, [&] {
        const auto object{session.remote.makeObject(id)};
        bool in_person{false};
        return HistoryOf(*object, tokens, [&](FuzzObject& visited, uint64_t token) {
            in_person = !in_person;
            return in_person ? visited.visit(token) : session.remote.visitObject(visited, token);
        });
    });
}

std::optional<Mismatch> DriveChild(Session& session, std::string_view method)
{
    const auto id{Random<int32_t>(session.choices)};
    const auto tokens{Tokens(session.choices)};
    return CompareHistories(method, id, tokens, [&] {
        auto parent{session.remote.makeObject(~id)};
        const auto child{parent->makeChild(id)};
        parent.reset();
        return HistoryOf(*child, tokens, VisitIt);
    });
}

std::optional<Mismatch> DriveLiveObjects(Session& session, std::string_view method)
{
    constexpr int32_t HELD{2};
    const auto id{Random<int32_t>(session.choices)};
    const auto got{Try([&] {
        const auto first{session.remote.makeObject(id)};
        const auto second{first->makeChild(id)};
        second->makeChild(id).reset();
        // Other clients may have some, too.
        return std::min(session.remote.liveObjects(), HELD);
    })};
    return Compare<int32_t, int32_t>(method, id, HELD, got);
}

} // namespace mpfuzz::fuzz_interface
