#pragma once

#include <mpfuzz/schema/schema.h>

#include <vector>

//! Where values come from and where they can go, worked out from the types alone.
namespace mpfuzz::schema {

//! What Schema::Producers, Consumers and DataFlows give, in that order of lists.
std::vector<std::vector<Occurrence>> FindProducers(const Schema& schema);
std::vector<std::vector<Occurrence>> FindConsumers(const Schema& schema);
std::vector<DataFlow> FindDataFlows(const Schema& schema);

} // namespace mpfuzz::schema
