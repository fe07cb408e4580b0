// Ranges of an app's own memory among the arguments of a call, as descriptors (contract §1.10).
#ifndef DEXTGEN_CLIENT_RANGES_H
#define DEXTGEN_CLIENT_RANGES_H

#include "call.h"

namespace dextgen {

/// No range goes beyond the end of the address space. Its words were checked one by one before.
bool RangesCheck(const Call & call, Fault * fault);

/// Makes the descriptors. Whether the app has memory there shows when one is used.
kern_return_t RangesOpen(Call * call);

/// A hook that needs one for longer has retained it.
void RangesRelease(Call * call);

} // namespace dextgen

#endif
