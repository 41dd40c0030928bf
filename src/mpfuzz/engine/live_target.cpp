#include <mpfuzz/engine/live_target.h>

#include <mpfuzz/base/check.h>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace mpfuzz::engine {

namespace fs = std::filesystem;

std::unique_ptr<execute::Target> MakeTarget(const TargetSpec& spec, const std::string& scratch,
                                            execute::Janitor& janitor)
{
    if (spec.file.spawn) return execute::MakeSpawnedTarget(spec.file, spec.extra, scratch, janitor);
    return execute::MakeAttachedTarget(spec.file);
}

base::Result<std::string> TemporaryDirectory()
{
    const char* const named{std::getenv("TMPDIR")};
    const std::string path{named && *named ? named : "/tmp"};
    std::error_code error;
    if (fs::is_directory(path, error) && access(path.c_str(), W_OK | X_OK) == 0) return path;
    return base::Error{"mpfuzz cannot create files in the directory for temporary files, " + path +
                       ": set TMPDIR to a directory that exists and that you may write to"};
}

Scratch::Scratch(execute::Janitor& janitor) : m_janitor{janitor}
{
    const auto directory{TemporaryDirectory()};
    CHECK(directory, directory ? "" : directory.GetError().message);
    m_path = *directory + "/mpfuzz-XXXXXX";
    CHECK(mkdtemp(m_path.data()), m_path, std::strerror(errno));
    m_janitor.AddDirectory(m_path);
}

Scratch::~Scratch()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    m_janitor.RemoveDirectory(m_path);
}

LiveTarget::LiveTarget(const TargetSpec& spec)
    : m_scratch{m_janitor}, m_target{MakeTarget(spec, m_scratch.Path(), m_janitor)}, m_executor{spec.schema, *m_target,
                                                                                                spec.file.rules}
{
}

TargetThread::TargetThread(const TargetSpec& spec) : m_thread{[this, &spec] { Serve(spec); }}
{
    std::unique_lock lock{m_mutex};
    m_changed.wait(lock, [this] { return m_ready; });
}

TargetThread::~TargetThread()
{
    Wait();
    {
        const std::lock_guard lock{m_mutex};
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void TargetThread::Start(Task task)
{
    {
        const std::lock_guard lock{m_mutex};
        CHECK(!m_task && task);
        m_task = std::move(task);
    }
    m_changed.notify_all();
}

void TargetThread::Wait()
{
    std::unique_lock lock{m_mutex};
    m_changed.wait(lock, [this] { return !m_task; });
}

void TargetThread::Serve(const TargetSpec& spec)
{
    LiveTarget target{spec};
    std::unique_lock lock{m_mutex};
    m_ready = true;
    m_changed.notify_all();
    for (;;) {
        m_changed.wait(lock, [this] { return m_task || m_ending; });
        if (!m_task) return;
        lock.unlock();
        m_task(target);
        lock.lock();
        m_task = nullptr;
        m_changed.notify_all();
    }
}

} // namespace mpfuzz::engine
