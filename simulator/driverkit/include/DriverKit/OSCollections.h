// All container classes, and the functions that shorten work with them.
#ifndef DRIVERKIT_OSCOLLECTIONS_H
#define DRIVERKIT_OSCOLLECTIONS_H

#include <sys/cdefs.h>
#include <DriverKit/OSArray.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSData.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSNumber.h>
#include <DriverKit/OSOrderedSet.h>
#include <DriverKit/OSSet.h>
#include <DriverKit/OSString.h>

__BEGIN_DECLS

void OSObjectRetain(OSObjectPtr container);
void OSObjectRelease(OSObjectPtr container);

#define OSObjectSafeReleaseNULL(inst)                                                              \
    do {                                                                                           \
        if ((inst) != NULL) {                                                                      \
            OSObjectRelease(inst);                                                                 \
            (inst) = NULL;                                                                         \
        }                                                                                          \
    } while (0)

OSStringPtr OSStringCreate(const char * cstring, size_t length);
size_t OSStringGetLength(OSStringPtr obj);
const char * OSStringGetStringPtr(OSStringPtr obj);

OSDataPtr OSDataCreate(const void * bytes, size_t length);
size_t OSDataGetLength(OSDataPtr obj);
// NULL beyond the end.
const void * OSDataGetBytesPtr(OSDataPtr obj, size_t offset, size_t length);
// The number of bytes copied.
size_t OSDataGetBytes(OSDataPtr obj, void * buffer, size_t offset, size_t length);
size_t OSDataAppendBytes(OSDataPtr obj, const void * buffer, size_t length);

OSNumberPtr OSNumberCreateWithUInt64Value(uint64_t value);
uint64_t OSNumberGetUInt64Value(OSNumberPtr obj);

OSDictionaryPtr OSDictionaryCreate(void);
uint32_t OSDictionaryGetCount(OSDictionaryPtr obj);
bool OSDictionarySetValue(OSDictionaryPtr obj, const char * key, OSObjectPtr value);
OSObjectPtr OSDictionaryGetValue(OSDictionaryPtr obj, const char * key);
// NULL and 0 when there is none of that class.
const char * OSDictionaryGetStringValue(OSDictionaryPtr obj, const char * key);
uint64_t OSDictionaryGetUInt64Value(OSDictionaryPtr obj, const char * key);
void OSDictionarySetStringValue(OSDictionaryPtr obj, const char * key, const char * value);
void OSDictionarySetUInt64Value(OSDictionaryPtr obj, const char * key, uint64_t value);

#define kOSArrayAppend ((size_t)(-1))

OSArrayPtr OSArrayCreate(void);
uint32_t OSArrayGetCount(OSArrayPtr obj);
// Inserts; kOSArrayAppend goes to the end.
bool OSArraySetValue(OSArrayPtr obj, size_t index, OSObjectPtr value);
bool OSArrayReplaceValue(OSArrayPtr obj, size_t index, OSObjectPtr value);
bool OSArrayAppendValue(OSArrayPtr obj, OSObjectPtr value);
OSObjectPtr OSArrayGetValue(OSArrayPtr obj, size_t index);
const char * OSArrayGetStringValue(OSArrayPtr obj, size_t index);
void OSArraySetStringValue(OSArrayPtr obj, size_t index, const char * value);
uint64_t OSArrayGetUInt64Value(OSArrayPtr obj, size_t index);
void OSArraySetUInt64Value(OSArrayPtr obj, size_t index, uint64_t value);

#if __BLOCKS__
// True ends the iteration and is then the result.
typedef bool (^OSDictionaryApplier)(const char * key, OSObjectPtr value);
bool OSDictionaryApply(OSDictionaryPtr obj, OSDictionaryApplier applier);
typedef bool (^OSArrayApplier)(OSObjectPtr value);
bool OSArrayApply(OSArrayPtr obj, OSArrayApplier applier);
#endif

__END_DECLS

#endif
