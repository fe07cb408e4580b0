// The part of libdispatch that IOKit clients use: queues, semaphores, groups, once, after. Every
// call has its function form; the block forms exist where the compiler has blocks.
#ifndef __DISPATCH_PUBLIC__
#define __DISPATCH_PUBLIC__

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dispatch_object_s * dispatch_object_base_t;
typedef struct dispatch_queue_s * dispatch_queue_t;
typedef dispatch_queue_t dispatch_queue_serial_t;
typedef dispatch_queue_t dispatch_queue_main_t;
typedef dispatch_queue_t dispatch_queue_global_t;
typedef struct dispatch_semaphore_s * dispatch_semaphore_t;
typedef struct dispatch_group_s * dispatch_group_t;
typedef struct dispatch_queue_attr_s * dispatch_queue_attr_t;
typedef void (*dispatch_function_t)(void * context);
typedef uint64_t dispatch_time_t;
typedef intptr_t dispatch_once_t;

#ifdef __cplusplus
// Any of the objects, for retain and release.
struct dispatch_object_t {
    dispatch_object_t(dispatch_queue_t queue) : object(queue) {}
    dispatch_object_t(dispatch_semaphore_t semaphore) : object(semaphore) {}
    dispatch_object_t(dispatch_group_t group) : object(group) {}
    void * object;
};
#else
typedef union {
    dispatch_queue_t queue;
    dispatch_semaphore_t semaphore;
    dispatch_group_t group;
} dispatch_object_t __attribute__((__transparent_union__));
#endif

#define DISPATCH_QUEUE_SERIAL ((dispatch_queue_attr_t)0)
extern struct dispatch_queue_attr_s _dispatch_queue_attr_concurrent;
#define DISPATCH_QUEUE_CONCURRENT (&_dispatch_queue_attr_concurrent)
#define DISPATCH_TIME_NOW ((dispatch_time_t)0)
#define DISPATCH_TIME_FOREVER (~(dispatch_time_t)0)
#define NSEC_PER_SEC 1000000000ull
#define NSEC_PER_MSEC 1000000ull
#define USEC_PER_SEC 1000000ull
#define NSEC_PER_USEC 1000ull

#define DISPATCH_QUEUE_PRIORITY_HIGH 2
#define DISPATCH_QUEUE_PRIORITY_DEFAULT 0
#define DISPATCH_QUEUE_PRIORITY_LOW (-2)
#define DISPATCH_QUEUE_PRIORITY_BACKGROUND INT16_MIN

void dispatch_retain(dispatch_object_t object);
void dispatch_release(dispatch_object_t object);

dispatch_queue_t dispatch_queue_create(const char * label, dispatch_queue_attr_t attr);
dispatch_queue_t dispatch_get_global_queue(intptr_t identifier, uintptr_t flags);
// Runs on the main thread, in its run loop or in dispatch_main.
dispatch_queue_main_t dispatch_get_main_queue(void);
// Runs the main queue for ever. Of the main thread only.
void dispatch_main(void) __attribute__((__noreturn__));
const char * dispatch_queue_get_label(dispatch_queue_t queue);
void dispatch_async_f(dispatch_queue_t queue, void * context, dispatch_function_t work);
void dispatch_sync_f(dispatch_queue_t queue, void * context, dispatch_function_t work);
void dispatch_barrier_async_f(dispatch_queue_t queue, void * context, dispatch_function_t work);
void dispatch_barrier_sync_f(dispatch_queue_t queue, void * context, dispatch_function_t work);
void dispatch_after_f(dispatch_time_t when, dispatch_queue_t queue, void * context,
                      dispatch_function_t work);
void dispatch_once_f(dispatch_once_t * predicate, void * context, dispatch_function_t function);
// Aborts unless the caller runs (or does not run) on the queue.
void dispatch_assert_queue(dispatch_queue_t queue);
void dispatch_assert_queue_not(dispatch_queue_t queue);

dispatch_time_t dispatch_time(dispatch_time_t when, int64_t delta);

dispatch_semaphore_t dispatch_semaphore_create(intptr_t value);
// 0, or not 0 after the timeout.
intptr_t dispatch_semaphore_wait(dispatch_semaphore_t semaphore, dispatch_time_t timeout);
intptr_t dispatch_semaphore_signal(dispatch_semaphore_t semaphore);

dispatch_group_t dispatch_group_create(void);
void dispatch_group_enter(dispatch_group_t group);
void dispatch_group_leave(dispatch_group_t group);
intptr_t dispatch_group_wait(dispatch_group_t group, dispatch_time_t timeout);
void dispatch_group_async_f(dispatch_group_t group, dispatch_queue_t queue, void * context,
                            dispatch_function_t work);
void dispatch_group_notify_f(dispatch_group_t group, dispatch_queue_t queue, void * context,
                             dispatch_function_t work);

#ifdef __BLOCKS__
#include <dispatch/blocks.h>
#endif

#ifdef __cplusplus
}
#endif

#endif
