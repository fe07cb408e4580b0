// The interface that an addon was built from, as a JavaScript object.
#ifndef DEXTGEN_ADDON_DESCRIBE_H
#define DEXTGEN_ADDON_DESCRIBE_H

#include "interface.h"

#include <napi.h>

namespace dextgen {

Napi::Object DescribeInterface(Napi::Env env, const InterfaceShape & shape);

} // namespace dextgen

#endif
