// How the USB family compares a personality with a device or an interface: integers only, in the
// key sets of the USB Common Class specification (contract §5.2).
#ifndef DEXTSIM_KERNEL_USB_MATCHING_H
#define DEXTSIM_KERNEL_USB_MATCHING_H

#include "ipc/value.h"

#include <string>

namespace dextsim {

// The provider classes whose personalities are compared by USB keys.
bool isUsbProviderClass(const std::string & className);

// "" or why this personality can match no device at all.
std::string whyNeverMatches(const Value & personality, bool anyKeys);

// "" when `criteria` (a personality or a client's matching dictionary) agrees with the properties
// of a nub; else which key differs.
std::string compareUsbKeys(const Value & criteria, const Value & nub);

// The family's probe score of a personality's key set; higher is more specific.
int usbProbeScore(const Value & personality);

} // namespace dextsim

#endif
