#include <mpfuzz/execute/served_object.h>

#include <capnp/schema-loader.h>

namespace mpfuzz::execute {
namespace {

class Served final : public capnp::DynamicCapability::Server
{
public:
    Served(const schema::Schema& schema, capnp::InterfaceSchema interface, program::ServedObject object,
           program::StepIndex step, std::shared_ptr<std::unique_ptr<ServedEnvironment>> environment)
        : Server{interface}, m_schema{schema}, m_object{std::move(object)}, m_step{step}, m_environment{
                                                                                              std::move(environment)}
    {
    }

    kj::Promise<void> call(capnp::InterfaceSchema::Method method,
                           capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context) override
    {
        KJ_REQUIRE(*m_environment != nullptr, "this object's program is over");
        ServedEnvironment& environment{**m_environment};
        const auto ref{m_schema.FindMethod(m_object.interface, method.getProto().getName().cStr())};
        KJ_REQUIRE(ref.has_value(), "a method that the schema does not have");
        environment.on_call(m_step, *ref);
        for (const program::Reaction& reaction : m_object.reactions) {
            if (reaction.method != *ref) continue;
            Fill(m_schema, m_schema.GetMethod(*ref).results, context.getResults(), {reaction.results},
                 environment.references);
        }
        return kj::READY_NOW;
    }

private:
    const schema::Schema& m_schema;
    program::ServedObject m_object;
    program::StepIndex m_step;
    std::shared_ptr<std::unique_ptr<ServedEnvironment>> m_environment;
};

} // namespace

capnp::Capability::Client MakeServedObject(const schema::Schema& schema, const program::ServedObject& object,
                                           program::StepIndex step,
                                           std::shared_ptr<std::unique_ptr<ServedEnvironment>> environment)
{
    const auto interface = schema.Loader().get(schema.GetInterface(object.interface).id).asInterface();
    return capnp::DynamicCapability::Client{kj::heap<Served>(schema, interface, object, step, std::move(environment))};
}

} // namespace mpfuzz::execute
