#pragma once

#include <mpfuzz/program/program.h>

#include <map>
#include <optional>
#include <string>

namespace mpfuzz::peer {

//! An object that the recorded client served.
struct RecordedObject {
    std::optional<uint32_t> interface;                        //!< where its place or a call on it tells
    std::map<schema::MethodRef, program::Reaction> reactions; //!< the first answer to each method
    std::optional<program::CapabilityRef> alias;              //!< it was a promise, and has become this
    bool broken{false};                                       //!< it was a promise, and has become an exception
};

//! Steps as they were seen on the wire, and the program that they make.
//!
//! References name steps by the index that Add gave them. In place of an object of the client's stands Object(…) until
//! the program is assembled. What cannot be said in a program is left out and counted.
class Recording
{
public:
    explicit Recording(const schema::Schema& schema) : m_schema{schema} {}

    //! @return The step's index; nothing once there are MAX_STEPS.
    std::optional<program::StepIndex> Add(program::Step step);
    const program::Program& Raw() const { return m_raw; }
    void DropTrailingDrops();

    uint32_t AddObject();
    RecordedObject& GetObject(uint32_t object) { return m_objects.at(object); }
    static program::Value Object(uint32_t object);

    //! Count something that the program does not say.
    void Note(const std::string& what, size_t times = 1);

    //! The program as a text, with a comment for each sort of note. It parses strictly.
    std::string Text() const;

private:
    friend class Assembler;

    const schema::Schema& m_schema;
    program::Program m_raw;
    std::vector<RecordedObject> m_objects;
    std::map<std::string, size_t> m_notes;
};

} // namespace mpfuzz::peer
