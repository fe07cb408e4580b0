// Registry values as JavaScript values. Integers become bigint: CFNumber does not say whether 64
// bits are signed, so the client, which knows the type, decides.
#ifndef DEXTGEN_ADDON_PROPERTIES_H
#define DEXTGEN_ADDON_PROPERTIES_H

#include "resources.h"

#include <napi.h>

#include <string>

namespace dextgen {

/// Null when the service has no such property.
CfObject CopyProperty(io_registry_entry_t entry, const std::string & key);

/// undefined for null and for types that do not come from a driver (contract §6.4).
Napi::Value ToJavaScript(Napi::Env env, CFTypeRef value);

} // namespace dextgen

#endif
