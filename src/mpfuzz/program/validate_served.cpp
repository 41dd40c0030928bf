#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/validate_value.h>

#include <algorithm>

namespace mpfuzz::program {

bool ValueValidator::CheckServed(const ServedObject& object)
{
    if (m_refuse_capabilities) return Fail("a hand-made message cannot hold a capability");
    if (object.interface >= m_schema.Interfaces().size()) return Fail("the schema has no such interface");
    const Reaction* previous{nullptr};
    for (const Reaction& reaction : object.reactions) {
        if (previous && previous->method >= reaction.method) return Fail("reactions are out of order");
        if (!AddWords(1) || !CheckReaction(object.interface, reaction)) return false;
        previous = &reaction;
    }
    return true;
}

bool ValueValidator::CheckReaction(uint32_t interface, const Reaction& reaction)
{
    if (std::ranges::count(m_schema.GetInterface(interface).all_methods, reaction.method) == 0) {
        return Fail(m_schema.GetInterface(interface).name + " has no such method to react to");
    }
    const bool valid{CheckUnused(reaction) && (reaction.kind != Reaction::Kind::CALL || CheckCallback(reaction)) &&
                     CheckStruct(m_schema.GetMethod(reaction.method).results, reaction.results)};
    if (!valid) m_fault.insert(0, m_schema.GetMethod(reaction.method).name + ": ");
    return valid;
}

// What is not printed must not differ, or printing would lose it.
bool ValueValidator::CheckUnused(const Reaction& reaction)
{
    const Reaction unused{};
    if (reaction.kind > Reaction::Kind::DISCONNECT) return Fail("there is no such reaction");
    const bool throws{reaction.kind == Reaction::Kind::THROW};
    if (!throws && (reaction.exception != 0 || !reaction.message.empty())) return Fail("only `throw` has a message");
    if (reaction.exception > 3) return Fail("Cap'n Proto has four kinds of exceptions");
    if (reaction.kind != Reaction::Kind::LATER && reaction.step != 0) return Fail("only `later` has a step");
    if (reaction.step > MAX_STEPS) return Fail("`later` waits for a step that no program has");
    if (reaction.kind != Reaction::Kind::CALL &&
        (!reaction.callback_target.empty() || reaction.callback != unused.callback)) {
        return Fail("only `call` has a target");
    }
    return reaction.Answers() || reaction.results.empty() || Fail("a call that is not answered has no results");
}

bool ValueValidator::CheckCallback(const Reaction& reaction)
{
    if (!CheckMethod(reaction.callback)) return false;
    const auto type{TypeAt(m_schema, m_schema.GetMethod(reaction.method).params, reaction.callback_target)};
    if (!type || !HoldsCapability(type->kind) || reaction.callback_target.size() > MAX_DEPTH) {
        return Fail("the parameters have no such capability");
    }
    return true;
}

} // namespace mpfuzz::program
