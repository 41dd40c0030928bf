#include <mpfuzz/mutate/steps.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::Step;
using program::StepIndex;

namespace {

// Number of steps that SpliceSteps copies at most, without those that they need. A guess, unmeasured.
constexpr uint64_t MAX_PIECE{8};

//! What to do with a reference to a step that is not copied, if the program has no counterpart for that step's result.
enum class Missing {
    REMOVE, //!< repair the reference, or remove the step that contains it: see program::RemoveStep
    COPY,   //!< copy the step that it refers to, too
};

//! Appends copies of steps of a source program to the first steps of another program. If a copied step refers to a step
//! that is not copied, the reference is changed to a counterpart in the program: see SpliceInto().
class Splicer
{
public:
    Splicer(const Context& context, const Program& program, StepIndex position, const Program& source,
            std::vector<bool> wanted, Missing missing)
        : m_context{context}, m_inventory{context.Before(program, position)}, m_source{source},
          m_wanted{std::move(wanted)}, m_missing{missing}, m_offset{position}, m_connections(source.steps.size())
    {
        m_combined.steps.assign(program.steps.begin(), program.steps.begin() + position);
        program::Append(m_combined, source);
    }

    //! The program up to the position, followed by the copied steps.
    Program Splice() &&
    {
        MatchConnections();
        // A step refers only to earlier steps. So this loop, from the last step to the first, also reaches the steps
        // that it marks as needed.
        for (size_t i{m_source.steps.size()}; i-- > 0;) {
            if (m_wanted[i]) Reconnect(m_combined.steps[m_offset + i]);
        }
        for (size_t i{m_source.steps.size()}; i-- > 0;) {
            if (!m_wanted[i]) program::RemoveStep(m_combined, static_cast<StepIndex>(m_offset + i));
        }
        return std::move(m_combined);
    }

private:
    void MatchConnections()
    {
        std::vector<StepIndex> free{m_inventory.Open()};
        size_t room{m_context.schema_index.GetRules().max_connections};
        room -= std::min(room, free.size());
        for (StepIndex step{0}; step < m_source.steps.size(); ++step) {
            if (!std::holds_alternative<program::Connect>(m_source.steps[step])) continue;
            if ((m_wanted[step] || free.empty()) && room > 0) {
                --room; // the connection is copied if a copied step needs it
                continue;
            }
            m_wanted[step] = false;
            if (m_inventory.Open().empty()) continue;
            m_connections[step] = m_context.rng.Pick(free.empty() ? m_inventory.Open() : free);
            std::erase(free, *m_connections[step]);
        }
    }

    //! True if the step comes from the source and is not copied: references to it need a counterpart.
    bool IsLeftOut(StepIndex in_combined) const { return in_combined >= m_offset && !m_wanted[in_combined - m_offset]; }

    void Reconnect(Step& step)
    {
        program::ForEachCapability(step, [&](CapabilityRef& ref) {
            if (!IsLeftOut(ref.step)) return;
            const CapabilityRef original{ref.step - m_offset, ref.path};
            if (auto counterpart{Counterpart(original)}) {
                ref = std::move(*counterpart);
            } else {
                CopyOrLeaveOut(original.step);
            }
        });
        program::ForEachValue(step, [&](program::Value& value) {
            if (auto* data{value.As<program::DataRef>()}) ReconnectData(*data);
        });
        // In a Call or Drop, the essential reference is the capability that was replaced above. In other steps it is a
        // connection or a call.
        StepIndex* const essential{program::EssentialReference(step)};
        if (!essential || !IsLeftOut(*essential)) return;
        const StepIndex original{*essential - m_offset};
        if (m_connections[original]) {
            *essential = *m_connections[original];
        } else {
            CopyOrLeaveOut(original);
        }
    }

    void ReconnectData(program::DataRef& ref)
    {
        if (!IsLeftOut(ref.step)) return;
        const StepIndex original{ref.step - m_offset};
        const schema::MethodRef method{std::get<program::Call>(m_source.steps[original]).method};
        for (StepIndex step{m_offset}; step-- > 0;) {
            const auto* call{std::get_if<program::Call>(&m_combined.steps[step])};
            if (!call || call->method != method || m_inventory.MayHang(step) || m_inventory.Cancelled(step)) continue;
            ref.step = step;
            return;
        }
        CopyOrLeaveOut(original);
    }

    //! Called for a step of the source whose result has no counterpart.
    void CopyOrLeaveOut(StepIndex original)
    {
        const auto connection{program::ConnectionOf(m_source, original)};
        const bool copied{connection && !m_connections[*connection]};
        if (m_missing == Missing::COPY || copied) m_wanted[original] = true;
    }

