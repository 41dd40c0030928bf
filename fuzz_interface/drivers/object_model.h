#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/client_objects.h>
#include <fuzz_interface/drivers/worker_thread.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! A connection to the server.
struct ModelConnection {
    std::string name; //!< "c1"
    bool open{true};
    std::unique_ptr<FuzzInit> init;
    std::array<std::unique_ptr<FuzzInterface>, MAX_CONCURRENT> fuzz; //!< one for each worker thread
};

//! An object in the server, and the state that it must have.
struct ModelObject {
    std::string name; //!< "o1"
    int32_t id{0};    //!< any number: if ids were often equal, a call on the wrong object could go unnoticed
    uint64_t last{0}; //!< the result of its last visit
    std::shared_ptr<ModelConnection> connection;
    std::unique_ptr<FuzzObject> proxy;
};

//! A slot of the server, in which clients store callbacks.
struct ModelSlot {
    std::shared_ptr<ModelConnection> connection; //!< over which the callback was stored, maybe closed; null: empty slot
    int32_t key{0};                              //!< of the callback
};

//! A model of the server's state: all connections, objects and slots. It chooses calls, and predicts how each must
//! end.
class ObjectModel
{
public:
    ObjectModel(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices)
        : m_connect{connect}, m_choices{choices}
    {
    }

    //! Some call that is possible now.
    //! @param thread  The number of the worker thread that will make it.
    PlannedCall Choose(size_t thread);

    PlannedCall Connect();
    //! Closes a connection. It may still have objects and unanswered calls.
    PlannedCall Close(std::shared_ptr<ModelConnection> connection);
    PlannedCall Destroy(std::shared_ptr<ModelObject> object);
    PlannedCall Forget(const std::shared_ptr<ModelConnection>& connection, size_t thread, int32_t slot);
    //! The result must be at least the number of objects in use, and at most that number plus the objects not released
    //! yet.
    PlannedCall LiveObjects(const std::shared_ptr<ModelConnection>& connection, size_t thread);

    //! The open connections.
    const std::vector<std::shared_ptr<ModelConnection>>& Connections() const { return m_connections; }
    const std::vector<std::shared_ptr<ModelObject>>& Objects() const { return m_objects; }
    //! The number of stored callbacks that are not destroyed yet.
    size_t HeldCallbacks() const;

private:
    PlannedCall MakeObject(const std::shared_ptr<ModelConnection>& connection, size_t thread);
    PlannedCall MakeChild(const std::shared_ptr<ModelObject>& parent);
    PlannedCall Id(const std::shared_ptr<ModelObject>& object);
    PlannedCall Visit(const std::shared_ptr<ModelObject>& object);
    PlannedCall VisitServerObject(const std::shared_ptr<ModelConnection>& connection, size_t thread,
                                  const std::shared_ptr<ModelObject>& object);
    PlannedCall VisitClientObject(const std::shared_ptr<ModelConnection>& connection, size_t thread);
    PlannedCall Store(const std::shared_ptr<ModelConnection>& connection, size_t thread, int32_t slot);
    PlannedCall CallStored(const std::shared_ptr<ModelConnection>& connection, size_t thread, int32_t slot);

    std::shared_ptr<ModelObject> NewObject(std::shared_ptr<ModelConnection> connection);

    std::function<std::unique_ptr<FuzzInit>()> m_connect;
    Choices& m_choices;
    std::vector<std::shared_ptr<ModelConnection>> m_connections; //!< those that are open
    std::vector<std::shared_ptr<ModelObject>> m_objects;
    std::array<ModelSlot, SLOTS> m_slots;
    std::vector<std::weak_ptr<KeyedCallback>> m_callbacks;
    uint64_t m_orphans{0}; //!< objects whose connection was closed; the server releases them at some later time
    size_t m_connections_made{0};
    size_t m_objects_made{0};
    int32_t m_keys_made{0};
};

} // namespace mpfuzz::fuzz_interface
