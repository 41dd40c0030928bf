// This file is long because FuzzInterface has many methods, and each needs its own line.
#include <fuzz_interface/benchmark/recording.h>

#include <tuple>
#include <type_traits>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

//! The callback that is passed when a recording is played.
class PlainCallback final : public FuzzCallback
{
public:
    explicit PlainCallback(FuzzInterface& remote) : m_remote{remote} {}

    int32_t Call(int32_t value) override { return value; }
    int32_t Recurse(int32_t value, int32_t depth) override
    {
        return depth == 0 ? value : m_remote.Recurse(*this, value, depth - 1);
    }

private:
    FuzzInterface& m_remote;
};

//! The object that is visited when a recording is played.
class PlainObject final : public FuzzObject
{
public:
    int32_t Id() override { return 0; }
    uint64_t Visit(uint64_t token) override { return token; }
    std::unique_ptr<FuzzObject> MakeChild(int32_t) override { return std::make_unique<PlainObject>(); }
};

//! Passes calls on to the original callback, and counts them.
class CountedCallback final : public FuzzCallback
{
public:
    CountedCallback(std::shared_ptr<FuzzCallback> inner, Recording& recording)
        : m_inner{std::move(inner)}, m_recording{recording}
    {
    }

    int32_t Call(int32_t value) override
    {
        m_recording.CountCallback();
        return m_inner->Call(value);
    }
    int32_t Recurse(int32_t value, int32_t depth) override
    {
        m_recording.CountCallback();
        return m_inner->Recurse(value, depth);
    }

private:
    std::shared_ptr<FuzzCallback> m_inner;
    Recording& m_recording;
};

class CountedObject final : public FuzzObject
{
public:
    CountedObject(FuzzObject& inner, Recording& recording) : m_inner{inner}, m_recording{recording} {}

    int32_t Id() override
    {
        m_recording.CountCallback();
        return m_inner.Id();
    }
    uint64_t Visit(uint64_t token) override
    {
        m_recording.CountCallback();
        return m_inner.Visit(token);
    }
    std::unique_ptr<FuzzObject> MakeChild(int32_t id) override
    {
        m_recording.CountCallback();
        return m_inner.MakeChild(id);
    }

private:
    FuzzObject& m_inner;
    Recording& m_recording;
};

//! An object of the server. Passes calls on to it, and records them.
class RecordedObject final : public FuzzObject
{
public:
    RecordedObject(std::unique_ptr<FuzzObject> inner, Recording& recording, size_t index)
        : m_inner{std::move(inner)}, m_recording{recording}, m_index{index}
    {
    }
    ~RecordedObject() override
    {
        m_recording.Add([index = m_index](Recording::Stage& stage) { stage.objects[index].reset(); });
    }

    FuzzObject& Inner() { return *m_inner; }
    size_t Index() const { return m_index; }

