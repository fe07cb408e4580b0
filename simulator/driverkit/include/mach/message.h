// Ports and messages of Mach, as far as generated code names them, and their codes (contract
// §11.2).
#ifndef MACH_MESSAGE_H
#define MACH_MESSAGE_H

#include <stdint.h>
#include <mach/kern_return.h>

typedef uint32_t natural_t;
typedef int32_t integer_t;
typedef natural_t mach_port_t;
typedef natural_t mach_port_name_t;
typedef natural_t mach_msg_size_t;
typedef unsigned int mach_msg_bits_t;
typedef integer_t mach_msg_id_t;
typedef unsigned int mach_msg_type_name_t;
typedef unsigned int mach_msg_descriptor_type_t;
typedef unsigned int mach_msg_copy_options_t;
typedef kern_return_t mach_msg_return_t;

#define MACH_PORT_NULL 0u

#define MACH_MSG_TYPE_MOVE_SEND 17
#define MACH_MSG_TYPE_COPY_SEND 19
#define MACH_MSG_TYPE_MAKE_SEND 20
#define MACH_MSG_PORT_DESCRIPTOR 0
#define MACH_MSG_OOL_DESCRIPTOR 1
#define MACH_MSG_PHYSICAL_COPY 0
#define MACH_MSG_VIRTUAL_COPY 1

#define MACH_SEND_INVALID_DEST ((mach_msg_return_t)0x10000003)
#define MACH_SEND_TIMED_OUT ((mach_msg_return_t)0x10000004)
#define MACH_SEND_INVALID_REPLY ((mach_msg_return_t)0x10000009)
#define MACH_SEND_INVALID_RIGHT ((mach_msg_return_t)0x1000000a)
#define MACH_SEND_NO_BUFFER ((mach_msg_return_t)0x1000000d)
#define MACH_RCV_TIMED_OUT ((mach_msg_return_t)0x10004003)
#define MACH_RCV_TOO_LARGE ((mach_msg_return_t)0x10004004)
#define MACH_RCV_INTERRUPTED ((mach_msg_return_t)0x10004005)
#define MACH_RCV_PORT_DIED ((mach_msg_return_t)0x10004009)

#define MIG_TYPE_ERROR (-300)
#define MIG_REPLY_MISMATCH (-301)
#define MIG_REMOTE_ERROR (-302)
#define MIG_BAD_ID (-303)
#define MIG_BAD_ARGUMENTS (-304)
#define MIG_NO_REPLY (-305)
#define MIG_EXCEPTION (-306)
#define MIG_ARRAY_TOO_LARGE (-307)
#define MIG_SERVER_DIED (-308)
#define MIG_TRAILER_ERROR (-309)

#pragma pack(push, 4)

typedef struct {
    mach_msg_bits_t msgh_bits;
    mach_msg_size_t msgh_size;
    mach_port_t msgh_remote_port;
    mach_port_t msgh_local_port;
    mach_port_name_t msgh_voucher_port;
    mach_msg_id_t msgh_id;
} mach_msg_header_t;

typedef struct {
    mach_msg_size_t msgh_descriptor_count;
} mach_msg_body_t;

typedef struct {
    mach_port_t name;
    mach_msg_size_t pad1;
    unsigned int pad2 : 16;
    mach_msg_type_name_t disposition : 8;
    mach_msg_descriptor_type_t type : 8;
} mach_msg_port_descriptor_t;

typedef struct {
    void * address;
    int deallocate : 8;
    mach_msg_copy_options_t copy : 8;
    unsigned int pad1 : 8;
    mach_msg_descriptor_type_t type : 8;
    mach_msg_size_t size;
} mach_msg_ool_descriptor_t;

#pragma pack(pop)

#endif
