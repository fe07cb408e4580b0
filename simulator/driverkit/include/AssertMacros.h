// Checks that jump to a label.
#ifndef ASSERTMACROS_H
#define ASSERTMACROS_H

#include <DriverKit/IOLib.h>

#define __Check_Failed(text) IOLog("%s:%d: check failed: %s\n", __FILE__, __LINE__, text)
#define __Require_Quiet(assertion, label)                                                          \
    do {                                                                                           \
        if (__builtin_expect(!(assertion), 0))                                                     \
            goto label;                                                                            \
    } while (0)
#define __Require(assertion, label)                                                                \
    do {                                                                                           \
        if (__builtin_expect(!(assertion), 0)) {                                                   \
            __Check_Failed(#assertion);                                                            \
            goto label;                                                                            \
        }                                                                                          \
    } while (0)
#define __Require_Action(assertion, label, action)                                                 \
    do {                                                                                           \
        if (__builtin_expect(!(assertion), 0)) {                                                   \
            __Check_Failed(#assertion);                                                            \
            { action; }                                                                            \
            goto label;                                                                            \
        }                                                                                          \
    } while (0)
#define __Require_Action_Quiet(assertion, label, action)                                           \
    do {                                                                                           \
        if (__builtin_expect(!(assertion), 0)) {                                                   \
            { action; }                                                                            \
            goto label;                                                                            \
        }                                                                                          \
    } while (0)

#define require(assertion, label) __Require(assertion, label)
#define require_quiet(assertion, label) __Require_Quiet(assertion, label)
#define require_action(assertion, label, action) __Require_Action(assertion, label, action)
#define require_action_quiet(assertion, label, action)                                             \
    __Require_Action_Quiet(assertion, label, action)
#define require_noerr(error, label) __Require((error) == 0, label)
#define require_noerr_quiet(error, label) __Require_Quiet((error) == 0, label)
#define require_noerr_action(error, label, action) __Require_Action((error) == 0, label, action)
#define require_noerr_action_quiet(error, label, action)                                           \
    __Require_Action_Quiet((error) == 0, label, action)

#endif
