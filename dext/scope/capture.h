// The last capture, in memory that apps map read-only. Contract with them: the count of samples is
// written last, and becomes 0 before anything else changes.
#ifndef SCOPE_CAPTURE_H
#define SCOPE_CAPTURE_H

#include "scope.h"

namespace scope {

/// How the device is set while it captures.
struct Settings {
    uint32_t sampleRate; // Hz
    uint32_t gain;
};

/// Appends the samples of `count` packets; where they do not fit, the capture starts anew.
void AddToCapture(ScopeCaptureBuffer * capture, const Settings & settings,
                  const ScopePacket * packets, uint32_t count);

} // namespace scope

#endif
