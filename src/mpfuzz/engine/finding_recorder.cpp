#include <mpfuzz/engine/finding_recorder.h>

#include <mpfuzz/program/print.h>

namespace mpfuzz::engine {

bool FindingRecorder::Count(const observe::Identity& identity, FindingSlot*& slot) const
{
    slot = m_memory.FindSlot(triage::DigestOf(identity), identity.kind);
    // Without a slot, every occurrence is counted on the disk.
    if (!slot) return true;
    const bool is_first{slot->occurrences.fetch_add(1) == 0};
    const bool is_stored{slot->version != 0};
    if (is_first && is_stored) m_memory.CountFinding();
    return (is_first && !is_stored) || (is_stored && slot->wants_witness.exchange(false));
}

base::Status FindingRecorder::Store(const triage::Record& record, const triage::Witness* witness,
                                    FindingSlot* slot) const
{
    if (slot && slot->version != 0) {
        const std::string directory{m_findings + "/" + triage::DirectoryName(record.identity)};
        if (auto added{triage::AddWitness(directory, *witness)}; !added) return added;
    } else if (const auto saved{triage::Save(m_findings, record, witness)}; !saved) {
        // The finding cannot be written to disk, so the program is printed on the terminal.
        return base::Error{saved.GetError().message + "\nThe finding that could not be stored is `" +
                           record.identity.title + "`, shown by:\n" + record.program};
    } else {
        m_memory.CountFinding();
    }
    if (slot) ++slot->version;
    return base::Ok();
}

base::Status FindingRecorder::RecordProgram(const observe::Finding& finding,
                                            const std::function<triage::Witness()>& make_witness)
{
    FindingSlot* slot{nullptr};
    if (!Count(finding.identity, slot)) return base::Ok();
    triage::Record record{m_blueprint};
    record.identity = finding.identity;
    record.details = finding.details;
    record.program = program::Print(m_schema, finding.program);
    record.trace = trace::Print(m_schema, finding.program, finding.trace);
    record.target_log = triage::LogOf(finding.trace.ending);
    record.time = triage::Timestamp();
    const triage::Witness witness{make_witness()};
    return Store(record, &witness, slot);
}

base::Status FindingRecorder::RecordDriver(const observe::Identity& identity, const DriverRun& run)
{
    FindingSlot* slot{nullptr};
    if (!Count(identity, slot) || (slot && slot->version != 0)) return base::Ok();
    triage::Record record{m_blueprint};
    record.identity = identity;
    record.driver = run.driver;
    record.seed = run.seed;
    record.target_log = run.log;
    record.time = triage::Timestamp();
    return Store(record, nullptr, slot);
}

} // namespace mpfuzz::engine
