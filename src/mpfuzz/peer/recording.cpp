#include <mpfuzz/peer/recording.h>

#include <mpfuzz/program/print.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

namespace mpfuzz::peer {

namespace fs = std::filesystem;
using program::CapabilityRef;
using program::StepIndex;
using program::Value;

namespace {

// Larger step numbers represent objects of the client.
constexpr program::StepIndex FIRST_OBJECT{1U << 31};

const std::string UNKNOWN_CAPABILITY{"a capability that no step of the program made, null instead"};
const std::string UNKNOWN_TARGET{"a call on a capability that no step of the program made"};
const std::string UNKNOWN_OBJECT{"an object of the client whose interface is unknown, null instead"};
const std::string BROKEN_OBJECT{"a promise of the client that ended in an exception, null instead"};
const std::string CYCLE{"an object that its own answers contain, null instead"};

//! A key for maps: equal references have equal keys.
std::vector<uint32_t> Key(const CapabilityRef& ref)
{
    std::vector<uint32_t> key{ref.step};
    for (const program::PathElement& element : ref.path) {
        key.push_back(static_cast<uint32_t>(element.kind));
        key.push_back(element.index);
    }
    return key;
}

} // namespace

//! Converts a recording to a valid program. Renumbers references, inserts the client's objects, and leaves out steps
//! that are not valid. An object that is used once is written into the argument that uses it; other objects become
//! Serve steps.
class Assembler
{
public:
    explicit Assembler(const Recording& recording) : m_recording{recording}, m_notes{recording.m_notes} {}

