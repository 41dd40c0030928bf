#include <mpfuzz/execute/served_object.h>

#include <capnp/schema-loader.h>

#include <algorithm>

namespace mpfuzz::execute {
namespace {

using capnp::DynamicCapability;
using capnp::DynamicStruct;
using program::Reaction;

using CallContext = capnp::CallContext<DynamicStruct, DynamicStruct>;
using Environment = std::shared_ptr<std::unique_ptr<ServedEnvironment>>;

// Stops an endless recursion if the target calls us whenever we call it. A guess, unmeasured.
constexpr size_t MAX_NESTING{8};

//! Copy each field that both structs have with the same name and type. Skips fields of unions, because setting one
//! unsets the others.
void CopyCommon(const schema::Schema& schema, uint32_t from_index, DynamicStruct::Reader from, uint32_t to_index,
                DynamicStruct::Builder to)
{
    const auto& sources{schema.GetStruct(from_index).fields};
    for (const schema::Field& field : schema.GetStruct(to_index).fields) {
        const auto source{std::ranges::find(sources, field.name, &schema::Field::name)};
        const auto is_plain{[](const auto wire) {
            return wire.getProto().isSlot() && wire.getProto().getDiscriminantValue() == 0xffff;
        }};
        if (source == sources.end() || !(source->type == field.type)) continue;
        const auto target_field{to.getSchema().getFieldByName(field.name.c_str())};
        const auto source_field{from.getSchema().getFieldByName(field.name.c_str())};
        if (is_plain(target_field) && is_plain(source_field) && from.has(source_field)) {
            to.set(target_field, from.get(source_field));
        }
    }
}

//! Increments a counter of the environment during its own lifetime.
class ScopedCount
{
public:
    ScopedCount(Environment environment, size_t ServedEnvironment::*counter)
        : m_environment{std::move(environment)}, m_counter{counter}
    {
        ++((**m_environment).*m_counter);
    }
    ~ScopedCount()
    {
        if (*m_environment) --((**m_environment).*m_counter);
    }
    ScopedCount(const ScopedCount&) = delete;
    ScopedCount& operator=(const ScopedCount&) = delete;

private:
    Environment m_environment;
    size_t ServedEnvironment::*m_counter;
};

class Served final : public DynamicCapability::Server
{
public:
    Served(const schema::Schema& types, capnp::InterfaceSchema interface, program::ServedObject object,
           program::StepIndex step, Environment env)
        : Server{interface}, m_schema{types}, m_object{std::move(object)}, m_step{step}, m_environment{std::move(env)}
    {
    }

    kj::Promise<void> call(capnp::InterfaceSchema::Method method, CallContext context) override
    {
        KJ_REQUIRE(*m_environment != nullptr, "the program of this object is over");
        const auto ref{m_schema.FindMethod(m_object.interface, method.getProto().getName().cStr())};
        KJ_REQUIRE(ref.has_value(), "a method that the schema does not have");
        (*m_environment)->on_call(m_step, *ref, Read(m_schema, m_schema.GetMethod(*ref).params, context.getParams()));
        const auto reaction{std::ranges::find(m_object.reactions, *ref, &Reaction::method)};
        if (reaction == m_object.reactions.end()) return kj::READY_NOW;
        return React(*reaction, context);
    }

private:
    kj::Promise<void> React(const Reaction& reaction, CallContext context)
    {
        ServedEnvironment& environment{**m_environment};
        switch (reaction.kind) {
        case Reaction::Kind::RETURN: break;
        case Reaction::Kind::THROW:
            return kj::Exception{static_cast<kj::Exception::Type>(reaction.exception), __FILE__, __LINE__,
                                 kj::heapString(reaction.message.c_str())};
        case Reaction::Kind::NEVER: return kj::Promise<void>{kj::NEVER_DONE}.attach(CountUnanswered());
        case Reaction::Kind::LATER: {
            auto reached{environment.reached(reaction.step)};
            KJ_IF_MAYBE (moment, reached) {
                return moment->then([this, &reaction, context]() mutable { Answer(reaction, context); })
                    .attach(CountUnanswered(), thisCap());
            }
            break;
        }
        case Reaction::Kind::CALL: return CallBack(reaction, context);
        case Reaction::Kind::ECHO: {
            const schema::Method& method{m_schema.GetMethod(reaction.method)};
            CopyCommon(m_schema, method.params, context.getParams(), method.results, context.getResults());
            break;
        }
        case Reaction::Kind::DISCONNECT:
            environment.disconnect(m_step);
            return kj::Promise<void>{kj::NEVER_DONE}.attach(CountUnanswered());
        }
        Answer(reaction, context);
        return kj::READY_NOW;
    }

    void Answer(const Reaction& reaction, CallContext& context)
    {
        KJ_REQUIRE(*m_environment != nullptr, "the program of this object is over");
        Fill(m_schema, m_schema.GetMethod(reaction.method).results, context.getResults(), {reaction.results},
             (*m_environment)->references);
    }

    kj::Promise<void> CallBack(const Reaction& reaction, CallContext context)
    {
        auto target{FindTarget(reaction, context)};
        KJ_IF_MAYBE (client, target) {
            if ((*m_environment)->nesting < MAX_NESTING) {
                const schema::Method& callback{m_schema.GetMethod(reaction.callback)};
                const auto interface =
                    m_schema.Loader().get(m_schema.GetInterface(reaction.callback.interface).id).asInterface();
                auto request{client->castAs<DynamicCapability>(interface).newRequest(
                    interface.getMethodByName(callback.name.c_str()))};
                CopyCommon(m_schema, m_schema.GetMethod(reaction.method).params, context.getParams(), callback.params,
                           request);
                return request.send()
                    .ignoreResult()
                    // Answer the target's call even if ours failed.
                    .catch_([](kj::Exception&&) {})
                    .then([this, &reaction, context]() mutable { Answer(reaction, context); })
                    .attach(CountUnanswered(), kj::heap<ScopedCount>(m_environment, &ServedEnvironment::nesting),
                            thisCap());
            }
        }
        Answer(reaction, context);
        return kj::READY_NOW;
    }

    //! The capability that a `call` reaction names; nullptr if it is null.
    kj::Maybe<capnp::Capability::Client> FindTarget(const Reaction& reaction, CallContext& context)
    {
        return FollowToCapability(m_schema, context.getParams(),
                                  {schema::Kind::STRUCT, m_schema.GetMethod(reaction.method).params},
                                  reaction.callback_target);
    }

    kj::Own<ScopedCount> CountUnanswered()
    {
        auto count{kj::heap<ScopedCount>(m_environment, &ServedEnvironment::unanswered)};
        (*m_environment)->on_unanswered();
        return count;
    }

    const schema::Schema& m_schema;
    const program::ServedObject m_object;
    const program::StepIndex m_step;
    Environment m_environment;
};

} // namespace

capnp::Capability::Client MakeServedObject(const schema::Schema& schema, const program::ServedObject& object,
                                           program::StepIndex step, Environment environment)
{
    const auto interface = schema.Loader().get(schema.GetInterface(object.interface).id).asInterface();
    return DynamicCapability::Client{kj::heap<Served>(schema, interface, object, step, std::move(environment))};
}

} // namespace mpfuzz::execute
