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

#pragma pack(push, 4)

// Behind the Mach header of a message with kOSNotificationMessageID. The content of a completion is
// an IOReturn and (size - 4) / 8 words.
typedef struct {
    uint32_t size; // of the content
    uint32_t type;
    OSAsyncReference64 reference;
} OSNotificationHeader64;

typedef struct {
    IOReturn result;
    uint64_t args[];
} IOAsyncCompletionContent;

#pragma pack(pop)

#endif
