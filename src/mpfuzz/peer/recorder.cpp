#include <mpfuzz/peer/recorder.h>

#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>

// The tables that both directions of a recorded connection use.
namespace mpfuzz::peer {

using program::StepIndex;

namespace {

// Entries of all tables together. A guess: far more than an ordinary client has.
constexpr size_t MAX_ENTRIES{100'000};

// Size of all messages of the client. A guess: a useful program has some kilobytes.
constexpr uint64_t MAX_BYTES{uint64_t{64} << 20};

constexpr StepIndex THE_CONNECTION{0};

} // namespace

Recorder::Recorder(const schema::Schema& schema, uint32_t main_interface)
    : m_schema{schema}, m_main_interface{main_interface}, m_recording{schema}
{
    m_recording.Add(program::Connect{});
}

void Recorder::FromClient(kj::ArrayPtr<const capnp::word> message)
{
    m_bytes += message.size() * sizeof(capnp::word);
    Observe(message, &Recorder::HandleClient);
}

void Recorder::FromServer(kj::ArrayPtr<const capnp::word> message) { Observe(message, &Recorder::HandleServer); }

void Recorder::Observe(kj::ArrayPtr<const capnp::word> message, void (Recorder::*handle)(capnp::rpc::Message::Reader))
{
    if (m_over) return;
    // The bytes may be malformed. An error here must not disturb the connection.
    KJ_IF_MAYBE (exception, kj::runCatchingExceptions([&] {
                     capnp::FlatArrayMessageReader reader{message};
                     (this->*handle)(reader.getRoot<capnp::rpc::Message>());
                 })) {
        Note("a message that cannot be read");
    }
    const size_t entries{m_questions.size() + m_callbacks.size() + m_imports.size() + m_exports.size()};
    if (entries > MAX_ENTRIES || m_bytes > MAX_BYTES) {
        Note("everything after a limit of the recorder was reached");
        m_over = true;
    }
}

void Recorder::Note(const std::string& what) { m_recording.Note(what); }

std::string Recorder::Text() const
{
    // The client has not answered these calls. Record that it never answers them.
    Recording recording{m_recording};
    for (const auto& [_, callback] : m_callbacks) {
        if (callback.returned || !callback.object || !callback.method) continue;
        recording.GetObject(*callback.object)
            .reactions.try_emplace(*callback.method, program::Reaction{.kind = program::Reaction::Kind::NEVER,
                                                                       .method = *callback.method});
    }
    return recording.Text();
}

void Recorder::ClientClosed()
{
    if (m_over) return;
    const bool outstanding{Outstanding()};
    if (outstanding) {
        for (const StepIndex call : m_answered) m_recording.Add(program::Await{call});
    } else {
        m_recording.DropTrailingDrops();
        AddAwait();
    }
    const bool clean{!outstanding && m_imports.empty()};
    using How = program::Disconnect::How;
    m_recording.Add(program::Disconnect{THE_CONNECTION, clean ? How::CLEAN : How::ABRUPT});
    m_over = true;
}

bool Recorder::Outstanding() const
{
    return std::ranges::any_of(m_questions, [](const auto& entry) {
        return entry.second.results && !entry.second.returned && !entry.second.finished;
    });
}

void Recorder::AddAwait()
{
    if (m_answered.empty() || Outstanding()) return;
    m_answered.clear();
    m_recording.Add(program::Await{});
}

std::optional<Recorder::Ref> Recorder::Imported(uint32_t id) const
{
    const auto found{m_imports.find(id)};
    if (found == m_imports.end() || found->second.refs.empty()) return std::nullopt;
    return found->second.refs.front();
}

std::optional<Recorder::Ref> Recorder::Promised(capnp::rpc::PromisedAnswer::Reader promised)
{
    const auto found{m_questions.find(promised.getQuestionId())};
    if (found == m_questions.end() || !found->second.step) return std::nullopt;
    const Question& question{found->second};
    if (!question.results) return Ref{*question.step, {}}; // the main interface
    auto path{FollowTransform(m_schema, *question.results, promised)};
    if (!path) return std::nullopt;
    return Ref{*question.step, std::move(*path)};
}

std::optional<Recorder::Ref> Recorder::Target(capnp::rpc::MessageTarget::Reader target)
{
    if (target.isImportedCap()) return Imported(target.getImportedCap());
    if (target.isPromisedAnswer()) return Promised(target.getPromisedAnswer());
    return std::nullopt;
}

std::optional<uint32_t> Recorder::InterfaceOf(const std::optional<Ref>& ref) const
{
    if (!ref) return std::nullopt;
    return program::InterfaceOf(m_schema, m_recording.Raw(), *ref);
}

std::vector<uint32_t> Recorder::AddExports(Table table)
{
    std::vector<uint32_t> ids;
    for (const auto descriptor : table) {
        if (!descriptor.isSenderHosted() && !descriptor.isSenderPromise()) continue;
        const uint32_t id{descriptor.isSenderHosted() ? descriptor.getSenderHosted() : descriptor.getSenderPromise()};
        auto [entry, is_new]{m_exports.try_emplace(id)};
        if (is_new) entry->second.object = m_recording.AddObject();
        ++entry->second.count;
        ids.push_back(id);
    }
    return ids;
}

std::vector<uint32_t> Recorder::AddImports(Table table)
{
    std::vector<uint32_t> ids;
    for (const auto descriptor : table) {
        if (!descriptor.isSenderHosted() && !descriptor.isSenderPromise()) continue;
        ids.push_back(descriptor.isSenderHosted() ? descriptor.getSenderHosted() : descriptor.getSenderPromise());
        ++m_imports[ids.back()].count;
    }
    return ids;
}

void Recorder::ReleaseExport(uint32_t id, uint64_t count)
{
    const auto found{m_exports.find(id)};
    if (found == m_exports.end()) return;
    found->second.count -= std::min(count, found->second.count);
    if (found->second.count == 0) m_exports.erase(found);
}

void Recorder::ReleaseImport(uint32_t id, uint64_t count)
{
    const auto found{m_imports.find(id)};
    if (found == m_imports.end()) return;
    found->second.count -= std::min(count, found->second.count);
    if (found->second.count > 0) return;
    const std::vector<Ref> refs{std::move(found->second.refs)};
    m_imports.erase(found);
    for (const Ref& ref : refs) AddDrop(ref);
}

void Recorder::AddDrop(const Ref& ref)
{
    const bool held{std::ranges::any_of(
        m_imports, [&](const auto& entry) { return std::ranges::count(entry.second.refs, ref) > 0; })};
    if (held) return;
    AddAwait();
    m_recording.Add(program::Drop{ref});
}

} // namespace mpfuzz::peer