    //! The capability of the program that replaces a capability of the source: always the same one for each capability.
    //! Returns nullopt if there is none.
    std::optional<CapabilityRef> Counterpart(const CapabilityRef& original)
    {
        for (const auto& [known, counterpart] : m_counterparts) {
            if (known == original) return counterpart;
        }
        const auto interface = program::InterfaceOf(m_context.schema, m_source, original);
        auto connection{program::ConnectionOf(m_source, original.step)};
        if (connection && !m_connections[*connection]) return std::nullopt; // it is copied, with its connection
        if (connection) connection = m_connections[*connection];
        auto counterpart{PickCapability(m_inventory, m_context.rng, [&](const generate::Item& item) {
            return interface && item.live && item.connection == connection &&
                   m_context.schema.Extends(item.interface, *interface);
        })};
        m_counterparts.emplace_back(original, counterpart);
        return counterpart;
    }

    const Context& m_context;
    const generate::Inventory m_inventory;
    const Program& m_source;
    std::vector<bool> m_wanted;
    const Missing m_missing;
    const StepIndex m_offset; //!< index in m_combined of the source's first step
    Program m_combined;
    std::vector<std::optional<StepIndex>> m_connections; //!< counterparts, by the source's Connect step
    std::vector<std::pair<CapabilityRef, std::optional<CapabilityRef>>> m_counterparts;
};

//! Copies the `wanted` steps of `source` to `program`, in front of its step `position`.
//!
//! References between copied steps stay. Any other reference is changed to a counterpart in the program:
//!
//! - for a connection, an open connection;
//! - for a capability, a live capability of the same interface on the counterpart of its connection;
//! - for data, the answer to a call of the same method.
//!
//! If the program has fewer open connections than the source, the other connections are copied, together with the
//! steps on them that are needed, up to Rules::max_connections.
//!
//! @param source  Valid; may be the program itself.
//! @param wanted  One entry for each step of the source.
//! @return Number of steps inserted. 0 if no step could be copied, or if there is no room: the program is then
//!         unchanged. Cost: for each step that is not copied, a pass over all arguments.
size_t SpliceInto(const Context& context, Program& program, StepIndex position, const Program& source,
                  std::vector<bool> wanted, Missing missing)
{
    CHECK(position <= program.steps.size(), position, program.steps.size());
    CHECK(wanted.size() == source.steps.size(), wanted.size(), source.steps.size());
    if (program.steps.size() + source.steps.size() > program::MAX_STEPS) return 0;
    Program spliced{Splicer{context, program, position, source, std::move(wanted), missing}.Splice()};
    const size_t inserted{spliced.steps.size() - position};
    if (inserted == 0 || inserted > context.Room(program)) return 0;

    const auto up{[&](StepIndex index) { return index >= position ? index + static_cast<uint32_t>(inserted) : index; }};
    for (StepIndex step{0}; step < position; ++step) Renumber(spliced.steps[step], up);
    for (StepIndex step{position}; step < program.steps.size(); ++step) {
        Renumber(program.steps[step], up);
        spliced.steps.push_back(std::move(program.steps[step]));
    }
    program = std::move(spliced);
    return inserted;
}

} // namespace

bool SpliceSteps(Program& program, Context& context)
{
    const Program& source{context.other ? *context.other : program};
    const auto call{PickStepOf<program::Call>(source, context.rng)};
    if (!call) return false;
    std::vector<bool> wanted(source.steps.size());
    const StepIndex end{*call + 1 + static_cast<StepIndex>(context.rng.SkewedLength(MAX_PIECE - 1))};
    for (StepIndex step{*call}; step < end && step < source.steps.size(); ++step) {
        // A copied Disconnect would close a connection that later steps of this program use.
        wanted[step] = !std::holds_alternative<program::Disconnect>(source.steps[step]);
    }
    const auto position{static_cast<StepIndex>(context.rng.Below(program.steps.size() + 1))};
    return SpliceInto(context, program, position, source, std::move(wanted), Missing::COPY) > 0;
}

bool CrossOver(Program& program, Context& context)
{
    if (!context.other || program.steps.empty()) return false;
    const auto call{PickStepOf<program::Call>(*context.other, context.rng)};
    if (!call) return false;
    Program joined;
    const auto cut{static_cast<StepIndex>(1 + context.rng.Below(program.steps.size()))};
    joined.steps.assign(program.steps.begin(), program.steps.begin() + cut);
    std::vector<bool> wanted(context.other->steps.size());
    const size_t end{std::min(wanted.size(), *call + context.Room(joined))};
    for (size_t step{*call}; step < end; ++step) wanted[step] = true;
    if (SpliceInto(context, joined, cut, *context.other, std::move(wanted), Missing::REMOVE) == 0) return false;
    program = std::move(joined);
    return true;
}

} // namespace mpfuzz::mutate
