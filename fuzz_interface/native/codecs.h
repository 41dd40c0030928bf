// Every Codec there is.
#pragma once

#include <fuzz_interface/native/bitcoin.h>
#include <fuzz_interface/native/containers.h>
#include <fuzz_interface/native/numbers.h>
#include <fuzz_interface/native/objects.h>
#include <fuzz_interface/native/optional.h>
#include <fuzz_interface/native/structs.h>
#include <fuzz_interface/native/text.h>
