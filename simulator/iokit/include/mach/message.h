// Messages of Mach, as far as an app receives them from a notification port.
#ifndef _MACH_MESSAGE_H_
#define _MACH_MESSAGE_H_

#include <mach/mach_types.h>

typedef natural_t mach_msg_timeout_t;
typedef unsigned int mach_msg_bits_t;
typedef natural_t mach_msg_size_t;
typedef integer_t mach_msg_id_t;
typedef unsigned int mach_msg_type_name_t;
typedef integer_t mach_msg_option_t;
typedef kern_return_t mach_msg_return_t;

typedef struct {
    mach_msg_bits_t msgh_bits;
    mach_msg_size_t msgh_size;
    mach_port_t msgh_remote_port;
    mach_port_t msgh_local_port;
    mach_port_name_t msgh_voucher_port;
    mach_msg_id_t msgh_id;
} mach_msg_header_t;

typedef struct {
    unsigned int msgh_trailer_type;
    mach_msg_size_t msgh_trailer_size;
} mach_msg_trailer_t;

#define MACH_MSG_TIMEOUT_NONE ((mach_msg_timeout_t)0)
#define MACH_MSG_OPTION_NONE 0x00000000
#define MACH_SEND_MSG 0x00000001
#define MACH_RCV_MSG 0x00000002
#define MACH_RCV_TIMEOUT 0x00000100
#define MACH_MSG_TYPE_MAKE_SEND 20

#ifdef __cplusplus
extern "C" {
#endif

// Receives only: MACH_RCV_MSG, with MACH_RCV_TIMEOUT if wanted.
mach_msg_return_t mach_msg(mach_msg_header_t * msg, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                           mach_port_name_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_name_t notify);

#ifdef __cplusplus
}
#endif

#endif
