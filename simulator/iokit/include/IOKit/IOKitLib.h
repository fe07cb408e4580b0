// The client side of IOKit, as far as dexts and their clients reach (contract §7).
#ifndef _IOKIT_IOKITLIB_H
#define _IOKIT_IOKITLIB_H

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitKeys.h>
#include <IOKit/IOReturn.h>
#include <IOKit/IOTypes.h>
#include <IOKit/OSMessageNotification.h>
#include <dispatch/dispatch.h>
#include <mach/clock_types.h>
#include <mach/mach.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef char io_name_t[128];
typedef char io_string_t[512];
typedef struct IONotificationPort * IONotificationPortRef;

typedef void (*IOServiceMatchingCallback)(void * refcon, io_iterator_t iterator);
typedef void (*IOServiceInterestCallback)(void * refcon, io_service_t service, uint32_t messageType,
                                          void * messageArgument);
typedef void (*IOAsyncCallback0)(void * refcon, IOReturn result);
typedef void (*IOAsyncCallback1)(void * refcon, IOReturn result, void * arg0);
typedef void (*IOAsyncCallback2)(void * refcon, IOReturn result, void * arg0, void * arg1);
typedef void (*IOAsyncCallback)(void * refcon, IOReturn result, void ** args, uint32_t numArgs);

extern const mach_port_t kIOMainPortDefault;
extern const mach_port_t kIOMasterPortDefault;

// ── ports ──
kern_return_t IOMainPort(mach_port_t bootstrapPort, mach_port_t * mainPort);
kern_return_t IOMasterPort(mach_port_t bootstrapPort, mach_port_t * mainPort);
IONotificationPortRef IONotificationPortCreate(mach_port_t mainPort);
void IONotificationPortDestroy(IONotificationPortRef notify);
CFRunLoopSourceRef IONotificationPortGetRunLoopSource(IONotificationPortRef notify);
mach_port_t IONotificationPortGetMachPort(IONotificationPortRef notify);
void IONotificationPortSetDispatchQueue(IONotificationPortRef notify, dispatch_queue_t queue);

// ── objects ──
kern_return_t IOObjectRelease(io_object_t object);
kern_return_t IOObjectRetain(io_object_t object);
kern_return_t IOObjectGetClass(io_object_t object, io_name_t className);
CFStringRef IOObjectCopyClass(io_object_t object);
boolean_t IOObjectConformsTo(io_object_t object, const char * className);
boolean_t IOObjectIsEqualTo(io_object_t object, io_object_t another);
uint32_t IOObjectGetKernelRetainCount(io_object_t object);
uint32_t IOObjectGetUserRetainCount(io_object_t object);
io_object_t IOIteratorNext(io_iterator_t iterator);
void IOIteratorReset(io_iterator_t iterator);
boolean_t IOIteratorIsValid(io_iterator_t iterator);

// ── services ──
CFMutableDictionaryRef IOServiceMatching(const char * name);
CFMutableDictionaryRef IOServiceNameMatching(const char * name);
CFMutableDictionaryRef IORegistryEntryIDMatching(uint64_t entryID);
// These consume one reference of `matching`, whatever they return (contract §7.2).
io_service_t IOServiceGetMatchingService(mach_port_t mainPort, CFDictionaryRef matching);
kern_return_t IOServiceGetMatchingServices(mach_port_t mainPort, CFDictionaryRef matching,
                                           io_iterator_t * existing);
kern_return_t IOServiceAddMatchingNotification(IONotificationPortRef notifyPort,
                                               const char * notificationType,
                                               CFDictionaryRef matching,
                                               IOServiceMatchingCallback callback, void * refCon,
                                               io_iterator_t * notification);
kern_return_t IOServiceAddInterestNotification(IONotificationPortRef notifyPort,
                                               io_service_t service, const char * interestType,
                                               IOServiceInterestCallback callback, void * refCon,
                                               io_object_t * notification);
kern_return_t IOServiceMatchPropertyTable(io_service_t service, CFDictionaryRef matching,
                                          boolean_t * matches);
