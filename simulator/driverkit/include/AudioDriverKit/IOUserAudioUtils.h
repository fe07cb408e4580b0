// Logs, and jumps to a label when something fails.
#ifndef AUDIODRIVERKIT_IOUSERAUDIOUTILS_H
#define AUDIODRIVERKIT_IOUSERAUDIOUTILS_H

#include <DriverKit/IOReturn.h>
#include <os/log.h>

#define DebugMsg(format, ...)                                                                      \
    os_log(OS_LOG_DEFAULT, "%{public}s: " format, __FUNCTION__, ##__VA_ARGS__)

#define FailIf(condition, action, label, message)                                                  \
    {                                                                                              \
        if (condition) {                                                                           \
            DebugMsg(message);                                                                     \
            { action; }                                                                            \
            goto label;                                                                            \
        }                                                                                          \
    }

#define FailIfError(error, action, label, message)                                                 \
    {                                                                                              \
        const int failedWith = static_cast<int>(error);                                            \
        if (failedWith != 0) {                                                                     \
            DebugMsg(message ": 0x%x", failedWith);                                                \
            { action; }                                                                            \
            goto label;                                                                            \
        }                                                                                          \
    }

#define FailIfNULL(pointer, action, label, message)                                                \
    if ((pointer) == nullptr) {                                                                    \
        DebugMsg(message);                                                                         \
        { action; }                                                                                \
        goto label;                                                                                \
    }

#endif
