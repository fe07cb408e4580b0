// See capture.h.
#include "capture.h"

#include <string.h>

namespace scope {

namespace {

void Begin(ScopeCaptureHeader * header, const Settings & settings, const ScopePacket & first) {
    __atomic_store_n(&header->count, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    header->sequence = first.sequence;
    header->sampleRate = settings.sampleRate;
    header->gain = settings.gain;
    header->timestamp = first.timestamp;
}

} // namespace

void AddToCapture(ScopeCaptureBuffer * capture, const Settings & settings,
                  const ScopePacket * packets, uint32_t count) {
    constexpr uint32_t kSamples = sizeof packets->samples / sizeof packets->samples[0];
    constexpr uint32_t kRoom = sizeof ScopeCaptureBuffer::samples / sizeof(float);
    uint32_t filled = capture->header.count; // ours: nobody else can write it
    for (uint32_t i = 0; i < count; i++) {
        if (filled == 0 || filled + kSamples > kRoom) {
            Begin(&capture->header, settings, packets[i]);
            filled = 0;
        }
        memcpy(capture->samples + filled, packets[i].samples, sizeof packets[i].samples);
        filled += kSamples;
    }
    __atomic_store_n(&capture->header.count, filled, __ATOMIC_RELEASE);
}

} // namespace scope
