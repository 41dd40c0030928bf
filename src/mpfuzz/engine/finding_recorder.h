#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/campaign_memory.h>
#include <mpfuzz/observe/finding.h>
#include <mpfuzz/schema/schema.h>
#include <mpfuzz/triage/store.h>

#include <functional>
#include <optional>
#include <string>

namespace mpfuzz::engine {

//! The seed of a driver's run that showed a finding.
struct DriverRun {
    std::string driver; //!< name in target.toml
    uint64_t seed{0};
    std::string log; //!< output of the driver, and the log tail of the target
};

//! The only way of a finding from a process that fuzzes to the disk: stores it when it is seen for the first time, with
//! the evidence, and only counts it afterwards. Triage takes it from there.
class FindingRecorder
{
public:
    //! Borrows schema and memory.
    //!
    //! @param findings   Directory.
    //! @param blueprint  The fields that all findings share: schema hash, seed, target, command lines, version.
    FindingRecorder(const schema::Schema& schema, CampaignMemory& memory, std::string findings,
                    triage::Record blueprint)
        : m_schema(schema), m_memory(memory), m_findings(std::move(findings)), m_blueprint(std::move(blueprint))
    {
    }

    //! Store a finding that a program showed, or count it.
    //!
    //! @param make_witness  Is called only if the evidence is stored.
    //! @return An error if it could not be stored. Its message contains the program.
    base::Status RecordProgram(const observe::Finding& finding, const std::function<triage::Witness()>& make_witness);

    //! Store a finding that a driver showed, or count it.
    base::Status RecordDriver(const observe::Identity& identity, const DriverRun& run);

private:
    //! Count the finding. @return The slot, if there is something to store.
    bool Count(const observe::Identity& identity, FindingSlot*& slot) const;
    base::Status Store(const triage::Record& record, const triage::Witness* witness, FindingSlot* slot) const;

    const schema::Schema& m_schema;
    CampaignMemory& m_memory;
    std::string m_findings;
    triage::Record m_blueprint;
};

} // namespace mpfuzz::engine
