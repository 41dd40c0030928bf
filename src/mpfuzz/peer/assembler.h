#pragma once

#include <mpfuzz/peer/recording.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace mpfuzz::peer {

//! Step numbers from here on stand for objects of the client's.
inline constexpr program::StepIndex FIRST_OBJECT{1U << 31};

//! Makes a valid program of a recording: gives references their final numbers, puts the client's objects where they
//! are used (inside the one argument that names it, or in a step of its own), and leaves out what is not valid.
class Assembler
{
public:
    explicit Assembler(const Recording& recording) : m_recording{recording}, m_notes{recording.m_notes} {}

    program::Program Assemble();
    //! The recording's notes and those of the assembly.
    const std::map<std::string, size_t>& Notes() const { return m_notes; }

private:
    void CountUses();
    void Place(const program::Step& step);
    bool Rewrite(program::Connect&) { return true; }
    bool Rewrite(program::Bootstrap& step) { return Map(step.connection); }
    bool Rewrite(program::Call& step);
    bool Rewrite(program::Await& step) { return !step.call || Map(*step.call); }
    bool Rewrite(program::Cancel& step) { return Map(step.call); }
    bool Rewrite(program::Drop& step);
    bool Rewrite(program::Disconnect& step) { return Map(step.connection); }
    template<typename Other>
    bool Rewrite(Other&)
    {
        return false;
    }

    bool Map(program::StepIndex& step) const;
    void Rewrite(program::Value& value);
    program::Value Object(uint32_t object);
    program::ServedObject Served(uint32_t object);
    bool Push(program::Step step);

    const Recording& m_recording;
    std::map<std::string, size_t> m_notes;
    program::Program m_program;
    program::StepIndex m_current{0};                                //!< of the recording
    std::map<program::StepIndex, program::StepIndex> m_steps;       //!< of the recording, to the program's
    std::map<std::vector<uint32_t>, program::StepIndex> m_last_use; //!< of references, by step and path
    std::map<uint32_t, size_t> m_uses;                              //!< of objects, in the calls' arguments
    std::map<uint32_t, program::StepIndex> m_served;                //!< Serve steps of objects
    std::set<uint32_t> m_open;                                      //!< objects whose reactions are being written
};

} // namespace mpfuzz::peer
