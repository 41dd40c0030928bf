#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/peer/stub.h>

#include <fstream>
#include <string>

namespace mpfuzz::peer {

//! The calls that a stub received, as JSON objects, one a line. A line is in the file before its answer is on its way.
//!
//! Keys: connection, object, call (numbers, see ReceivedCall), method (`Interface.method`), arguments, how, and, where
//! there were any, results.
class CallLog
{
public:
    //! Appends to a file. An error names it.
    static base::Result<CallLog> Open(const std::string& path);

    void Write(const schema::Schema& schema, const ReceivedCall& call);

    //! An error where a line could not be written.
    base::Status Check() const;

private:
    CallLog(std::string path, std::ofstream file) : m_path{std::move(path)}, m_file{std::move(file)} {}

    std::string m_path;
    std::ofstream m_file;
};

} // namespace mpfuzz::peer
