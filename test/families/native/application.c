// What applications of drivers take for granted, as C: headers that bring others, names, composed
// codes, clocks.
#include <IOKit/IOKitLib.h>
#include <IOKit/hidsystem/IOHIDShared.h>
#include <IOKit/usb/USB.h>
#include <TargetConditionals.h>
#include <mach/boolean.h>
#include <mach/kern_return.h>
#include <mach/mach_error.h>
#include <mach/vm_prot.h>
#include <mach/vm_types.h>

static int gChecks = 0;

// stdio.h, stdlib.h and unistd.h come with IOKitLib.h.
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        ++gChecks;                                                                                 \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static void checkCodes(void) {
    const kern_return_t error = kIOReturnBadArgument;
    CHECK(err_get_system(error) == 0x38);
    CHECK(err_get_sub(error) == 0);
    CHECK(err_get_code(error) == 0x2c2);
    CHECK(err_get_sub(kIOUSBPipeStalled) == 1);
    CHECK((uint32_t)kIOUSBPipeStalled == 0xe000404fu);
    CHECK((err_system(0x38) | err_sub(1) | 0x51) == kIOUSBTransactionTimeout);
    CHECK(err_none == KERN_SUCCESS);
}

static void checkUsb(void) {
    CHECK(USBmakebmRequestType(kUSBIn, kUSBVendor, kUSBDevice) == 0xc0);
    CHECK(USBmakebmRequestType(kUSBOut, kUSBClass, kUSBInterface) == 0x21);
    CHECK(sizeof(IOUSBDeviceDescriptor) == 18);
    CHECK(strcmp(kUSBVendorID, "idVendor") == 0);
    CHECK(kIOHIDServerConnectType == 0);
    CHECK(kIOMapWriteCombineCache == 0x400);
}

static void checkText(void) {
    char text[4];
    CHECK(strlcpy(text, "abcdef", sizeof text) == 6 && strcmp(text, "abc") == 0);
    text[1] = 0;
    CHECK(strlcat(text, "xyz", sizeof text) == 4 && strcmp(text, "axy") == 0);
    CHECK(strlcpy(NULL, "abc", 0) == 3);
}

static void checkClocks(void) {
    const uint64_t before = clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
    const uint64_t between = mach_absolute_time();
    usleep(1);
    const uint64_t after = clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
    CHECK(before <= between && between < after);
    CHECK(clock_gettime_nsec_np(CLOCK_REALTIME) / NSEC_PER_SEC >= (uint64_t)time(NULL) - 1);
    CHECK(clock_gettime_nsec_np(-77) == 0);
}

int main(void) {
    checkCodes();
    checkUsb();
    checkText();
    checkClocks();
    printf("ok %d\n", gChecks);
    return 0;
}
