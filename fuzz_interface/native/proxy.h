// The base class of the client proxies.
#pragma once

#include <fuzz_interface/native/calls.h>
#include <fuzz_interface/native/method.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

//! What the peer answered.
template<typename M>
struct Answer {
    using Result = std::conditional_t<std::is_void_v<typename M::Result>, std::tuple<>, typename M::Result>;

    std::optional<Result> result;
    typename M::KeptErrors errors;

    //! Loop thread only. Writes out-parameters through the references in `args`, unless the answer is an error.
    template<typename... Args>
    void Read(Exchange& exchange, const auto& results, std::tuple<Args...>& args)
    {
        bool failed{false};
        ForEachIndex<std::tuple_size_v<typename M::KeptErrors>>([&](auto index) {
            using Throws = std::tuple_element_t<index, typename M::ThrowsTuple>;
            const auto input{InputOf<typename Throws::Field>(results)};
            if (failed || !input.IsPresent()) return;
            std::get<index>(errors) = Codec<typename Throws::Kept>::Read(exchange, input);
            failed = true;
        });
        if (failed) return;
        ForEachIndex<sizeof...(Args)>([&](auto index) {
            using Part = typename M::template Part<index>;
            if constexpr (Part::OUT) {
                std::get<index>(args) =
                    M::template Parameter<index>::Codec::Read(exchange, InputOf<typename Part::Field>(results));
            }
        });
        if constexpr (!std::is_void_v<typename M::Result>) {
            result = Codec<Result>::Read(exchange, InputOf<typename M::Returns::Field>(results));
        }
    }

    typename M::Result Take()
    {
        ForEachIndex<std::tuple_size_v<typename M::KeptErrors>>([&](auto index) {
            if (const auto& error{std::get<index>(errors)}) {
                std::tuple_element_t<index, typename M::ThrowsTuple>::Throw(*error);
            }
        });
        if constexpr (!std::is_void_v<typename M::Result>) return *std::move(result);
    }
};

//! An object of the peer. Any thread except the loop's may use it; several threads may make calls at the same time. It
//! may outlive the connection and the loop.
class Proxy
{
public:
    //! Loop thread only.
    Proxy(Exchange& exchange, capnp::Capability::Client object)
        : m_link{exchange.link}, m_number{m_link->Get().Keep(kj::mv(object))}
    {
    }
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

protected:
    ~Proxy() { Release(); }

    const std::shared_ptr<Link>& GetLink() const { return m_link; }

    template<typename Interface>
    typename Interface::Client Object(Connection& connection) const
    {
        return connection.Kept(m_number).template castAs<Interface>();
    }

    //! Sends the call, waits for the answer, and returns or throws it.
    template<typename M, typename... Args>
    typename M::Result Call(Args&&... args)
    {
        std::tuple<Args&&...> all{std::forward<Args>(args)...};
        Answer<M> answer;
        OutgoingCall call{m_link};
        call.Run([&](Connection& connection) {
            Exchange exchange{m_link, &call};
            auto request{(Object<typename M::Wire::Interface>(connection).*M::REQUEST)(nullptr)};
            if constexpr (M::HAS_CONTEXT) call.FillContext(connection, request.initContext());
            BuildParams<M>(exchange, request, all);
            return request.send().then([this, &answer, &all](auto&& response) {
                Exchange reading{m_link};
                answer.Read(reading, response, all);
            });
        });
        return answer.Take();
    }

    //! Makes the peer destroy the object, and waits until that is done.
    template<typename Interface>
    void Destroy()
    {
        const auto destroy{[link = m_link, number = m_number] {
            OutgoingCall call{link};
            try {
                call.Run([&](Connection& connection) {
                    auto request{connection.Kept(number).template castAs<Interface>().destroyRequest()};
                    call.FillContext(connection, request.initContext());
                    return request.send().ignoreResult();
                });
            } catch (const std::runtime_error&) {
                // The connection is closed, or the peer answered with an error: a destructor cannot report it.
            }
        }};
        if (!m_link->loop->IsCurrent()) return destroy();
        // This is the loop thread if a value is destroyed before it was delivered. Do not block it.
        m_link->loop->RunAside([destroy, release = std::exchange(m_number, 0), link = m_link] {
            destroy();
            Release(link, release);
        });
    }

private:
    template<typename M, typename... Args>
    static void BuildParams(Exchange& exchange, auto& request, std::tuple<Args...>& args)
    {
        ForEachIndex<sizeof...(Args)>([&](auto index) {
            using Part = typename M::template Part<index>;
            if constexpr (Part::IN) {
                M::template Parameter<index>::Codec::Build(exchange, std::get<index>(std::move(args)),
                                                           OutputOf<typename Part::Field>(request));
            }
        });
    }

    static void Release(const std::shared_ptr<Link>& link, uint64_t number)
    {
        link->loop->Post([link, number] {
            if (link->connection != nullptr) link->connection->Release(number);
        });
    }
    void Release()
    {
        if (m_number != 0) Release(m_link, m_number);
    }

    const std::shared_ptr<Link> m_link;
    uint64_t m_number;
};

} // namespace mpfuzz::fuzz_interface::native
