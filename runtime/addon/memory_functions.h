// The functions over mapped memory that an addon exports: mapping, copying, rings.
#ifndef DEXTGEN_ADDON_MEMORY_FUNCTIONS_H
#define DEXTGEN_ADDON_MEMORY_FUNCTIONS_H

#include "arguments.h"

namespace dextgen {

Napi::Value Map(Arguments & in);
Napi::Value Unmap(Arguments & in);
Napi::Value Read(Arguments & in);
Napi::Value Write(Arguments & in);
Napi::Value Load(Arguments & in);
Napi::Value Store(Arguments & in);
Napi::Value MakeRing(Arguments & in);
Napi::Value Drain(Arguments & in);
Napi::Value Answered(Arguments & in);

} // namespace dextgen

#endif
