// Messages between objects: their frame, the description of a class's methods, and what the
// translated .iig files use to put messages together. A message never leaves the process: its
// structures are passed by pointer, so they need no packing and no port descriptors.
#ifndef DRIVERKIT_IORPC_H
#define DRIVERKIT_IORPC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <DriverKit/IOReturn.h>
#include <mach/message.h>

// An object in a message: its address.
typedef uintptr_t OSObjectRef;

enum {
    kIORPCVersion190615 = 0x4da2b68c,
    kIORPCVersion190615Reply = 0x4da2b68d,
};

enum {
    kIORPCMessageRemote = 0x00000001,
    kIORPCMessageLocalHost = 0x00000002,
    kIORPCMessageKernel = 0x00000004,
    kIORPCMessageOneway = 0x00000008,
    kIORPCMessageObjectRefs = 0x00000010,
    kIORPCMessageOnqueue = 0x00000020,
    kIORPCMessageError = 0x00000040,
    kIORPCMessageSimpleReply = 0x00000080,
};

#define kIORPCMessageIDKernel (1ULL << 63)

struct alignas(8) IORPCMessageMach {
    mach_msg_header_t msgh;
    mach_msg_body_t msgh_body;
};

// Begins the content of every message and reply. In a message, `objectRefs` values of type
// OSObjectRef follow directly; the first is the object the message is for.
struct IORPCMessage {
    uint64_t msgid;
    uint64_t flags;
    uint64_t objectRefs;
};

inline IORPCMessage * IORPCMessageFromMach(IORPCMessageMach * message, bool) {
    return reinterpret_cast<IORPCMessage *>(message + 1);
}

struct IORPC {
    IORPCMessageMach * message;
    IORPCMessageMach * reply;
    uint32_t sendSize;
    uint32_t replySize;
};

class OSMetaClassBase;
class OSMetaClass;
typedef kern_return_t (*OSDispatchMethod)(OSMetaClassBase * self, const IORPC rpc);

enum {
    kOSClassCanRemote = 0x00000001,
};

// Options of a method: the number of its queue (0 the default one, n the n-th name of the class),
// and whether it stands for a method of the kernel, which runs on the thread of the caller.
enum : uint64_t {
    kOSMethodQueueMask = 0xff,
    kOSMethodKernel = 0x100,
};

struct OSClassDescription {
    uint32_t descriptionSize;
    char name[96];
    char superName[96];
    uint32_t methodCount;
    const uint64_t * methodOptions; // pairs: message identifier, options
    const char * queueNames;        // each with a length byte in front
    uint32_t queueNamesSize;        // with the final zero
    const char * methodNames;
    uint32_t methodNamesSize;
    uint64_t flags;
};

// ── for translated .iig files only ──

inline IORPC IORPCMake(IORPCMessageMach * message, size_t sendSize, IORPCMessageMach * reply,
                       size_t replySize) {
    message->msgh.msgh_id = kIORPCVersion190615;
    message->msgh.msgh_size = static_cast<mach_msg_size_t>(sendSize);
    return {message, reply, static_cast<uint32_t>(sendSize), static_cast<uint32_t>(replySize)};
}

// Either side may be NULL: then there is nothing to copy.
template <typename To, typename From>
inline void IORPCCopyArray(To * to, From * from, size_t count) {
    if (NULL != to && NULL != from) {
        for (size_t i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }
}

// False when `object` is there and not of the class.
bool IORPCIsObjectOf(OSObjectRef object, const OSMetaClass * meta);
void IORPCReleaseObject(OSObjectRef object);
// Ends the process: a message has no place for what it returns, or no text to send.
[[noreturn]] void IORPCMissing(const char * method, const char * parameter);

// The classes may be incomplete here: OSMetaClassBase is at the beginning of every object.
template <typename Class>
inline bool IORPCTakeObject(OSObjectRef reference, const OSMetaClass * meta, Class *& object) {
    object = reinterpret_cast<Class *>(reference);
    return IORPCIsObjectOf(reference, meta);
}

// What a message returns, with its reference; NULL and false when it is of another class.
template <typename Class>
inline bool IORPCGiveObject(Class * returned, const OSMetaClass * meta, Class *& object) {
    const OSObjectRef reference = reinterpret_cast<OSObjectRef>(returned);
    const bool fits = IORPCIsObjectOf(reference, meta);
    object = fits ? returned : NULL;
    if (!fits) {
        IORPCReleaseObject(reference);
    }
    return fits;
}

#endif
