// Objects that a client passes to the server. Their answers show whether the server called the right object.
#pragma once

#include <fuzz_interface/interface/interface.h>
#include <fuzz_interface/interface/transform.h>

#include <cstdint>
#include <memory>

namespace mpfuzz::fuzz_interface {

//! An object with the same answers as the server's objects.
class ClientObject final : public FuzzObject
{
public:
    explicit ClientObject(int32_t id) : m_id{id} {}

    int32_t id() override { return m_id; }
    uint64_t visit(uint64_t token) override { return m_last = NextVisit(m_id, m_last, token); }
    std::unique_ptr<FuzzObject> makeChild(int32_t id) override { return std::make_unique<ClientObject>(id); }

private:
    int32_t m_id;
    uint64_t m_last{0};
};

//! A callback whose answers depend on its key.
class KeyedCallback final : public FuzzCallback
{
public:
    explicit KeyedCallback(int32_t key) : m_key{key} {}

    int32_t call(int32_t value) override { return Answer(m_key, value); }
    int32_t recurse(int32_t value, int32_t) override { return value; }

    //! The answer of the callback with this key.
    static int32_t Answer(int32_t key, int32_t value) { return value ^ key; }

private:
    int32_t m_key;
};

} // namespace mpfuzz::fuzz_interface
