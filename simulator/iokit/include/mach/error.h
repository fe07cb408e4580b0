// How result codes are composed; IOReturn.h has those of IOKit (contract §11.1).
#ifndef _MACH_ERROR_H_
#define _MACH_ERROR_H_

#include <mach/mach_types.h>

typedef kern_return_t mach_error_t;

#define err_none ((mach_error_t)0)
#define ERR_SUCCESS ((mach_error_t)0)
#define err_system(x) ((int)(((unsigned int)(x)&0x3f) << 26))
#define err_sub(x) (((x)&0xfff) << 14)
#define err_get_system(err) (((err) >> 26) & 0x3f)
#define err_get_sub(err) (((err) >> 14) & 0xfff)
#define err_get_code(err) ((err)&0x3fff)

#endif
