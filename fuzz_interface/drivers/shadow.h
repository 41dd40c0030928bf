// What the shadow graph knows about: the proxies that it uses, and beside each the plain truth.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/interface/transform.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace mpfuzz::fuzz_interface {

inline constexpr size_t HANDS{3};

//! A connection.
struct Link {
    std::string name; //!< "c1"
    bool open{true};
    std::unique_ptr<FuzzInit> init;
    std::array<std::unique_ptr<FuzzInterface>, HANDS> fuzz; //!< one a hand
};

//! An object of the server's.
struct Shadow {
    std::string name; //!< "o1"
    int32_t id{0};
    uint64_t last{0}; //!< what its last visit returned
    std::shared_ptr<Link> link;
    std::unique_ptr<FuzzObject> proxy;
};

//! An object of the client's, with the same history.
class OwnObject final : public FuzzObject
{
public:
    explicit OwnObject(int32_t id) : m_id{id} {}

    int32_t id() override { return m_id; }
    uint64_t visit(uint64_t token) override { return m_last = NextVisit(m_id, m_last, token); }
    std::unique_ptr<FuzzObject> makeChild(int32_t id) override { return std::make_unique<OwnObject>(id); }

private:
    int32_t m_id;
    uint64_t m_last{0};
};

//! A callback that stays with the server; which one it is shows in its answer.
class KeyedCallback final : public FuzzCallback
{
public:
    explicit KeyedCallback(int32_t key) : m_key{key} {}

    int32_t call(int32_t value) override { return Answer(m_key, value); }
    int32_t recurse(int32_t value, int32_t) override { return value; }

    //! The number's bits, those of the key inverted.
    static int32_t Answer(int32_t key, int32_t value) { return value ^ key; }

private:
    int32_t m_key;
};

//! A slot for callbacks.
struct Slot {
    std::shared_ptr<Link> link; //!< the client's, which may have gone; null where the slot is empty
    int32_t key{0};
};

} // namespace mpfuzz::fuzz_interface
