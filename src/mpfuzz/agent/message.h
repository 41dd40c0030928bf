#pragma once

// Agent side: writes one line to stderr without stdio. Only agent.cpp includes this file.

#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace mpfuzz::agent {

//! A line in a buffer of fixed size. Send() writes it with one system call. Text that does not fit is cut off.
class Message
{
public:
    Message& operator<<(const char* text)
    {
        while (*text) Append(*text++);
        return *this;
    }

    Message& operator<<(uint64_t number)
    {
        if (number >= 10) *this << number / 10;
        Append(static_cast<char>('0' + number % 10));
        return *this;
    }

    void Send()
    {
        m_text[m_size++] = '\n';
        [[maybe_unused]] const ssize_t written{write(STDERR_FILENO, m_text, m_size)};
    }

private:
    void Append(char c)
    {
        if (m_size + 1 < sizeof(m_text)) m_text[m_size++] = c;
    }

    char m_text[256]{};
    size_t m_size{0};
};

} // namespace mpfuzz::agent
