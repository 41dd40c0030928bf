// This file is long because FuzzInterface has many methods, and each needs its own line.
#include <fuzz_interface/benchmark/recording.h>

#include <map>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

//! The callback that Recording::Play passes to the server.
class PlainCallback final : public FuzzCallback
{
public:
    explicit PlainCallback(FuzzInterface& remote) : m_remote{remote} {}

    int32_t call(int32_t value) override { return value; }
    int32_t recurse(int32_t value, int32_t depth) override
    {
        return depth == 0 ? value : m_remote.recurse(*this, value, depth - 1);
    }

private:
    FuzzInterface& m_remote;
};

//! The object that Recording::Play passes to visitObject.
class PlainObject final : public FuzzObject
{
public:
    int32_t id() override { return 0; }
    uint64_t visit(uint64_t token) override { return token; }
    std::unique_ptr<FuzzObject> makeChild(int32_t) override { return std::make_unique<PlainObject>(); }
};

//! Passes calls on to the original callback, and counts them.
class CountedCallback final : public FuzzCallback
{
public:
    CountedCallback(std::shared_ptr<FuzzCallback> inner, Recording& recording)
        : m_inner{std::move(inner)}, m_recording{recording}
    {
    }

    int32_t call(int32_t value) override
    {
        m_recording.CountCallback();
        return m_inner->call(value);
    }
    int32_t recurse(int32_t value, int32_t depth) override
    {
        m_recording.CountCallback();
        return m_inner->recurse(value, depth);
    }

private:
    std::shared_ptr<FuzzCallback> m_inner;
    Recording& m_recording;
};

class CountedObject final : public FuzzObject
{
public:
    CountedObject(FuzzObject& inner, Recording& recording) : m_inner{inner}, m_recording{recording} {}

    int32_t id() override
    {
        m_recording.CountCallback();
        return m_inner.id();
    }
    uint64_t visit(uint64_t token) override
    {
        m_recording.CountCallback();
        return m_inner.visit(token);
    }
    std::unique_ptr<FuzzObject> makeChild(int32_t id) override
    {
        m_recording.CountCallback();
        return m_inner.makeChild(id);
    }

private:
    FuzzObject& m_inner;
    Recording& m_recording;
};

//! Passes calls on to an object of the server, and records them.
class RecordedObject final : public FuzzObject
{
public:
    RecordedObject(std::unique_ptr<FuzzObject> inner, Recording& recording, size_t index)
        : m_inner{std::move(inner)}, m_recording{recording}, m_index{index}
    {
    }
    ~RecordedObject() override
    {
        m_recording.Add([index = m_index](Recording::PlayState& state) { state.objects[index].reset(); });
    }

    FuzzObject& Inner() { return *m_inner; }
    size_t Index() const { return m_index; }

    int32_t id() override
    {
        m_recording.Add([index = m_index](Recording::PlayState& state) { state.objects[index]->id(); });
        return m_inner->id();
    }
    uint64_t visit(uint64_t token) override
    {
        m_recording.Add([index = m_index, token](Recording::PlayState& state) { state.objects[index]->visit(token); });
        return m_inner->visit(token);
    }
    std::unique_ptr<FuzzObject> makeChild(int32_t id) override
    {
        const size_t child{m_recording.AddObject()};
        m_recording.Add([index = m_index, child, id](Recording::PlayState& state) {
            state.objects[child] = state.objects[index]->makeChild(id);
        });
        return std::make_unique<RecordedObject>(m_inner->makeChild(id), m_recording, child);
    }

private:
    std::unique_ptr<FuzzObject> m_inner;
    Recording& m_recording;
    size_t m_index;
};

template<auto METHOD>
struct Recorded;

template<typename R, typename... A, R (FuzzInterface::*METHOD)(A...)>
struct Recorded<METHOD> {
    static R Make(FuzzInterface& remote, Recording& recording, A... arguments)
    {
        recording.Add([copies = std::tuple<std::decay_t<A>...>{arguments...}](Recording::PlayState& state) {
            // A copy, because the method may change its arguments.
            auto call_arguments{copies};
            std::apply([&](auto&... argument) { (void)(state.remote.*METHOD)(static_cast<A>(argument)...); },
                       call_arguments);
        });
        return (remote.*METHOD)(static_cast<A>(arguments)...);
    }
};

