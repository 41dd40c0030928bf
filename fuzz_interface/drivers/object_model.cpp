#include <fuzz_interface/drivers/object_model.h>

#include <fuzz_interface/drivers/random_values.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// Guesses, unmeasured.
constexpr size_t MAX_CONNECTIONS{3};
constexpr size_t MAX_OBJECTS{12};

enum class Kind {
    VISIT,
    MAKE_OBJECT,
    MAKE_CHILD,
    ID,
    DESTROY,
    SERVER_VISIT,
    CLIENT_VISIT,
    STORE,
    CALL_STORED,
    FORGET,
    CONNECT,
    CLOSE
};

//! Weights are guesses, unmeasured. If the choices are exhausted, the first kind is always chosen.
constexpr std::array KINDS{
    Kind::VISIT,       Kind::VISIT,        Kind::VISIT,        Kind::VISIT,        Kind::VISIT,       Kind::MAKE_OBJECT,
    Kind::MAKE_OBJECT, Kind::MAKE_OBJECT,  Kind::MAKE_CHILD,   Kind::MAKE_CHILD,   Kind::ID,          Kind::DESTROY,
    Kind::DESTROY,     Kind::SERVER_VISIT, Kind::SERVER_VISIT, Kind::CLIENT_VISIT, Kind::STORE,       Kind::STORE,
    Kind::FORGET,      Kind::CONNECT,      Kind::CALL_STORED,  Kind::CALL_STORED,  Kind::CALL_STORED, Kind::CLOSE};

constexpr bool NeedsObject(Kind kind)
{
    return kind == Kind::VISIT || kind == Kind::MAKE_CHILD || kind == Kind::ID || kind == Kind::DESTROY ||
           kind == Kind::SERVER_VISIT;
}

uint64_t ToResult(int64_t value) { return static_cast<uint64_t>(value); }

std::string CallText(const std::string& target, const std::string& method, int64_t argument)
{
    return target + "." + method + "(" + std::to_string(argument) + ")";
}

PlannedCall::Ending EndingOn(const ModelConnection& connection)
{
    return connection.open ? PlannedCall::Ending::VALUE : PlannedCall::Ending::EXCEPTION;
}

} // namespace

PlannedCall ObjectModel::Choose(size_t thread)
{
    Kind kind{m_choices.Pick(KINDS)};
    if (NeedsObject(kind) && m_objects.empty()) kind = Kind::MAKE_OBJECT;
    if ((kind == Kind::MAKE_OBJECT || kind == Kind::MAKE_CHILD) && m_objects.size() >= MAX_OBJECTS)
        kind = Kind::DESTROY;
    if (kind == Kind::CONNECT && m_connections.size() >= MAX_CONNECTIONS) kind = Kind::CLOSE;
    if (m_connections.empty()) kind = Kind::CONNECT;
    if (kind == Kind::CONNECT) return Connect();
    if (kind == Kind::VISIT) return Visit(m_choices.Pick(m_objects));
    if (kind == Kind::MAKE_CHILD) return MakeChild(m_choices.Pick(m_objects));
    if (kind == Kind::ID) return Id(m_choices.Pick(m_objects));
    if (kind == Kind::DESTROY) return Destroy(m_choices.Pick(m_objects));

    const auto& connection{m_choices.Pick(m_connections)};
    if (kind == Kind::CLOSE) return Close(connection);
    if (kind == Kind::MAKE_OBJECT) return MakeObject(connection, thread);
    if (kind == Kind::SERVER_VISIT) return VisitServerObject(connection, thread, m_choices.Pick(m_objects));
    if (kind == Kind::CLIENT_VISIT) return VisitClientObject(connection, thread);
    const auto slot{static_cast<int32_t>(m_choices.Below(SLOTS))};
    if (kind == Kind::STORE) return Store(connection, thread, slot);
    if (kind == Kind::FORGET) return Forget(connection, thread, slot);
    return CallStored(connection, thread, slot);
}

PlannedCall ObjectModel::Connect()
{
    auto connection{std::make_shared<ModelConnection>()};
    connection->name = "c" + std::to_string(++m_connections_made);
    return {.text = connection->name + " = Connect()",
            .work =
                [connection, connect = m_connect] {
                    connection->init = connect();
                    for (auto& fuzz : connection->fuzz) fuzz = connection->init->makeFuzz();
                    return uint64_t{0};
                },
            .update = [this, connection](const PlannedCall&, bool) { m_connections.push_back(connection); }};
}