kern_return_t IOServiceGetBusyState(io_service_t service, uint32_t * busyState);
// Until the service is not busy: none of its drivers is being started, and nothing below it is
// busy. NULL waits for ever; otherwise by the machine's clock.
kern_return_t IOServiceWaitQuiet(io_service_t service, mach_timespec_t * waitTime);
kern_return_t IOKitGetBusyState(mach_port_t mainPort, uint32_t * busyState);
kern_return_t IOKitWaitQuiet(mach_port_t mainPort, mach_timespec_t * waitTime);
kern_return_t IOServiceOpen(io_service_t service, task_port_t owningTask, uint32_t type,
                            io_connect_t * connect);
kern_return_t IOServiceClose(io_connect_t connect);
kern_return_t IOServiceRequestProbe(io_service_t service, uint32_t options);

// ── connections ──
kern_return_t IOConnectAddRef(io_connect_t connect);
kern_return_t IOConnectRelease(io_connect_t connect);
kern_return_t IOConnectGetService(io_connect_t connect, io_service_t * service);
kern_return_t IOConnectAddClient(io_connect_t connect, io_connect_t client);
kern_return_t IOConnectSetNotificationPort(io_connect_t connect, uint32_t type, mach_port_t port,
                                           uintptr_t reference);
kern_return_t IOConnectMapMemory(io_connect_t connect, uint32_t memoryType, task_port_t intoTask,
                                 mach_vm_address_t * atAddress, mach_vm_size_t * ofSize,
                                 IOOptionBits options);
kern_return_t IOConnectMapMemory64(io_connect_t connect, uint32_t memoryType, task_port_t intoTask,
                                   mach_vm_address_t * atAddress, mach_vm_size_t * ofSize,
                                   IOOptionBits options);
kern_return_t IOConnectUnmapMemory(io_connect_t connect, uint32_t memoryType, task_port_t fromTask,
                                   mach_vm_address_t atAddress);
kern_return_t IOConnectUnmapMemory64(io_connect_t connect, uint32_t memoryType,
                                     task_port_t fromTask, mach_vm_address_t atAddress);
kern_return_t IOConnectSetCFProperties(io_connect_t connect, CFTypeRef properties);
kern_return_t IOConnectSetCFProperty(io_connect_t connect, CFStringRef propertyName,
                                     CFTypeRef property);

// Pass as *outputStructCnt to get an output of any size; free it with vm_deallocate.
enum { kIOConnectMethodVarOutputSize = -3 };

kern_return_t IOConnectCallMethod(mach_port_t connection, uint32_t selector, const uint64_t * input,
                                  uint32_t inputCnt, const void * inputStruct,
                                  size_t inputStructCnt, uint64_t * output, uint32_t * outputCnt,
                                  void * outputStruct, size_t * outputStructCnt);
kern_return_t IOConnectCallAsyncMethod(mach_port_t connection, uint32_t selector,
                                       mach_port_t wakePort, uint64_t * reference,
                                       uint32_t referenceCnt, const uint64_t * input,
                                       uint32_t inputCnt, const void * inputStruct,
                                       size_t inputStructCnt, uint64_t * output,
                                       uint32_t * outputCnt, void * outputStruct,
                                       size_t * outputStructCnt);
kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector,
                                        const void * inputStruct, size_t inputStructCnt,
                                        void * outputStruct, size_t * outputStructCnt);
kern_return_t IOConnectCallAsyncStructMethod(mach_port_t connection, uint32_t selector,
                                             mach_port_t wakePort, uint64_t * reference,
                                             uint32_t referenceCnt, const void * inputStruct,
                                             size_t inputStructCnt, void * outputStruct,
                                             size_t * outputStructCnt);
kern_return_t IOConnectCallScalarMethod(mach_port_t connection, uint32_t selector,
                                        const uint64_t * input, uint32_t inputCnt,
                                        uint64_t * output, uint32_t * outputCnt);
kern_return_t IOConnectCallAsyncScalarMethod(mach_port_t connection, uint32_t selector,
                                             mach_port_t wakePort, uint64_t * reference,
                                             uint32_t referenceCnt, const uint64_t * input,
                                             uint32_t inputCnt, uint64_t * output,
                                             uint32_t * outputCnt);