class Recorder final : public FuzzInterface
{
public:
    Recorder(FuzzInterface& remote, Recording& recording) : m_remote{remote}, m_recording{recording} {}

// One line for each method that takes and returns values only.
#define RECORD(result, name, parameters, ...) \
    result name parameters override { return Recorded<&FuzzInterface::name>::Make(m_remote, m_recording, __VA_ARGS__); }
    RECORD(int32_t, addOnLoop, (int32_t value), value)
    RECORD(void, addInt32, (int32_t & value), value)
    RECORD(int64_t, rotateInt64, (int64_t value), value)
    RECORD(uint64_t, invertUInt64, (uint64_t value), value)
    RECORD(bool, notBool, (bool value), value)
    RECORD(double, negate, (double value), value)
    RECORD(Colour, nextColour, (Colour value), value)
    RECORD(std::string, reverseText, (const std::string& value), value)
    RECORD(Bytes, reverseBytes, (const Bytes& value), value)
    RECORD(FeeRate, bumpFeeRate, (const FeeRate& value), value)
    RECORD(OutPoint, nextOutPoint, (const OutPoint& value), value)
    RECORD(Script, reverseScript, (const Script& value), value)
    RECORD(TransactionRef, bumpTransaction, (const TransactionRef& value), value)
    RECORD(std::vector<TransactionRef>, reverseTransactions, (const std::vector<TransactionRef>& value), value)
    RECORD(Json, wrapJson, (const Json& value), value)
    RECORD(Settings, swapSettings, (const Settings& value), value)
    using Fees = std::map<std::string, std::vector<FeeRate>>;
    RECORD(Fees, reverseFees, (const Fees& value), value)
    RECORD(std::set<int32_t>, negateSet, (const std::set<int32_t>& value), value)
    RECORD(std::unordered_set<std::string>, reverseEach, (const std::unordered_set<std::string>& value), value)
    using NumberAndText = std::pair<int32_t, std::string>;
    RECORD(NumberAndText, changePair, (const NumberAndText& value), value)
    using NumberAndBytes = std::tuple<uint64_t, Bytes>;
    RECORD(NumberAndBytes, changeTuple, (const NumberAndBytes& value), value)
    RECORD(std::vector<std::vector<int32_t>>, reverseLists, (const std::vector<std::vector<int32_t>>& value), value)
    RECORD(std::vector<bool>, notEach, (const std::vector<bool>& value), value)
    RECORD(std::optional<int32_t>, maybeAdd, (const std::optional<int32_t>& value), value)
    RECORD(std::optional<bool>, maybeNot, (const std::optional<bool>& value), value)
    RECORD(std::optional<double>, maybeNegate, (const std::optional<double>& value), value)
    RECORD(std::optional<std::string>, maybeReverseText, (const std::optional<std::string>& value), value)
    RECORD(std::optional<Bytes>, maybeReverseBytes, (const std::optional<Bytes>& value), value)
    RECORD(std::optional<FeeRate>, maybeBump, (const std::optional<FeeRate>& value), value)
    RECORD(std::chrono::milliseconds, negateDuration, (std::chrono::milliseconds value), value)
    RECORD(std::chrono::seconds, rotateSeconds, (std::chrono::seconds value), value)
    RECORD(TimePoint, invertTime, (TimePoint value), value)
    RECORD(int64_t, mixed, (int32_t in, std::string& in_out, Bytes& out), in, in_out, out)
    RECORD(int32_t, raise, (int32_t kind, int32_t code, const std::string& message), kind, code, message)
    RECORD(int32_t, callStored, (int32_t slot, int32_t value), slot, value)
    RECORD(bool, forget, (int32_t slot), slot)
#undef RECORD
    int32_t liveObjects() override
    {
        m_recording.Add([](Recording::PlayState& state) { state.remote.liveObjects(); });
        return m_remote.liveObjects();
    }

