#include <fuzz_interface/drivers/graph.h>

#include <fuzz_interface/drivers/random_values.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// Guesses, unmeasured.
constexpr size_t MAX_LINKS{3};
constexpr size_t MAX_OBJECTS{12};

enum class Kind {
    VISIT,
    MAKE_OBJECT,
    MAKE_CHILD,
    ID,
    DESTROY,
    THROUGH,
    OWN,
    STORE,
    CALL_STORED,
    FORGET,
    CONNECT,
    CLOSE
};

//! Guesses, unmeasured. The first is what is left when the choices run out.
constexpr std::array KINDS{Kind::VISIT,       Kind::VISIT,       Kind::VISIT,       Kind::VISIT,      Kind::VISIT,
                           Kind::MAKE_OBJECT, Kind::MAKE_OBJECT, Kind::MAKE_OBJECT, Kind::MAKE_CHILD, Kind::MAKE_CHILD,
                           Kind::ID,          Kind::DESTROY,     Kind::DESTROY,     Kind::THROUGH,    Kind::THROUGH,
                           Kind::OWN,         Kind::STORE,       Kind::STORE,       Kind::FORGET,     Kind::CONNECT,
                           Kind::CALL_STORED, Kind::CALL_STORED, Kind::CALL_STORED, Kind::CLOSE};

constexpr bool NeedsObject(Kind kind)
{
    return kind == Kind::VISIT || kind == Kind::MAKE_CHILD || kind == Kind::ID || kind == Kind::DESTROY ||
           kind == Kind::THROUGH;
}

uint64_t AsAnswer(int64_t value) { return static_cast<uint64_t>(value); }

std::string Call(const std::string& target, const std::string& method, int64_t argument)
{
    return target + "." + method + "(" + std::to_string(argument) + ")";
}

Step::Ending EndingOn(const Link& link) { return link.open ? Step::Ending::VALUE : Step::Ending::ERROR; }

} // namespace

Step Graph::Choose(size_t hand)
{
    Kind kind{m_choices.Pick(KINDS)};
    if (NeedsObject(kind) && m_objects.empty()) kind = Kind::MAKE_OBJECT;
    if ((kind == Kind::MAKE_OBJECT || kind == Kind::MAKE_CHILD) && m_objects.size() >= MAX_OBJECTS)
        kind = Kind::DESTROY;
    if (kind == Kind::CONNECT && m_links.size() >= MAX_LINKS) kind = Kind::CLOSE;
    if (m_links.empty()) kind = Kind::CONNECT;
    if (kind == Kind::CONNECT) return Connect();
    if (kind == Kind::VISIT) return Visit(m_choices.Pick(m_objects));
    if (kind == Kind::MAKE_CHILD) return MakeChild(m_choices.Pick(m_objects));
    if (kind == Kind::ID) return Id(m_choices.Pick(m_objects));
    if (kind == Kind::DESTROY) return Destroy(m_choices.Pick(m_objects));

    const auto& link{m_choices.Pick(m_links)};
    if (kind == Kind::CLOSE) return Close(link);
    if (kind == Kind::MAKE_OBJECT) return MakeObject(link, hand);
    if (kind == Kind::THROUGH) return VisitThrough(link, hand, m_choices.Pick(m_objects));
    if (kind == Kind::OWN) return VisitOwn(link, hand);
    const auto slot{static_cast<int32_t>(m_choices.Below(SLOTS))};
    if (kind == Kind::STORE) return Store(link, hand, slot);
    if (kind == Kind::FORGET) return Forget(link, hand, slot);
    return CallStored(link, hand, slot);
}

Step Graph::Connect()
{
    auto link{std::make_shared<Link>()};
    link->name = "c" + std::to_string(++m_links_made);
    return {.text = link->name + " = Connect()",
            .work =
                [link, connect = m_connect] {
                    link->init = connect();
                    for (auto& fuzz : link->fuzz) fuzz = link->init->makeFuzz();
                    return uint64_t{0};
                },
            .learn = [this, link](const Step&, bool) { m_links.push_back(link); }};
}