    program::Program Assemble();
    //! The notes of the recording and of the assembly.
    const std::map<std::string, size_t>& Notes() const { return m_notes; }

private:
    void CountUses();
    void AddStep(const program::Step& step);
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
    program::StepIndex m_current{0};                                //!< step of the recording
    std::map<program::StepIndex, program::StepIndex> m_steps;       //!< from the recording's step to the program's
    std::map<std::vector<uint32_t>, program::StepIndex> m_last_use; //!< of references, by their keys
    std::map<uint32_t, size_t> m_uses;                              //!< how many references name an object
    std::map<uint32_t, program::StepIndex> m_served;                //!< Serve steps of objects
    std::set<uint32_t> m_open;                                      //!< objects whose reactions are being written
};

program::Program Assembler::Assemble()
{
    CountUses();
    for (m_current = 0; m_current < m_recording.m_raw.steps.size(); ++m_current)
        AddStep(m_recording.m_raw.steps[m_current]);
    return std::move(m_program);
}

void Assembler::CountUses()
{
    for (StepIndex index{0}; index < m_recording.m_raw.steps.size(); ++index) {
        const program::Step& step{m_recording.m_raw.steps[index]};
        if (std::holds_alternative<program::Drop>(step)) continue;
        program::ForEachCapability(step, [&](const CapabilityRef& ref) {
            m_last_use[Key(ref)] = index;
            if (ref.step >= FIRST_OBJECT) ++m_uses[ref.step - FIRST_OBJECT];
        });
    }
}

void Assembler::AddStep(const program::Step& step)
{
    program::Step copy{step};
    if (!std::visit([&](auto& content) { return Rewrite(content); }, copy)) return;
    if (Push(std::move(copy))) m_steps[m_current] = static_cast<StepIndex>(m_program.steps.size() - 1);
}

bool Assembler::Push(program::Step step)
{
    m_program.steps.push_back(std::move(step));
    const auto index{static_cast<StepIndex>(m_program.steps.size() - 1)};
    if (m_program.steps.size() <= program::MAX_STEPS) {
        const auto valid{program::ValidateStep(m_recording.m_schema, m_program, index)};
        if (valid) return true;
        ++m_notes["a step that no program can have: " + valid.GetError().message];
    }
    m_program.steps.pop_back();
    return false;
}

bool Assembler::Rewrite(program::Call& step)
{
    if (!Map(step.target.step)) {
        ++m_notes[UNKNOWN_TARGET];
        return false;
    }
    for (program::FieldValue& field : step.arguments.fields) Rewrite(field.value);
    return true;
}

bool Assembler::Rewrite(program::Drop& step)
{
    // If a later step still uses the capability, the client held it by another reference too. Then do not drop it.
    const auto used{m_last_use.find(Key(step.capability))};
    return (used == m_last_use.end() || used->second < m_current) && Map(step.capability.step);
}

bool Assembler::Map(StepIndex& step) const
{
    const auto found{m_steps.find(step)};
    if (found == m_steps.end()) return false;
    step = found->second;
    return true;
}

void Assembler::Rewrite(Value& value)
{
    if (auto* ref{value.As<CapabilityRef>()}) {
        if (ref->step >= FIRST_OBJECT) {
            value = Object(ref->step - FIRST_OBJECT);
        } else if (!Map(ref->step)) {
            ++m_notes[UNKNOWN_CAPABILITY];
            value = program::Null{};
        }
    } else if (auto* fields{value.As<program::StructValue>()}) {
        for (program::FieldValue& field : fields->fields) Rewrite(field.value);
    } else if (auto* list{value.As<program::ListValue>()}) {
        for (Value& element : list->elements) Rewrite(element);
    }
}

Value Assembler::Object(uint32_t object)
{
    if (const auto served{m_served.find(object)}; served != m_served.end()) return CapabilityRef{served->second, {}};
    const RecordedObject& recorded{m_recording.m_objects.at(object)};
    if (recorded.alias) {
        Value value{*recorded.alias};
        if (recorded.alias->step < FIRST_OBJECT) Rewrite(value);
        return value;
    }
    if (recorded.broken || !recorded.interface || m_open.contains(object)) {
        ++m_notes[recorded.broken ? BROKEN_OBJECT : !recorded.interface ? UNKNOWN_OBJECT : CYCLE];
        return program::Null{};
    }
    program::ServedObject served{Served(object)};
    // Inside the answer of another object, a Serve step cannot be added.
    if (m_uses[object] <= 1 || !m_open.empty()) return served;
    if (!Push(program::Serve{std::move(served)})) return program::Null{};
    m_served[object] = static_cast<StepIndex>(m_program.steps.size() - 1);
    return CapabilityRef{m_served[object], {}};
}

program::ServedObject Assembler::Served(uint32_t object)
{
    const RecordedObject& recorded{m_recording.m_objects.at(object)};
    program::ServedObject served{*recorded.interface, {}};
    m_open.insert(object);
    for (const auto& [method, reaction] : recorded.reactions) {
        served.reactions.push_back(reaction);
        for (program::FieldValue& field : served.reactions.back().results) Rewrite(field.value);
    }
    m_open.erase(object);
    return served;
}

std::optional<StepIndex> Recording::Add(program::Step step)
{
    if (m_raw.steps.size() >= program::MAX_STEPS) {
        Note("steps beyond the first " + std::to_string(program::MAX_STEPS));
        return std::nullopt;
    }
    m_raw.steps.push_back(std::move(step));
    return static_cast<StepIndex>(m_raw.steps.size() - 1);
}

void Recording::DropTrailingDrops()
{
    while (!m_raw.steps.empty() && std::holds_alternative<program::Drop>(m_raw.steps.back())) m_raw.steps.pop_back();
}

uint32_t Recording::AddObject()
{
    m_objects.emplace_back();
    return static_cast<uint32_t>(m_objects.size() - 1);
}

program::Value Recording::Object(uint32_t object) { return program::CapabilityRef{FIRST_OBJECT + object, {}}; }

void Recording::Note(const std::string& what, size_t times)
{
    if (times > 0) m_notes[what] += times;
}

std::string Recording::Text() const
{
    Assembler assembler{*this};
    const program::Program program{assembler.Assemble()};
    std::string text{"# Recorded by mpfuzz proxy.\n"};
    for (const auto& [what, times] : assembler.Notes())
        text += "# Not in it, " + std::to_string(times) + (times == 1 ? " time: " : " times: ") + what + ".\n";
    return text + program::Print(m_schema, program);
}

base::Result<RecordingDirectory> RecordingDirectory::Open(const std::string& directory)
{
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) return base::Error{directory + ": cannot be created: " + error.message()};
    return RecordingDirectory{directory};
}

base::Result<std::string> RecordingDirectory::Write(const std::string& program)
{
    fs::path path;
    do {
        char name[32];
        std::snprintf(name, sizeof(name), "connection-%04zu.mpf", m_next++);
        path = fs::path{m_directory} / name;
    } while (fs::exists(path));
    std::ofstream file{path};
    file << program << std::flush;
    if (!file) return base::Error{path.string() + ": cannot be written"};
    return path.string();
}

} // namespace mpfuzz::peer
