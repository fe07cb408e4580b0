// The envelope of a message between a caller and an object, and the description of a class that
// the .iig translator writes (contract §9.4). Only translator output and the runtime use it.
#ifndef DRIVERKIT_IORPC_H
#define DRIVERKIT_IORPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <mach/message.h>

typedef uint64_t OSObjectRef;

enum {
    kIORPCVersion190615 = (mach_msg_id_t)0x4da2b68c,
    kIORPCVersion190615Reply = (mach_msg_id_t)0x4da2b68d,
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

// Set in the id of a method that only the kernel implements.
#define kIORPCMessageIDKernel (1ULL << 63)

struct IORPCMessageMach {
    mach_msg_header_t msgh;
    mach_msg_body_t msgh_body;
    mach_msg_port_descriptor_t objects[0];
};
typedef struct IORPCMessageMach IORPCMessageMach;

#pragma pack(push, 4)
// objects[0] is the target of the message.
struct IORPCMessage {
    uint64_t msgid;
    uint64_t flags;
    uint64_t objectRefs;
    OSObjectRef objects[0];
};
#pragma pack(pop)
typedef struct IORPCMessage IORPCMessage;

struct IORPC {
    IORPCMessageMach * message;
    IORPCMessageMach * reply;
    uint32_t sendSize;
    uint32_t replySize;
};
typedef struct IORPC IORPC;

#if defined(__cplusplus)
class OSMetaClassBase;
typedef kern_return_t (*OSDispatchMethod)(OSMetaClassBase * self, const IORPC rpc);
#endif

enum {
    kOSClassCanRemote = 0x00000001,
};

// Sizes and offsets count bytes from the start of the description to the tables behind it.
struct OSClassDescription {
    uint32_t descriptionSize;

    char name[96];
    char superName[96];

    uint32_t methodOptionsSize;
    uint32_t methodOptionsOffset;
    uint32_t metaMethodOptionsSize;
    uint32_t metaMethodOptionsOffset;
    uint32_t queueNamesSize;
    uint32_t queueNamesOffset;
    uint32_t methodNamesSize;
    uint32_t methodNamesOffset;
    uint32_t metaMethodNamesSize;
    uint32_t metaMethodNamesOffset;

    uint64_t flags;

    uint64_t resv1[8];
};
typedef struct OSClassDescription OSClassDescription;

#endif