    int32_t Id() override
    {
        m_recording.Add([index = m_index](Recording::Stage& stage) { stage.objects[index]->Id(); });
        return m_inner->Id();
    }
    uint64_t Visit(uint64_t token) override
    {
        m_recording.Add([index = m_index, token](Recording::Stage& stage) { stage.objects[index]->Visit(token); });
        return m_inner->Visit(token);
    }
    std::unique_ptr<FuzzObject> MakeChild(int32_t id) override
    {
        const size_t child{m_recording.AddObject()};
        m_recording.Add([index = m_index, child, id](Recording::Stage& stage) {
            stage.objects[child] = stage.objects[index]->MakeChild(id);
        });
        return std::make_unique<RecordedObject>(m_inner->MakeChild(id), m_recording, child);
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
        recording.Add([copies = std::tuple<std::decay_t<A>...>{arguments...}](Recording::Stage& stage) {
            // A copy, because the method may change its arguments.
            auto mine{copies};
            std::apply([&](auto&... argument) { (void)(stage.remote.*METHOD)(static_cast<A>(argument)...); }, mine);
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
    RECORD(int32_t, AddOnLoop, (int32_t value), value)
    RECORD(void, AddInt32, (int32_t & value), value)
    RECORD(int64_t, RotateInt64, (int64_t value), value)
    RECORD(uint64_t, InvertUInt64, (uint64_t value), value)
    RECORD(bool, Not, (bool value), value)
    RECORD(double, Negate, (double value), value)
    RECORD(Colour, NextColour, (Colour value), value)
    RECORD(std::string, ReverseText, (const std::string& value), value)
    RECORD(Bytes, ReverseBytes, (const Bytes& value), value)
    RECORD(FeeRate, BumpFeeRate, (const FeeRate& value), value)
    RECORD(OutPoint, NextOutPoint, (const OutPoint& value), value)
    RECORD(Script, ReverseScript, (const Script& value), value)
    RECORD(TransactionRef, BumpTransaction, (const TransactionRef& value), value)
    RECORD(std::vector<TransactionRef>, ReverseTransactions, (const std::vector<TransactionRef>& value), value)
    RECORD(Json, WrapJson, (const Json& value), value)
    RECORD(Settings, SwapSettings, (const Settings& value), value)
    using Fees = std::map<std::string, std::vector<FeeRate>>;
    RECORD(Fees, ReverseFees, (const Fees& value), value)
    RECORD(std::set<int32_t>, NegateSet, (const std::set<int32_t>& value), value)
    RECORD(std::unordered_set<std::string>, ReverseEach, (const std::unordered_set<std::string>& value), value)
    using NumberAndText = std::pair<int32_t, std::string>;
    RECORD(NumberAndText, ChangePair, (const NumberAndText& value), value)
    using NumberAndBytes = std::tuple<uint64_t, Bytes>;
    RECORD(NumberAndBytes, ChangeTuple, (const NumberAndBytes& value), value)
    RECORD(std::vector<std::vector<int32_t>>, ReverseLists, (const std::vector<std::vector<int32_t>>& value), value)
    RECORD(std::vector<bool>, NotEach, (const std::vector<bool>& value), value)
    RECORD(std::optional<int32_t>, MaybeAdd, (const std::optional<int32_t>& value), value)
    RECORD(std::optional<bool>, MaybeNot, (const std::optional<bool>& value), value)
    RECORD(std::optional<double>, MaybeNegate, (const std::optional<double>& value), value)
    RECORD(std::optional<std::string>, MaybeReverseText, (const std::optional<std::string>& value), value)
    RECORD(std::optional<Bytes>, MaybeReverseBytes, (const std::optional<Bytes>& value), value)
    RECORD(std::optional<FeeRate>, MaybeBump, (const std::optional<FeeRate>& value), value)
    RECORD(std::chrono::milliseconds, NegateDuration, (std::chrono::milliseconds value), value)
    RECORD(std::chrono::seconds, RotateSeconds, (std::chrono::seconds value), value)
    RECORD(TimePoint, InvertTime, (TimePoint value), value)
    RECORD(int64_t, Mixed, (int32_t in, std::string& in_out, Bytes& out), in, in_out, out)
    RECORD(int32_t, Raise, (int32_t kind, int32_t code, const std::string& message), kind, code, message)
    RECORD(int32_t, CallStored, (int32_t slot, int32_t value), slot, value)
    RECORD(bool, Forget, (int32_t slot), slot)
#undef RECORD
    int32_t LiveObjects() override
    {
        m_recording.Add([](Recording::Stage& stage) { stage.remote.LiveObjects(); });
        return m_remote.LiveObjects();
    }

    int32_t CallFunction(std::function<int32_t(int32_t)> function, int32_t value) override
    {
        m_recording.Add(
            [value](Recording::Stage& stage) { stage.remote.CallFunction([](int32_t x) { return x; }, value); });
        return m_remote.CallFunction(
            [this, inner = std::move(function)](int32_t number) {
                m_recording.CountCallback();
                return inner(number);
            },
            value);
    }
    int32_t CallObject(FuzzCallback& callback, int32_t value) override
    {
        m_recording.Add([value](Recording::Stage& stage) {
            PlainCallback plain{stage.remote};
            stage.remote.CallObject(plain, value);
        });
        auto counted{Borrow(callback)};
        return m_remote.CallObject(counted, value);
    }
    int32_t CallUnique(std::unique_ptr<FuzzCallback> callback, int32_t value) override
    {
        m_recording.Add([value](Recording::Stage& stage) {
            stage.remote.CallUnique(std::make_unique<PlainCallback>(stage.remote), value);
        });
        return m_remote.CallUnique(std::make_unique<CountedCallback>(std::move(callback), m_recording), value);
    }
    int32_t CallShared(std::shared_ptr<FuzzCallback> callback, int32_t value) override
    {
        m_recording.Add([value](Recording::Stage& stage) {
            stage.remote.CallShared(std::make_shared<PlainCallback>(stage.remote), value);
        });
        return m_remote.CallShared(std::make_shared<CountedCallback>(std::move(callback), m_recording), value);
    }
    int32_t Recurse(FuzzCallback& callback, int32_t value, int32_t depth) override
    {
        // When played, PlainCallback makes the nested calls itself.
        if (!m_recursing) {
            m_recording.Add([value, depth](Recording::Stage& stage) {
                PlainCallback plain{stage.remote};
                stage.remote.Recurse(plain, value, depth);
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
        return m_remote.Recurse(counted, value, depth);
    }
    void Store(int32_t slot, std::shared_ptr<FuzzCallback> callback) override
    {
        m_recording.Add([slot](Recording::Stage& stage) {
            stage.remote.Store(slot, std::make_shared<PlainCallback>(stage.remote));
        });
        m_remote.Store(slot, std::make_shared<CountedCallback>(std::move(callback), m_recording));
    }

    std::unique_ptr<FuzzObject> MakeObject(int32_t id) override
    {
        const size_t index{m_recording.AddObject()};
        m_recording.Add([index, id](Recording::Stage& stage) { stage.objects[index] = stage.remote.MakeObject(id); });
        return std::make_unique<RecordedObject>(m_remote.MakeObject(id), m_recording, index);
    }
    uint64_t VisitObject(FuzzObject& object, uint64_t token) override
    {
        if (auto* const recorded{dynamic_cast<RecordedObject*>(&object)}) {
            m_recording.Add([index = recorded->Index(), token](Recording::Stage& stage) {
                stage.remote.VisitObject(*stage.objects[index], token);
            });
            return m_remote.VisitObject(recorded->Inner(), token);
        }
        m_recording.Add([token](Recording::Stage& stage) {
            PlainObject plain;
            stage.remote.VisitObject(plain, token);
        });
        CountedObject counted{object, m_recording};
        return m_remote.VisitObject(counted, token);
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
    Stage stage{.remote = remote, .objects = std::vector<std::unique_ptr<FuzzObject>>(m_objects)};
    for (const Call& call : m_calls) {
        try {
            call(stage);
        } catch (...) {
            // Some calls are meant to fail.
        }
    }
}

std::unique_ptr<FuzzInterface> MakeRecorder(FuzzInterface& remote, Recording& recording)
{
    return std::make_unique<Recorder>(remote, recording);
}

} // namespace mpfuzz::fuzz_interface
