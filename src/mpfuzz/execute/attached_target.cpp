#include <mpfuzz/execute/target.h>

#include <unistd.h>

namespace mpfuzz::execute {
namespace {

class AttachedTarget final : public Target
{
public:
    AttachedTarget(std::string socket, std::chrono::milliseconds deadline)
        : m_socket{std::move(socket)}, m_deadline{deadline}
    {
    }

    base::Status Start() override
    {
        const auto fd{Connect()};
        if (!fd) return fd.GetError();
        close(*fd);
        return base::Ok();
    }
    base::Result<int> Connect() override { return ConnectUnix(m_socket, m_deadline); }
    std::string SocketPath() const override { return m_socket; }
    int DeathFd() const override { return -1; }
    std::optional<Exit> Died() override { return std::nullopt; }
    bool Signal(int) override { return false; }
    std::optional<trace::Usage> GetUsage() const override { return std::nullopt; }
    std::string LogTail() const override { return {}; }
    uint64_t LogSize() const override { return 0; }
    std::string CrashStack() const override { return {}; }
    std::string Stacks() const override { return {}; }
    void ShareCoverage(std::span<uint8_t>) override {}
    void ClearCoverage() override {}
    void CollectCoverage() override {}
    std::vector<agent::Operands> Comparisons() const override { return {}; }
    void ForgetComparisons() override {}
    std::string CoverageProblem() const override
    {
        return "the target was not started by mpfuzz, so that it has nothing to count in";
    }
    base::Status Restart() override { return Start(); }
    bool CanRestart() const override { return false; }
    std::string CommandLine() const override { return "(attached to " + m_socket + ")"; }

private:
    std::string m_socket;
    std::chrono::milliseconds m_deadline;
};

} // namespace

std::unique_ptr<Target> MakeAttachedTarget(const TargetFile& file)
{
    return std::make_unique<AttachedTarget>(file.attach_socket, file.rules.bootstrap);
}

} // namespace mpfuzz::execute
