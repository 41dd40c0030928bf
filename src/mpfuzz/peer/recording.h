#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace mpfuzz::peer {

//! An object that the recorded client served.
struct RecordedObject {
    std::optional<uint32_t> interface;                        //!< nullopt if neither the schema nor a call shows it
    std::map<schema::MethodRef, program::Reaction> reactions; //!< the first answer to each method
    std::optional<program::CapabilityRef> alias;              //!< if it was a promise: what it resolved to
    bool broken{false};                                       //!< it was a promise that resolved to an exception
};

//! The steps of a connection in the order of its messages. Text converts them to a program.
//!
//! References use the index that Add returned for a step. The function Object returns the value that represents an
//! object of the client. What a program cannot express is left out and counted.
class Recording
{
public:
    explicit Recording(const schema::Schema& schema) : m_schema{schema} {}

    //! @return The step's index; nullopt if there are MAX_STEPS steps already.
    std::optional<program::StepIndex> Add(program::Step step);
    const program::Program& Raw() const { return m_raw; }
    void DropTrailingDrops();

    uint32_t AddObject();
    RecordedObject& GetObject(uint32_t object) { return m_objects.at(object); }
    static program::Value Object(uint32_t object);

    //! Count something that the program cannot express.
    void Note(const std::string& what, size_t times = 1);

    //! The program's text, with a comment for each note and its count. It can be parsed strictly.
    std::string Text() const;

private:
    friend class Assembler;

    const schema::Schema& m_schema;
    program::Program m_raw;
    std::vector<RecordedObject> m_objects;
    std::map<std::string, size_t> m_notes;
};

//! A directory of recorded programs with one file for each connection: connection-0000.mpf and so on. Existing files
//! are not overwritten.
class RecordingDirectory
{
public:
    //! Creates the directory if it does not exist.
    static base::Result<RecordingDirectory> Open(const std::string& directory);

    //! @return The file's path, or an error if it cannot be written.
    base::Result<std::string> Write(const std::string& program);

private:
    explicit RecordingDirectory(std::string directory) : m_directory{std::move(directory)} {}

    std::string m_directory;
    size_t m_next{0};
};

} // namespace mpfuzz::peer
