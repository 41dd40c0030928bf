#pragma once

#include <mpfuzz/program/visit.h>

//! Being replaced by visit.h.
namespace mpfuzz::program {

//! Calls visit(CapabilityRef&), visit(DataRef&) and visit(ServedObject&) for each of them in a step's values.
template<typename Visit>
void WalkStep(Step& step, const Visit& visit)
{
    if (auto* serve{std::get_if<Serve>(&step)}) visit(serve->object);
    ForEachValue(step, [&visit](Value& value) {
        if (auto* ref{value.As<CapabilityRef>()}) visit(*ref);
        if (auto* data{value.As<DataRef>()}) visit(*data);
        if (auto* object{value.As<ServedObject>()}) visit(*object);
    });
}

} // namespace mpfuzz::program
