#include <domains/multiprocess/domain.h>

#include <domains/multiprocess/sources.h>

namespace mpfuzz::domains::multiprocess {

namespace {

// `destroy` ends the object that a program has just built up. Guess, unmeasured.
constexpr unsigned DESTROY_PERCENT{15};

unsigned PercentOfGoals(const schema::Schema& schema, schema::MethodRef method)
{
    return schema.GetMethod(method).name == "destroy" ? DESTROY_PERCENT : 100;
}

} // namespace

domain::Domain MakeDomain()
{
    domain::Domain made;
    made.name = "multiprocess";
    made.sources.push_back(MakeContextSource());
    made.sources.push_back(MakeThreadMapSource());
    made.sources.push_back(MakeThreadNameSource());
    made.sources.push_back(MakePoolSizeSource());
    made.goal_percent = PercentOfGoals;
    return made;
}

} // namespace mpfuzz::domains::multiprocess
