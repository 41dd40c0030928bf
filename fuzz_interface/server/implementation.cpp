#include <fuzz_interface/server/implementation.h>

#include <fuzz_interface/server/planted.h>
#include <fuzz_interface/server/state.h>

namespace mpfuzz::fuzz_interface {

namespace {

class Init final : public Implementation
{
public:
    explicit Init(const Bugs& bugs) : m_state{std::make_shared<State>(bugs)} {}

    std::unique_ptr<FuzzInterface> makeFuzz() override { return MakePlanted(m_state); }
    void Close() override { m_state->slots.Close(); }

private:
    std::shared_ptr<State> m_state;
};

} // namespace

std::unique_ptr<Implementation> MakeImplementation(const Bugs& bugs) { return std::make_unique<Init>(bugs); }

} // namespace mpfuzz::fuzz_interface
