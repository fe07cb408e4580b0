// The whole addon behind one call: a generated scope.cpp fills an InterfaceShape and exports it.
#ifndef DEXTGEN_ADDON_H
#define DEXTGEN_ADDON_H

#include "interface.h"

#include <napi.h>

namespace dextgen {

/// Defines the functions on `exports`. `shape` must live as long as the process.
Napi::Object Export(Napi::Env env, Napi::Object exports, const InterfaceShape & shape);

} // namespace dextgen

#endif