Step Graph::Close(std::shared_ptr<Link> link)
{
    return {.text = link->name + ".Close()",
            .work = [link] { return link->init.reset(), uint64_t{0}; },
            .links = {link},
            .closes = true,
            .changes = {link.get()},
            .learn =
                [this, link](const Step&, bool) {
                    link->open = false;
                    std::erase(m_links, link);
                    m_orphans += static_cast<uint64_t>(std::ranges::count(m_objects, link, &Shadow::link));
                }};
}

Step Graph::MakeObject(const std::shared_ptr<Link>& link, size_t hand)
{
    auto object{NewShadow(link)};
    return {.text = object->name + " = " + Call(link->name, "MakeObject", object->id),
            .work =
                [object, hand] {
                    object->proxy = object->link->fuzz[hand]->makeObject(object->id);
                    return uint64_t{0};
                },
            .links = {link},
            .learn =
                [this, object](const Step&, bool returned) {
                    if (returned) m_objects.push_back(object);
                    if (!returned || !object->link->open) ++m_orphans;
                }};
}

Step Graph::MakeChild(const std::shared_ptr<Shadow>& parent)
{
    auto object{NewShadow(parent->link)};
    return {.text = object->name + " = " + Call(parent->name, "MakeChild", object->id),
            .work =
                [object, parent] {
                    object->proxy = parent->proxy->makeChild(object->id);
                    return uint64_t{0};
                },
            .ending = EndingOn(*parent->link),
            .links = {parent->link},
            .changes = {parent.get()},
            .learn =
                [this, object](const Step& step, bool returned) {
                    if (step.ending == Step::Ending::ERROR) return;
                    if (returned) m_objects.push_back(object);
                    if (!returned || !object->link->open) ++m_orphans;
                }};
}

Step Graph::Id(const std::shared_ptr<Shadow>& object)
{
    return {.text = object->name + ".Id()",
            .work = [object] { return AsAnswer(object->proxy->id()); },
            .ending = EndingOn(*object->link),
            .low = AsAnswer(object->id),
            .high = AsAnswer(object->id),
            .links = {object->link},
            .changes = {object.get()}};
}

Step Graph::Visit(const std::shared_ptr<Shadow>& object)
{
    const auto token{m_choices.Bits<uint64_t>()};
    const uint64_t next{NextVisit(object->id, object->last, token)};
    return {.text = Call(object->name, "Visit", static_cast<int64_t>(token)),
            .work = [object, token] { return object->proxy->visit(token); },
            .ending = EndingOn(*object->link),
            .low = next,
            .high = next,
            .links = {object->link},
            .changes = {object.get()},
            .learn = [object, next](const Step&, bool) { object->last = next; }};
}

Step Graph::VisitThrough(const std::shared_ptr<Link>& link, size_t hand, const std::shared_ptr<Shadow>& object)
{
    const auto token{m_choices.Bits<uint64_t>()};
    const uint64_t next{NextVisit(object->id, object->last, token)};
    return {.text = link->name + ".VisitObject(" + object->name + ", " + std::to_string(token) + ")",
            .work = [link, hand, object, token] { return link->fuzz[hand]->visitObject(*object->proxy, token); },
            .ending = EndingOn(*object->link),
            .low = next,
            .high = next,
            .changes = {object.get()},
            // Nobody closes them meanwhile: whether an object has been visited must be known where it stays.
            .reads = {link.get(), object->link.get()},
            .learn = [object, next](const Step&, bool) { object->last = next; }};
}

//! Twice, and then the object is gone at once.
Step Graph::VisitOwn(const std::shared_ptr<Link>& link, size_t hand)
{
    const int32_t id{ChooseId()};
    const auto first{m_choices.Bits<uint64_t>()};
    const auto second{m_choices.Bits<uint64_t>()};
    const uint64_t last{NextVisit(id, NextVisit(id, 0, first), second)};
    return {.text = link->name + ".VisitObject(own " + std::to_string(id) + ") twice",
            .work =
                [link, hand, id, first, second] {
                    OwnObject own{id};
                    link->fuzz[hand]->visitObject(own, first);
                    return link->fuzz[hand]->visitObject(own, second);
                },
            .low = last,
            .high = last,
            .links = {link}};
}