PlannedCall ObjectModel::Close(std::shared_ptr<ModelConnection> connection)
{
    return {.text = connection->name + ".Close()",
            .work = [connection] { return connection->init.reset(), uint64_t{0}; },
            .connections = {connection},
            .closes = true,
            .changes = {connection.get()},
            .update =
                [this, connection](const PlannedCall&, bool) {
                    connection->open = false;
                    std::erase(m_connections, connection);
                    m_orphans +=
                        static_cast<uint64_t>(std::ranges::count(m_objects, connection, &ModelObject::connection));
                }};
}

PlannedCall ObjectModel::MakeObject(const std::shared_ptr<ModelConnection>& connection, size_t thread)
{
    auto object{NewObject(connection)};
    return {.text = object->name + " = " + CallText(connection->name, "MakeObject", object->id),
            .work =
                [object, thread] {
                    object->proxy = object->connection->fuzz[thread]->makeObject(object->id);
                    return uint64_t{0};
                },
            .connections = {connection},
            .update =
                [this, object](const PlannedCall&, bool returned) {
                    if (returned) m_objects.push_back(object);
                    if (!returned || !object->connection->open) ++m_orphans;
                }};
}

PlannedCall ObjectModel::MakeChild(const std::shared_ptr<ModelObject>& parent)
{
    auto object{NewObject(parent->connection)};
    return {.text = object->name + " = " + CallText(parent->name, "MakeChild", object->id),
            .work =
                [object, parent] {
                    object->proxy = parent->proxy->makeChild(object->id);
                    return uint64_t{0};
                },
            .ending = EndingOn(*parent->connection),
            .connections = {parent->connection},
            .changes = {parent.get()},
            .update =
                [this, object](const PlannedCall& call, bool returned) {
                    if (call.ending == PlannedCall::Ending::EXCEPTION) return;
                    if (returned) m_objects.push_back(object);
                    if (!returned || !object->connection->open) ++m_orphans;
                }};
}

PlannedCall ObjectModel::Id(const std::shared_ptr<ModelObject>& object)
{
    return {.text = object->name + ".Id()",
            .work = [object] { return ToResult(object->proxy->id()); },
            .ending = EndingOn(*object->connection),
            .low = ToResult(object->id),
            .high = ToResult(object->id),
            .connections = {object->connection},
            .changes = {object.get()}};
}

PlannedCall ObjectModel::Visit(const std::shared_ptr<ModelObject>& object)
{
    const auto token{m_choices.Bits<uint64_t>()};
    const uint64_t next{NextVisit(object->id, object->last, token)};
    return {.text = CallText(object->name, "Visit", static_cast<int64_t>(token)),
            .work = [object, token] { return object->proxy->visit(token); },
            .ending = EndingOn(*object->connection),
            .low = next,
            .high = next,
            .connections = {object->connection},
            .changes = {object.get()},
            .update = [object, next](const PlannedCall&, bool) { object->last = next; }};
}

PlannedCall ObjectModel::VisitServerObject(const std::shared_ptr<ModelConnection>& connection, size_t thread,
                                           const std::shared_ptr<ModelObject>& object)
{
    const auto token{m_choices.Bits<uint64_t>()};
    const uint64_t next{NextVisit(object->id, object->last, token)};
    return {.text = connection->name + ".VisitObject(" + object->name + ", " + std::to_string(token) + ")",
            .work = [connection, thread, object,
                     token] { return connection->fuzz[thread]->visitObject(*object->proxy, token); },
            .ending = EndingOn(*object->connection),
            .low = next,
            .high = next,
            .changes = {object.get()},
            // No concurrent call may close one of these connections: otherwise we could not know whether the object was
            // visited.
            .reads = {connection.get(), object->connection.get()},
            .update = [object, next](const PlannedCall&, bool) { object->last = next; }};
}

//! Two visits. The client destroys the object right after them.
PlannedCall ObjectModel::VisitClientObject(const std::shared_ptr<ModelConnection>& connection, size_t thread)
{
    const int32_t id{Random<int32_t>(m_choices)};
    const auto first{m_choices.Bits<uint64_t>()};
    const auto second{m_choices.Bits<uint64_t>()};
    const uint64_t last{NextVisit(id, NextVisit(id, 0, first), second)};
    return {.text = connection->name + ".VisitObject(client object " + std::to_string(id) + ") twice",
            .work =
                [connection, thread, id, first, second] {
                    ClientObject object{id};
                    connection->fuzz[thread]->visitObject(object, first);
                    return connection->fuzz[thread]->visitObject(object, second);
                },
            .low = last,
            .high = last,
            .connections = {connection}};
}

