// Formats of CFString and os_log: printf's conversions, %@ for objects, n$ for order.
#ifndef DEXTSIM_IOKIT_CF_FORMAT_H
#define DEXTSIM_IOKIT_CF_FORMAT_H

#include <CoreFoundation/CFBase.h>

#include <cstdarg>
#include <string>

namespace dextsim::cf {

// An annotation behind the %, as os_log has them ({public}), is left out. %n writes nothing.
std::string formatText(const char * format, va_list arguments);
// An object as %@ shows it: strings and numbers by their value, others described.
std::string formatObject(CFTypeRef object);
// What CFCopyDescription says.
std::string describe(CFTypeRef object);

} // namespace dextsim::cf

#endif
