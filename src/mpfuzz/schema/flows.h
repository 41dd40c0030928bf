#pragma once

#include <mpfuzz/schema/schema.h>

#include <vector>

//! Which methods return a type, and which take it as a parameter.
namespace mpfuzz::schema {

//! The lists of Schema::Producers, Consumers and DataFlows.
std::vector<std::vector<Occurrence>> FindProducers(const Schema& schema);
std::vector<std::vector<Occurrence>> FindConsumers(const Schema& schema);
std::vector<DataFlow> FindDataFlows(const Schema& schema);

} // namespace mpfuzz::schema