Step Graph::Destroy(std::shared_ptr<Shadow> object)
{
    return {.text = object->name + ".Destroy()",
            .work = [object] { return object->proxy.reset(), uint64_t{0}; },
            .links = {object->link},
            .changes = {object.get()},
            .learn =
                [this, object](const Step& step, bool) {
                    std::erase(m_objects, object);
                    if (step.ending == Step::Ending::EITHER) ++m_orphans;
                }};
}

Step Graph::Store(const std::shared_ptr<Link>& link, size_t hand, int32_t slot)
{
    auto callback{std::make_shared<KeyedCallback>(++m_keys_made)};
    m_callbacks.push_back(callback);
    Slot& place{m_slots[static_cast<size_t>(slot)]};
    return {.text = Call(link->name, "Store", slot) + " of callback " + std::to_string(m_keys_made),
            .work =
                [link, hand, slot, callback]() mutable {
                    link->fuzz[hand]->store(slot, std::move(callback));
                    return uint64_t{0};
                },
            .links = {link},
            .changes = {&place},
            // Nor whether a callback has been stored.
            .reads = {link.get()},
            .learn = [&place, link, key = m_keys_made](const Step&, bool) { place = {.link = link, .key = key}; }};
}

Step Graph::CallStored(const std::shared_ptr<Link>& link, size_t hand, int32_t slot)
{
    const auto value{Random<int32_t>(m_choices)};
    const Slot& place{m_slots[static_cast<size_t>(slot)]};
    const uint64_t answer{AsAnswer(PassOn(KeyedCallback::Answer(place.key, value)))};
    Step step{.text = link->name + ".CallStored(" + std::to_string(slot) + ", " + std::to_string(value) + ")",
              .work = [link, hand, slot, value] { return AsAnswer(link->fuzz[hand]->callStored(slot, value)); },
              .ending = place.link && place.link->open ? Step::Ending::VALUE : Step::Ending::ERROR,
              .low = answer,
              .high = answer,
              .links = {link},
              .reads = {&place}};
    if (place.link) step.links.push_back(place.link);
    return step;
}

Step Graph::Forget(const std::shared_ptr<Link>& link, size_t hand, int32_t slot)
{
    Slot& place{m_slots[static_cast<size_t>(slot)]};
    const uint64_t was_there{place.link ? uint64_t{1} : uint64_t{0}};
    return {.text = Call(link->name, "Forget", slot),
            .work = [link, hand, slot] { return AsAnswer(link->fuzz[hand]->forget(slot) ? 1 : 0); },
            .low = was_there,
            .high = was_there,
            .links = {link},
            .changes = {&place},
            .reads = {link.get()},
            .learn = [&place](const Step&, bool) { place = {}; }};
}

Step Graph::LiveObjects(const std::shared_ptr<Link>& link, size_t hand)
{
    const auto open{std::ranges::count_if(m_objects, [](const auto& object) { return object->link->open; })};
    return {.text = link->name + ".LiveObjects()",
            .work = [link, hand] { return AsAnswer(link->fuzz[hand]->liveObjects()); },
            .low = static_cast<uint64_t>(open),
            .high = static_cast<uint64_t>(open) + m_orphans,
            .links = {link}};
}

size_t Graph::HeldCallbacks() const
{
    return static_cast<size_t>(std::ranges::count_if(m_callbacks, [](const auto& c) { return !c.expired(); }));
}

std::shared_ptr<Shadow> Graph::NewShadow(std::shared_ptr<Link> link)
{
    auto object{std::make_shared<Shadow>()};
    object->name = "o" + std::to_string(++m_objects_made);
    object->id = ChooseId();
    object->link = std::move(link);
    return object;
}

//! Few different ones would let a wrong object pass for the right one.
int32_t Graph::ChooseId() { return Random<int32_t>(m_choices); }

} // namespace mpfuzz::fuzz_interface
