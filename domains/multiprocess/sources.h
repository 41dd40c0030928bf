#pragma once

#include <mpfuzz/domain/domain.h>

#include <memory>

namespace mpfuzz::domains::multiprocess {

//! Fills a Context: mostly with a thread that the server made on this connection.
std::unique_ptr<const domain::ValueSource> MakeContextSource();

//! Fills a parameter of type ThreadMap with one of ours.
std::unique_ptr<const domain::ValueSource> MakeThreadMapSource();

//! Names threads, in makeThread.
std::unique_ptr<const domain::ValueSource> MakeThreadNameSource();

//! Sizes thread pools, in makePool: never so large that threads run out.
std::unique_ptr<const domain::ValueSource> MakePoolSizeSource();

} // namespace mpfuzz::domains::multiprocess
