#include <mpfuzz/peer/call_log.h>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>

namespace mpfuzz::peer {

base::Result<CallLog> CallLog::Open(const std::string& path)
{
    std::ofstream file{path, std::ios::app};
    if (!file) return base::Error{path + ": cannot be written: " + std::strerror(errno)};
    return CallLog{path, std::move(file)};
}

void CallLog::Write(const schema::Schema& schema, const ReceivedCall& call)
{
    nlohmann::ordered_json line{{"connection", call.connection}, {"object", call.object},
                                {"call", call.number},           {"method", schema.MethodName(call.method)},
                                {"arguments", call.arguments},   {"how", call.how}};
    if (!call.results.empty()) line["results"] = call.results;
    m_file << line.dump() + '\n' << std::flush;
}

base::Status CallLog::Check() const
{
    if (m_file) return base::Ok();
    return base::Error{m_path + ": not all calls could be written: see whether the disk is full"};
}

} // namespace mpfuzz::peer
