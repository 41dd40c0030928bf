#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/round.h>
#include <fuzz_interface/drivers/shadow.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! The shadow graph: all connections, objects and slots, and the calls that can be made on them.
class Graph
{
public:
    Graph(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices)
        : m_connect{connect}, m_choices{choices}
    {
    }

    //! Some call that `hand` can make now.
    Step Choose(size_t hand);

    Step Connect();
    //! Close a connection, whatever is alive on it.
    Step Close(std::shared_ptr<Link> link);
    Step Destroy(std::shared_ptr<Shadow> object);
    Step Forget(const std::shared_ptr<Link>& link, size_t hand, int32_t slot);
    //! Between what must be alive, and what may be still.
    Step LiveObjects(const std::shared_ptr<Link>& link, size_t hand);

    //! What is there in the end.
    const std::vector<std::shared_ptr<Link>>& Links() const { return m_links; }
    const std::vector<std::shared_ptr<Shadow>>& Objects() const { return m_objects; }
    //! Callbacks that somebody still holds.
    size_t HeldCallbacks() const;

private:
    Step MakeObject(const std::shared_ptr<Link>& link, size_t hand);
    Step MakeChild(const std::shared_ptr<Shadow>& parent);
    Step Id(const std::shared_ptr<Shadow>& object);
    Step Visit(const std::shared_ptr<Shadow>& object);
    Step VisitThrough(const std::shared_ptr<Link>& link, size_t hand, const std::shared_ptr<Shadow>& object);
    Step VisitOwn(const std::shared_ptr<Link>& link, size_t hand);
    Step Store(const std::shared_ptr<Link>& link, size_t hand, int32_t slot);
    Step CallStored(const std::shared_ptr<Link>& link, size_t hand, int32_t slot);

    std::shared_ptr<Shadow> NewShadow(std::shared_ptr<Link> link);
    int32_t ChooseId();

    std::function<std::unique_ptr<FuzzInit>()> m_connect;
    Choices& m_choices;
    std::vector<std::shared_ptr<Link>> m_links; //!< those that are open
    std::vector<std::shared_ptr<Shadow>> m_objects;
    std::array<Slot, SLOTS> m_slots;
    std::vector<std::weak_ptr<KeyedCallback>> m_callbacks;
    uint64_t m_orphans{0}; //!< objects that their connection left behind, destroyed by now or not
    size_t m_links_made{0};
    size_t m_objects_made{0};
    int32_t m_keys_made{0};
};

} // namespace mpfuzz::fuzz_interface