    int32_t callFunction(std::function<int32_t(int32_t)> function, int32_t value) override
    {
        m_recording.Add(
            [value](Recording::PlayState& state) { state.remote.callFunction([](int32_t x) { return x; }, value); });
        return m_remote.callFunction(
            [this, inner = std::move(function)](int32_t number) {
                m_recording.CountCallback();
                return inner(number);
            },
            value);
    }
    int32_t callObject(FuzzCallback& callback, int32_t value) override
    {
        m_recording.Add([value](Recording::PlayState& state) {
            PlainCallback plain{state.remote};
            state.remote.callObject(plain, value);
        });
        auto counted{Borrow(callback)};
        return m_remote.callObject(counted, value);
    }
    int32_t callUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) override
    {
        m_recording.Add([value](Recording::PlayState& state) {
            state.remote.callUnique(std::make_unique<PlainCallback>(state.remote), value);
        });
        return m_remote.callUnique(std::make_unique<CountedCallback>(std::move(callback), m_recording), value);
    }
    int32_t callShared(std::shared_ptr<FuzzCallback> callback, int32_t value) override
    {
        m_recording.Add([value](Recording::PlayState& state) {
            state.remote.callShared(std::make_shared<PlainCallback>(state.remote), value);
        });
        return m_remote.callShared(std::make_shared<CountedCallback>(std::move(callback), m_recording), value);
    }
    int32_t recurse(FuzzCallback& callback, int32_t value, int32_t depth) override
    {
        // Not recorded: in Play, PlainCallback makes the nested calls itself.
        if (!m_recursing) {
            m_recording.Add([value, depth](Recording::PlayState& state) {
                PlainCallback plain{state.remote};
                state.remote.recurse(plain, value, depth);
            });
        } else {
            m_recording.CountCallback();
        }
        const bool outer{std::exchange(m_recursing, true)};
        auto counted{Borrow(callback)};
        struct Restore {
            bool& flag;
            bool value;
            ~Restore() { flag = value; }
        } restore{m_recursing, outer};
        return m_remote.recurse(counted, value, depth);
    }
    void store(int32_t slot, std::shared_ptr<FuzzCallback> callback) override
    {
        m_recording.Add([slot](Recording::PlayState& state) {
            state.remote.store(slot, std::make_shared<PlainCallback>(state.remote));
        });
        m_remote.store(slot, std::make_shared<CountedCallback>(std::move(callback), m_recording));
    }

    std::unique_ptr<FuzzObject> makeObject(int32_t id) override
    {
        const size_t index{m_recording.AddObject()};
        m_recording.Add(
            [index, id](Recording::PlayState& state) { state.objects[index] = state.remote.makeObject(id); });
        return std::make_unique<RecordedObject>(m_remote.makeObject(id), m_recording, index);
    }
    uint64_t visitObject(FuzzObject& object, uint64_t token) override
    {
        if (auto* const recorded{dynamic_cast<RecordedObject*>(&object)}) {
            m_recording.Add([index = recorded->Index(), token](Recording::PlayState& state) {
                state.remote.visitObject(*state.objects[index], token);
            });
            return m_remote.visitObject(recorded->Inner(), token);
        }
        m_recording.Add([token](Recording::PlayState& state) {
            PlainObject plain;
            state.remote.visitObject(plain, token);
        });
        CountedObject counted{object, m_recording};
        return m_remote.visitObject(counted, token);
    }

private:
    CountedCallback Borrow(FuzzCallback& callback)
    {
        return {std::shared_ptr<FuzzCallback>{std::shared_ptr<void>{}, &callback}, m_recording};
    }

    FuzzInterface& m_remote;
    Recording& m_recording;
    bool m_recursing{false};
};

} // namespace

void Recording::Play(FuzzInterface& remote) const
{
    PlayState state{.remote = remote, .objects = std::vector<std::unique_ptr<FuzzObject>>(m_objects)};
    for (const Call& call : m_calls) {
        try {
            call(state);
        } catch (...) {
            // Some recorded calls throw, such as `raise`.
        }
    }
}

std::unique_ptr<FuzzInterface> MakeRecorder(FuzzInterface& remote, Recording& recording)
{
    return std::make_unique<Recorder>(remote, recording);
}

} // namespace mpfuzz::fuzz_interface
