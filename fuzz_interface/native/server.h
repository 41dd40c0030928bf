// The base class of the servers: the peer's calls on an object of this process.
#pragma once

#include <fuzz_interface/native/calls.h>
#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/method.h>

#include <kj/async.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

//! One call of a method. Read and Write run on the loop thread, Invoke on the thread that the call names.
template<typename M>
class MethodCall final : public IncomingCall
{
public:
    using Object = typename M::Function::Class;

    MethodCall(std::shared_ptr<Link> link, std::shared_ptr<Held<Object>> held)
        : IncomingCall{std::move(link)}, m_held{std::move(held)}
    {
    }

    void Read(Exchange& exchange, const auto& params)
    {
        ForEachIndex<M::Function::COUNT>([&](auto index) {
            using Part = typename M::template Part<index>;
            if constexpr (Part::IN) {
                std::get<index>(m_args) =
                    M::template Parameter<index>::Codec::Read(exchange, InputOf<typename Part::Field>(params));
            }
        });
    }

    //! @throw std::runtime_error if the method threw something that the schema does not declare.
    void Write(Exchange& exchange, auto results)
    {
        if (m_error) throw std::runtime_error{*m_error};
        bool failed{false};
        ForEachIndex<ERRORS>([&](auto index) {
            using Throws = std::tuple_element_t<index, typename M::ThrowsTuple>;
            const auto& error{std::get<index>(m_errors)};
            if (!error) return;
            Codec<typename Throws::Kept>::Build(exchange, *error, OutputOf<typename Throws::Field>(results));
            failed = true;
        });
        if (failed) return;
        ForEachIndex<M::Function::COUNT>([&](auto index) {
            using Part = typename M::template Part<index>;
            if constexpr (Part::OUT) {
                M::template Parameter<index>::Codec::Build(exchange, std::get<index>(m_args),
                                                           OutputOf<typename Part::Field>(results));
            }
        });
        if constexpr (!std::is_void_v<typename M::Result>) {
            using Field = typename M::Returns::Field;
            Codec<typename M::Result>::Build(exchange, *std::move(m_result), OutputOf<Field>(results));
        }
    }

    void Invoke() override
    {
        try {
            if (const auto object{m_held->Get()}) {
                Guard<0>(*object);
            } else {
                m_error = "the object has been destroyed";
            }
        } catch (const std::exception& e) {
            m_error = e.what();
        } catch (...) {
            m_error = "an exception of an unknown type";
        }
        // Destroy parameters before the answer is sent: the destructor of a proxy calls the peer, whose thread still
        // waits.
        ForEachIndex<M::Function::COUNT>([&](auto index) {
            using Kept = typename M::template Parameter<index>::Kept;
            if constexpr (!M::template Part<index>::OUT) std::get<index>(m_args) = Kept{};
        });
    }

    void Fail() override { m_error = "the thread has ended"; }

private:
    static constexpr size_t ERRORS{std::tuple_size_v<typename M::KeptErrors>};
    static constexpr bool IS_VOID{std::is_void_v<typename M::Result>};

    //! Calls the method, and keeps the declared exceptions that it throws, from `Index` on.
    template<size_t Index>
    void Guard(Object& object)
    {
        if constexpr (Index == ERRORS) {
            CallObject(object);
        } else {
            using Throws = std::tuple_element_t<Index, typename M::ThrowsTuple>;
            try {
                Guard<Index + 1>(object);
            } catch (const typename Throws::Exception& error) {
                std::get<Index>(m_errors) = Throws::Keep(error);
            }
        }
    }

    void CallObject(Object& object)
    {
        [&]<size_t... I>(std::index_sequence<I...>)
        {
            if constexpr (IS_VOID) {
                (object.*M::FUNCTION)(M::template Parameter<I>::Pass(std::get<I>(m_args))...);
            } else {
                m_result = (object.*M::FUNCTION)(M::template Parameter<I>::Pass(std::get<I>(m_args))...);
            }
        }
        (std::make_index_sequence<M::Function::COUNT>{});
    }

    const std::shared_ptr<Held<Object>> m_held;
    typename M::Function::Kept m_args{};
    std::optional<std::conditional_t<IS_VOID, std::tuple<>, typename M::Result>> m_result;
    typename M::KeptErrors m_errors;
    std::optional<std::string> m_error;
};

//! A call of `destroy`: releases the object on the call's thread.
template<typename Object>
class DestroyCall final : public IncomingCall
{
public:
    DestroyCall(std::shared_ptr<Link> link, std::shared_ptr<Held<Object>> held)
        : IncomingCall{std::move(link)}, m_held{std::move(held)}
    {
    }

    void Invoke() override { m_held->Take(); }
    void Fail() override {}

private:
    const std::shared_ptr<Held<Object>> m_held;
};

//! Base of the servers for an object of type `Object`. Loop thread only.
template<typename Object>
class ObjectServer
{
public:
    ObjectServer(std::shared_ptr<Link> link, std::shared_ptr<Held<Object>> held)
        : m_link{std::move(link)}, m_held{std::move(held)}
    {
    }

protected:
    // The object is still there if the peer released it without a `destroy`.
    ~ObjectServer()
    {
        if (auto object{m_held->Take()}) {
            m_link->loop->RunAside([object = std::move(object)]() mutable { object = nullptr; });
        }
    }

    const std::shared_ptr<Link>& GetLink() const { return m_link; }

    template<typename M>
    kj::Promise<void> Run(typename M::CallContext context)
    {
        const auto call{std::make_shared<MethodCall<M>>(m_link, m_held)};
        auto read{[this, call, context]() mutable {
            Exchange exchange{m_link};
            call->Read(exchange, context.getParams());
            context.releaseParams();
        }};
        if constexpr (M::HAS_CONTEXT) {
            auto done{m_link->Get().Dispatch(context.getParams().getContext(), call, kj::mv(read))};
            return Finish(kj::mv(done), call, [this, call, context]() mutable {
                Exchange exchange{m_link};
                call->Write(exchange, context.getResults());
            });
        } else {
            read();
            call->Invoke();
            Exchange exchange{m_link};
            call->Write(exchange, context.getResults());
            return kj::READY_NOW;
        }
    }

    kj::Promise<void> RunDestroy(auto context)
    {
        const auto call{std::make_shared<DestroyCall<Object>>(m_link, m_held)};
        auto done{m_link->Get().Dispatch(context.getParams().getContext(), call, [] {})};
        return Finish(kj::mv(done), call, [] {});
    }

private:
    kj::Promise<void> Finish(kj::Promise<void> done, std::shared_ptr<IncomingCall> call, auto write)
    {
        auto answered{done.then([unanswered = UnansweredCall{std::move(call)}, write = std::move(write)]() mutable {
            write();
            unanswered.SetAnswered();
        })};
        return m_link->Get().Wrap(kj::mv(answered));
    }

    const std::shared_ptr<Link> m_link;
    const std::shared_ptr<Held<Object>> m_held;
};

} // namespace mpfuzz::fuzz_interface::native
