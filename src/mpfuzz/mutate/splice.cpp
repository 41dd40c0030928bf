#include <mpfuzz/mutate/splice.h>

#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::Step;
using program::StepIndex;

namespace {

class Splicer
{
public:
    Splicer(const Context& context, const Program& program, StepIndex position, const Program& source,
            std::vector<bool> wanted, Missing missing)
        : m_context{context}, m_stock{context.Before(program, position)}, m_source{source}, m_wanted{std::move(wanted)},
          m_missing{missing}, m_offset{position}, m_twins(source.steps.size())
    {
        m_combined.steps.assign(program.steps.begin(), program.steps.begin() + position);
        program::Append(m_combined, source);
    }

    //! The program up to the position, and what was copied.
    Program Run() &&
    {
        MatchConnections();
        // References point backwards, so that what is brought along is looked at after what needs it.
        for (size_t i{m_source.steps.size()}; i-- > 0;) {
            if (m_wanted[i]) Rewire(m_combined.steps[m_offset + i]);
        }
        for (size_t i{m_source.steps.size()}; i-- > 0;) {
            if (!m_wanted[i]) program::RemoveStep(m_combined, static_cast<StepIndex>(m_offset + i));
        }
        return std::move(m_combined);
    }

private:
    void MatchConnections()
    {
        std::vector<StepIndex> free{m_stock.Open()};
        size_t room{m_context.schema_index.GetRules().max_connections};
        room -= std::min(room, free.size());
        for (StepIndex step{0}; step < m_source.steps.size(); ++step) {
            if (!std::holds_alternative<program::Connect>(m_source.steps[step])) continue;
            if ((m_wanted[step] || free.empty()) && room > 0) {
                --room; // copied, if anything needs it
                continue;
            }
            m_wanted[step] = false;
            if (m_stock.Open().empty()) continue;
            m_twins[step] = m_context.rng.Pick(free.empty() ? m_stock.Open() : free);
            std::erase(free, *m_twins[step]);
        }
    }

    //! Whether a step of the source needs something to stand for it.
    bool IsLeftOut(StepIndex in_combined) const { return in_combined >= m_offset && !m_wanted[in_combined - m_offset]; }

    void Rewire(Step& step)
    {
        program::ForEachCapability(step, [&](CapabilityRef& ref) {
            if (!IsLeftOut(ref.step)) return;
            const CapabilityRef original{ref.step - m_offset, ref.path};
            if (auto twin{Twin(original)}) {
                ref = std::move(*twin);
            } else {
                Miss(original.step);
            }
        });
        program::WalkStep(step, [&](auto& found) {
            if constexpr (std::is_same_v<decltype(found), program::DataRef&>) RewireData(found);
        });
        // Targets and dropped capabilities have been seen to: what is left are connections and calls.
        StepIndex* const essential{program::EssentialReference(step)};
        if (!essential || !IsLeftOut(*essential)) return;
        const StepIndex original{*essential - m_offset};
        if (m_twins[original]) {
            *essential = *m_twins[original];
        } else {
            Miss(original);
        }
    }

    void RewireData(program::DataRef& ref)
    {
        if (!IsLeftOut(ref.step)) return;
        const StepIndex original{ref.step - m_offset};
        const schema::MethodRef method{std::get<program::Call>(m_source.steps[original]).method};
        for (StepIndex step{m_offset}; step-- > 0;) {
            const auto* call{std::get_if<program::Call>(&m_combined.steps[step])};
            if (!call || call->method != method || m_stock.MayHang(step) || m_stock.Canceled(step)) continue;
            ref.step = step;
            return;
        }
        Miss(original);
    }

    void Miss(StepIndex original)
    {
        const auto connection{program::ConnectionOf(m_source, original)};
        const bool copied{connection && !m_twins[*connection]};
        if (m_missing == Missing::BRING || copied) m_wanted[original] = true;
    }

    //! What stands for a capability of the source; the same one each time.
    std::optional<CapabilityRef> Twin(const CapabilityRef& original)
    {
        for (const auto& [known, twin] : m_known) {
            if (known == original) return twin;
        }
        std::vector<CapabilityRef> candidates;
        const auto interface = program::InterfaceOf(m_context.schema, m_source, original);
        auto connection{program::ConnectionOf(m_source, original.step)};
        if (connection && !m_twins[*connection]) return std::nullopt; // copied with its connection
        if (connection) connection = m_twins[*connection];
        for (const generate::Item& item : m_stock.Items()) {
            if (!interface || !item.live || item.connection != connection) continue;
            if (m_context.schema.Extends(item.interface, *interface)) candidates.push_back(item.ref);
        }
        std::optional<CapabilityRef> twin;
        if (!candidates.empty()) twin = m_context.rng.Pick(candidates);
        m_known.emplace_back(original, twin);
        return twin;
    }

    const Context& m_context;
    const generate::Inventory m_stock;
    const Program& m_source;
    std::vector<bool> m_wanted;
    const Missing m_missing;
    const StepIndex m_offset; //!< of the source's steps in m_combined
    Program m_combined;
    std::vector<std::optional<StepIndex>> m_twins; //!< by connection of the source
    std::vector<std::pair<CapabilityRef, std::optional<CapabilityRef>>> m_known;
};

} // namespace

size_t SpliceInto(const Context& context, Program& program, StepIndex position, const Program& source,
                  std::vector<bool> wanted, Missing missing)
{
    CHECK(position <= program.steps.size(), position, program.steps.size());
    CHECK(wanted.size() == source.steps.size(), wanted.size(), source.steps.size());
    if (program.steps.size() + source.steps.size() > program::MAX_STEPS) return 0;
    Program spliced{Splicer{context, program, position, source, std::move(wanted), missing}.Run()};
    const size_t inserted{spliced.steps.size() - position};
    if (inserted == 0 || inserted > context.Room(program)) return 0;

    const auto up{[&](uint32_t index) { return index >= position ? index + static_cast<uint32_t>(inserted) : index; }};
    for (StepIndex step{0}; step < position; ++step) Renumber(spliced.steps[step], up);
    for (StepIndex step{position}; step < program.steps.size(); ++step) {
        Renumber(program.steps[step], up);
        spliced.steps.push_back(std::move(program.steps[step]));
    }
    program = std::move(spliced);
    return inserted;
}

} // namespace mpfuzz::mutate
