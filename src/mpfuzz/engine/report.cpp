#include <mpfuzz/engine/report.h>

#include <nlohmann/json.hpp>

namespace mpfuzz::engine {
namespace {

using nlohmann::json;

json StatisticsToJson(const Statistics& statistics)
{
    json methods = json::array();
    for (const auto& [method, counts] : statistics.methods) {
        methods.push_back({method.interface, method.method, counts.calls, counts.answered, counts.exceptions,
                           counts.unanswered, counts.cancelled, counts.not_sent});
    }
    return {{"programs", statistics.programs}, {"restarts", statistics.restarts}, {"methods", std::move(methods)}};
}

Statistics StatisticsFromJson(const json& in)
{
    Statistics out{.programs = in.at("programs"), .restarts = in.at("restarts"), .methods = {}};
    for (const json& row : in.at("methods")) {
        const schema::MethodRef method{row.at(0), row.at(1)};
        out.methods[method] = {.calls = row.at(2),
                               .answered = row.at(3),
                               .exceptions = row.at(4),
                               .unanswered = row.at(5),
                               .cancelled = row.at(6),
                               .not_sent = row.at(7)};
    }
    return out;
}

json MutatorStatisticsToJson(const mutate::MutatorStatistics& statistics)
{
    json counts = json::array();
    for (const mutate::Count& c : statistics.counts)
        counts.push_back({c.tried, c.applied, c.productive, c.recent_applied, c.recent_productive});
    return counts;
}

mutate::MutatorStatistics MutatorStatisticsFromJson(const json& in)
{
    mutate::MutatorStatistics statistics;
    for (const json& c : in) statistics.counts.push_back({c.at(0), c.at(1), c.at(2), c.at(3), c.at(4)});
    return statistics;
}

json FindingReportToJson(const FindingReport& finding)
{
    return {{"kind", finding.identity.kind},  {"title", finding.identity.title},
            {"directory", finding.directory}, {"occurrences", finding.occurrences},
            {"hits", finding.verdict.hits},   {"tries", finding.verdict.tries},
            {"steps", finding.steps}};
}

FindingReport FindingReportFromJson(const json& in)
{
    return {.identity = {in.at("kind"), in.at("title")},
            .directory = in.at("directory"),
            .occurrences = in.at("occurrences"),
            .verdict = {in.at("hits"), in.at("tries")},
            .steps = in.at("steps")};
}

} // namespace

std::string Encode(const Report& report)
{
    json out{{"report", static_cast<int>(report.kind)}};
    switch (report.kind) {
    case Report::Kind::PROGRESS:
        out["statistics"] = StatisticsToJson(report.statistics);
        out["mutators"] = MutatorStatisticsToJson(report.mutators);
        break;
    case Report::Kind::FINDING: out["finding"] = FindingReportToJson(report.finding); break;
    case Report::Kind::NOTE:
    case Report::Kind::ERROR: out["text"] = report.text; break;
    }
    // Text from the target may contain any bytes, and JSON has to be UTF-8.
    return out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Report Decode(std::string_view line)
{
    const json in = json::parse(line, nullptr, /*allow_exceptions=*/false);
    CHECK(in.is_object(), line);
    Report report{.kind = static_cast<Report::Kind>(in.at("report").get<int>())};
    switch (report.kind) {
    case Report::Kind::PROGRESS:
        report.statistics = StatisticsFromJson(in.at("statistics"));
        report.mutators = MutatorStatisticsFromJson(in.at("mutators"));
        break;
    case Report::Kind::FINDING: report.finding = FindingReportFromJson(in.at("finding")); break;
    case Report::Kind::NOTE:
    case Report::Kind::ERROR: report.text = in.at("text"); break;
    }
    return report;
}

} // namespace mpfuzz::engine
