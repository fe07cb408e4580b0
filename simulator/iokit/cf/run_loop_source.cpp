// Version-0 sources of run loops.
#include "run_loop.h"

#include <algorithm>

using dextsim::cf::Type;

__CFRunLoopSource::__CFRunLoopSource(const CFRunLoopSourceContext & with)
    : Object(Type::RunLoopSource), context(with) {
    if (context.retain != nullptr) {
        context.retain(context.info);
    }
}

__CFRunLoopSource::~__CFRunLoopSource() {
    if (context.release != nullptr) {
        context.release(context.info);
    }
}

CFTypeID CFRunLoopSourceGetTypeID(void) {
    return static_cast<CFTypeID>(Type::RunLoopSource);
}

void CFRunLoopAddSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode) {
    if (CFRunLoopContainsSource(loop, source, nullptr)) {
        return;
    }
    CFRetain(source);
    {
        std::lock_guard guard(loop->lock);
        loop->sources.push_back(source);
    }
    {
        std::lock_guard guard(source->lock);
        source->loops.push_back(loop);
    }
    CFRunLoopWakeUp(loop); // it may have been signalled before
}

void CFRunLoopRemoveSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode) {
    {
        std::lock_guard guard(source->lock);
        std::erase(source->loops, loop);
    }
    {
        std::lock_guard guard(loop->lock);
        if (std::erase(loop->sources, source) == 0) {
            return;
        }
    }
    CFRelease(source);
}

Boolean CFRunLoopContainsSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode) {
    std::lock_guard guard(loop->lock);
    return std::find(loop->sources.begin(), loop->sources.end(), source) != loop->sources.end();
}

CFRunLoopSourceRef CFRunLoopSourceCreate(CFAllocatorRef, CFIndex,
                                         CFRunLoopSourceContext * context) {
    return new __CFRunLoopSource(*context);
}

// Also wakes the loops it was added to, as a Mach port source does by itself.
void CFRunLoopSourceSignal(CFRunLoopSourceRef source) {
    source->signalled = true;
    std::lock_guard guard(source->lock);
    for (CFRunLoopRef loop : source->loops) {
        CFRunLoopWakeUp(loop);
    }
}

void CFRunLoopSourceInvalidate(CFRunLoopSourceRef source) {
    source->valid = false;
    CFRetain(source);
    std::vector<CFRunLoopRef> loops;
    {
        std::lock_guard guard(source->lock);
        loops = source->loops;
    }
    for (CFRunLoopRef loop : loops) {
        CFRunLoopRemoveSource(loop, source, nullptr);
    }
    CFRelease(source);
}

Boolean CFRunLoopSourceIsValid(CFRunLoopSourceRef source) {
    return source->valid;
}
