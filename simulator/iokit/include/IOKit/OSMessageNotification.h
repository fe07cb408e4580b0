// Asynchronous references and the messages that carry notifications (contract §7.6, §1.9).
#ifndef _IOKIT_OSMESSAGENOTIFICATION_H
#define _IOKIT_OSMESSAGENOTIFICATION_H

#include <IOKit/IOReturn.h>
#include <mach/mach_types.h>

enum {
    kFirstIOKitNotificationType = 100,
    kIOServicePublishNotificationType = 100,
    kIOServiceMatchedNotificationType = 101,
    kIOServiceTerminatedNotificationType = 102,
    kIOAsyncCompletionNotificationType = 150,
    kIOServiceMessageNotificationType = 160,
    kLastIOKitNotificationType = 199,
};

enum {
    kOSNotificationMessageID = 53,
    kOSAsyncCompleteMessageID = 57,
    kMaxAsyncArgs = 16,
};

// Indices into an asynchronous reference.
enum {
    kIOAsyncReservedIndex = 0,
    kIOAsyncReservedCount,

    kIOAsyncCalloutFuncIndex = kIOAsyncReservedCount,
    kIOAsyncCalloutRefconIndex,
    kIOAsyncCalloutCount,

    kIOMatchingCalloutFuncIndex = kIOAsyncReservedCount,
    kIOMatchingCalloutRefconIndex,
    kIOMatchingCalloutCount,

    kIOInterestCalloutFuncIndex = kIOAsyncReservedCount,
    kIOInterestCalloutRefconIndex,
    kIOInterestCalloutServiceIndex,
    kIOInterestCalloutCount,
};

enum {
    kOSAsyncRef64Count = 8,
    kOSAsyncRef64Size = kOSAsyncRef64Count * 8,
};
typedef uint64_t io_user_reference_t;
typedef io_user_reference_t OSAsyncReference64[kOSAsyncRef64Count];
typedef uint64_t io_async_ref64_t[8];

#endif
