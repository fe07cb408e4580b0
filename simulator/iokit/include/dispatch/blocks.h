// The block forms of dispatch.h, in terms of its functions: a library built without blocks serves
// them.
#ifndef __DISPATCH_BLOCKS__
#define __DISPATCH_BLOCKS__

#include <Block.h>

typedef void (^dispatch_block_t)(void);

static inline void _dispatch_call_block_and_release(void * context) {
    dispatch_block_t block = (dispatch_block_t)context;
    block();
    Block_release(block);
}
static inline void _dispatch_call_block(void * context) {
    ((dispatch_block_t)context)();
}

static inline void dispatch_async(dispatch_queue_t queue, dispatch_block_t block) {
    dispatch_async_f(queue, (void *)Block_copy(block), _dispatch_call_block_and_release);
}
static inline void dispatch_sync(dispatch_queue_t queue, dispatch_block_t block) {
    dispatch_sync_f(queue, (void *)block, _dispatch_call_block);
}
static inline void dispatch_barrier_async(dispatch_queue_t queue, dispatch_block_t block) {
    dispatch_barrier_async_f(queue, (void *)Block_copy(block), _dispatch_call_block_and_release);
}
static inline void dispatch_after(dispatch_time_t when, dispatch_queue_t queue,
                                  dispatch_block_t block) {
    dispatch_after_f(when, queue, (void *)Block_copy(block), _dispatch_call_block_and_release);
}
static inline void dispatch_once(dispatch_once_t * predicate, dispatch_block_t block) {
    dispatch_once_f(predicate, (void *)block, _dispatch_call_block);
}
static inline void dispatch_group_async(dispatch_group_t group, dispatch_queue_t queue,
                                        dispatch_block_t block) {
    dispatch_group_async_f(group, queue, (void *)Block_copy(block),
                           _dispatch_call_block_and_release);
}
static inline void dispatch_group_notify(dispatch_group_t group, dispatch_queue_t queue,
                                         dispatch_block_t block) {
    dispatch_group_notify_f(group, queue, (void *)Block_copy(block),
                            _dispatch_call_block_and_release);
}

#endif
