// Methods that make, visit and destroy objects, with one client. (The object driver uses several clients, and objects
// that live longer.)
#include <fuzz_interface/drivers/client_objects.h>
#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/drivers/random_values.h>
#include <fuzz_interface/drivers/typed_methods.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace mpfuzz::fuzz_interface {

namespace {

//! An object's id, and the results of its visits.
using History = std::vector<uint64_t>;
using Visit = std::function<uint64_t(FuzzObject& object, uint64_t token)>;

History HistoryOf(FuzzObject& object, const std::vector<uint64_t>& tokens, const Visit& visit)
{
    History history{static_cast<uint32_t>(object.id())};
    for (const uint64_t token : tokens) history.push_back(visit(object, token));
    return history;
}

uint64_t VisitDirectly(FuzzObject& object, uint64_t token) { return object.visit(token); }

History ExpectedHistory(int32_t id, const std::vector<uint64_t>& tokens)
{
    ClientObject object{id};
    return HistoryOf(object, tokens, VisitDirectly);
}

//! At least three tokens, so that a wrong order is noticed.
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
    ClientObject object{id};
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
        bool direct{false};
        return HistoryOf(*object, tokens, [&](FuzzObject& visited, uint64_t token) {
            direct = !direct;
            return direct ? visited.visit(token) : session.remote.visitObject(visited, token);
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
        return HistoryOf(*child, tokens, VisitDirectly);
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
        // Other clients may have objects as well.
        return std::min(session.remote.liveObjects(), HELD);
    })};
    return Compare<int32_t, int32_t>(method, id, HELD, got);
}

} // namespace mpfuzz::fuzz_interface
