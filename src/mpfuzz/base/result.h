#pragma once

#include <mpfuzz/base/check.h>

#include <string>
#include <utility>
#include <variant>

namespace mpfuzz::base {

//! An error in the user's input. The message says what is wrong, where it is, and what to change.
struct Error {
    std::string message;
};

//! Either a value or an Error. Use it for bad input. A failure of the target is not an Error but an Outcome: see
//! trace/trace.h.
template<typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state{std::in_place_index<0>, std::move(value)} {}
    Result(Error error) : m_state{std::in_place_index<1>, std::move(error)} {}

    explicit operator bool() const { return m_state.index() == 0; }

    //! The value. CHECK fails if there is none.
    T& operator*()
    {
        CHECK(*this, Message());
        return std::get<0>(m_state);
    }
    const T& operator*() const
    {
        CHECK(*this, Message());
        return std::get<0>(m_state);
    }
    T* operator->() { return &**this; }
    const T* operator->() const { return &**this; }

    //! The error. CHECK fails if there is a value.
    const Error& GetError() const
    {
        CHECK(!*this);
        return std::get<1>(m_state);
    }

private:
    const std::string& Message() const
    {
        static const std::string NONE;
        return m_state.index() == 1 ? std::get<1>(m_state).message : NONE;
    }

    std::variant<T, Error> m_state;
};

//! A Result without a value.
using Status = Result<std::monostate>;

inline Status Ok() { return std::monostate{}; }

} // namespace mpfuzz::base
