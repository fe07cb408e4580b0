// The block forms of CFRunLoop.h, in terms of its functions: a library built without blocks serves
// them.
#ifndef __COREFOUNDATION_CFRUNLOOPBLOCKS__
#define __COREFOUNDATION_CFRUNLOOPBLOCKS__

#include <Block.h>

static inline void _CFRunLoopCallBlockAndRelease(void * context) {
    void (^block)(void) = (void (^)(void))context;
    block();
    Block_release(block);
}

// Waits until the loop runs; CFRunLoopWakeUp makes it look.
static inline void CFRunLoopPerformBlock(CFRunLoopRef loop, CFTypeRef mode, void (^block)(void)) {
    (void)mode;
    _CFRunLoopPerformFunction(loop, (void *)Block_copy(block), _CFRunLoopCallBlockAndRelease);
}

static inline void _CFRunLoopCallTimerBlock(CFRunLoopTimerRef timer, void * info) {
    ((void (^)(CFRunLoopTimerRef))info)(timer);
}
static inline const void * _CFRunLoopRetainBlock(const void * info) {
    return (const void *)Block_copy((void (^)(CFRunLoopTimerRef))(void *)(uintptr_t)info);
}
static inline void _CFRunLoopReleaseBlock(const void * info) {
    Block_release((void (^)(CFRunLoopTimerRef))(void *)(uintptr_t)info);
}

static inline CFRunLoopTimerRef
CFRunLoopTimerCreateWithHandler(CFAllocatorRef allocator, CFAbsoluteTime fireDate,
                                CFTimeInterval interval, CFOptionFlags flags, CFIndex order,
                                void (^block)(CFRunLoopTimerRef timer)) {
    CFRunLoopTimerContext context = {0, (void *)block, _CFRunLoopRetainBlock,
                                     _CFRunLoopReleaseBlock, NULL};
    return CFRunLoopTimerCreate(allocator, fireDate, interval, flags, order,
                                _CFRunLoopCallTimerBlock, &context);
}

#endif