PlannedCall ObjectModel::Destroy(std::shared_ptr<ModelObject> object)
{
    return {.text = object->name + ".Destroy()",
            .work = [object] { return object->proxy.reset(), uint64_t{0}; },
            .connections = {object->connection},
            .changes = {object.get()},
            .update =
                [this, object](const PlannedCall& call, bool) {
                    std::erase(m_objects, object);
                    if (call.ending == PlannedCall::Ending::EITHER) ++m_orphans;
                }};
}

PlannedCall ObjectModel::Store(const std::shared_ptr<ModelConnection>& connection, size_t thread, int32_t slot)
{
    auto callback{std::make_shared<KeyedCallback>(++m_keys_made)};
    m_callbacks.push_back(callback);
    ModelSlot& model_slot{m_slots[static_cast<size_t>(slot)]};
    return {.text = CallText(connection->name, "Store", slot) + " of callback " + std::to_string(m_keys_made),
            .work =
                [connection, thread, slot, callback]() mutable {
                    connection->fuzz[thread]->store(slot, std::move(callback));
                    return uint64_t{0};
                },
            .connections = {connection},
            .changes = {&model_slot},
            // No concurrent call may close it: otherwise we could not know whether the callback was stored.
            .reads = {connection.get()},
            .update = [&model_slot, connection, key = m_keys_made](
                          const PlannedCall&, bool) { model_slot = {.connection = connection, .key = key}; }};
}

PlannedCall ObjectModel::CallStored(const std::shared_ptr<ModelConnection>& connection, size_t thread, int32_t slot)
{
    const auto value{Random<int32_t>(m_choices)};
    const ModelSlot& model_slot{m_slots[static_cast<size_t>(slot)]};
    const uint64_t answer{ToResult(PassOn(KeyedCallback::Answer(model_slot.key, value)))};
    PlannedCall call{.text =
                         connection->name + ".CallStored(" + std::to_string(slot) + ", " + std::to_string(value) + ")",
                     .work = [connection, thread, slot,
                              value] { return ToResult(connection->fuzz[thread]->callStored(slot, value)); },
                     .ending = model_slot.connection && model_slot.connection->open ? PlannedCall::Ending::VALUE
                                                                                    : PlannedCall::Ending::EXCEPTION,
                     .low = answer,
                     .high = answer,
                     .connections = {connection},
                     .reads = {&model_slot}};
    if (model_slot.connection) call.connections.push_back(model_slot.connection);
    return call;
}

PlannedCall ObjectModel::Forget(const std::shared_ptr<ModelConnection>& connection, size_t thread, int32_t slot)
{
    ModelSlot& model_slot{m_slots[static_cast<size_t>(slot)]};
    const uint64_t was_stored{model_slot.connection ? uint64_t{1} : uint64_t{0}};
    return {.text = CallText(connection->name, "Forget", slot),
            .work = [connection, thread, slot] { return ToResult(connection->fuzz[thread]->forget(slot) ? 1 : 0); },
            .low = was_stored,
            .high = was_stored,
            .connections = {connection},
            .changes = {&model_slot},
            .reads = {connection.get()},
            .update = [&model_slot](const PlannedCall&, bool) { model_slot = {}; }};
}

PlannedCall ObjectModel::LiveObjects(const std::shared_ptr<ModelConnection>& connection, size_t thread)
{
    const auto open{std::ranges::count_if(m_objects, [](const auto& object) { return object->connection->open; })};
    return {.text = connection->name + ".LiveObjects()",
            .work = [connection, thread] { return ToResult(connection->fuzz[thread]->liveObjects()); },
            .low = static_cast<uint64_t>(open),
            .high = static_cast<uint64_t>(open) + m_orphans,
            .connections = {connection}};
}

size_t ObjectModel::HeldCallbacks() const
{
    return static_cast<size_t>(std::ranges::count_if(m_callbacks, [](const auto& c) { return !c.expired(); }));
}

std::shared_ptr<ModelObject> ObjectModel::NewObject(std::shared_ptr<ModelConnection> connection)
{
    auto object{std::make_shared<ModelObject>()};
    object->name = "o" + std::to_string(++m_objects_made);
    object->id = Random<int32_t>(m_choices);
    object->connection = std::move(connection);
    return object;
}

} // namespace mpfuzz::fuzz_interface