// A dext has traps for event links and work groups only, which are not simulated:
// kIOReturnBadArgument.
kern_return_t IOConnectTrap0(io_connect_t connect, uint32_t index);
kern_return_t IOConnectTrap1(io_connect_t connect, uint32_t index, uintptr_t p1);
kern_return_t IOConnectTrap2(io_connect_t connect, uint32_t index, uintptr_t p1, uintptr_t p2);
kern_return_t IOConnectTrap3(io_connect_t connect, uint32_t index, uintptr_t p1, uintptr_t p2,
                             uintptr_t p3);
kern_return_t IOConnectTrap4(io_connect_t connect, uint32_t index, uintptr_t p1, uintptr_t p2,
                             uintptr_t p3, uintptr_t p4);
kern_return_t IOConnectTrap5(io_connect_t connect, uint32_t index, uintptr_t p1, uintptr_t p2,
                             uintptr_t p3, uintptr_t p4, uintptr_t p5);
kern_return_t IOConnectTrap6(io_connect_t connect, uint32_t index, uintptr_t p1, uintptr_t p2,
                             uintptr_t p3, uintptr_t p4, uintptr_t p5, uintptr_t p6);

// ── registry ──
io_registry_entry_t IORegistryGetRootEntry(mach_port_t mainPort);
io_registry_entry_t IORegistryEntryFromPath(mach_port_t mainPort, const char * path);
io_registry_entry_t IORegistryEntryCopyFromPath(mach_port_t mainPort, CFStringRef path);
// All below the root, or one level of it, which the two functions go down from and up again.
kern_return_t IORegistryCreateIterator(mach_port_t mainPort, const char * plane,
                                       IOOptionBits options, io_iterator_t * iterator);
kern_return_t IORegistryEntryCreateIterator(io_registry_entry_t entry, const char * plane,
                                            IOOptionBits options, io_iterator_t * iterator);
// Into the entry that came last.
kern_return_t IORegistryIteratorEnterEntry(io_iterator_t iterator);
// kIOReturnNoDevice: it is where it began.
kern_return_t IORegistryIteratorExitEntry(io_iterator_t iterator);
kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name);
kern_return_t IORegistryEntryGetNameInPlane(io_registry_entry_t entry, const char * plane,
                                            io_name_t name);
// Entries here have no location: kIOReturnNotFound.
kern_return_t IORegistryEntryGetLocationInPlane(io_registry_entry_t entry, const char * plane,
                                                io_name_t location);
boolean_t IORegistryEntryInPlane(io_registry_entry_t entry, const char * plane);
kern_return_t IORegistryEntryGetPath(io_registry_entry_t entry, const char * plane,
                                     io_string_t path);
CFStringRef IORegistryEntryCopyPath(io_registry_entry_t entry, const char * plane);
kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t * entryID);
kern_return_t IORegistryEntryCreateCFProperties(io_registry_entry_t entry,
                                                CFMutableDictionaryRef * properties,
                                                CFAllocatorRef allocator, IOOptionBits options);
CFTypeRef IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key,
                                          CFAllocatorRef allocator, IOOptionBits options);
CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const char * plane,
                                          CFStringRef key, CFAllocatorRef allocator,
                                          IOOptionBits options);
kern_return_t IORegistryEntrySetCFProperties(io_registry_entry_t entry, CFTypeRef properties);
kern_return_t IORegistryEntrySetCFProperty(io_registry_entry_t entry, CFStringRef propertyName,
                                           CFTypeRef property);
kern_return_t IORegistryEntryGetParentEntry(io_registry_entry_t entry, const char * plane,
                                            io_registry_entry_t * parent);
kern_return_t IORegistryEntryGetChildEntry(io_registry_entry_t entry, const char * plane,
                                           io_registry_entry_t * child);
kern_return_t IORegistryEntryGetParentIterator(io_registry_entry_t entry, const char * plane,
                                               io_iterator_t * iterator);
kern_return_t IORegistryEntryGetChildIterator(io_registry_entry_t entry, const char * plane,
                                              io_iterator_t * iterator);

enum {
    kIORegistryIterateRecursively = 0x00000001,
    kIORegistryIterateParents = 0x00000002,
};

#ifdef __cplusplus
}
#endif

#endif
