// Every Codec there is.
#pragma once

#include "bindings/native/bitcoin.h"
#include "bindings/native/containers.h"
#include "bindings/native/numbers.h"
#include "bindings/native/objects.h"
#include "bindings/native/optional.h"
#include "bindings/native/structs.h"
#include "bindings/native/text.h"
