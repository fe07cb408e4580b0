// The dext side's library without a kernel: containers, their reference counts, values, IOLib,
// logs, USB descriptors. Expected numbers come from the specifications and the contract.
#include "check.h"
#include "driverkit/library/log.h"
#include "driverkit/library/os_value.h"
#include <DriverKit/DriverKit.h>
#include <USBDriverKit/AppleUSBDescriptorParsing.h>
#include <cstring>
#include <initializer_list>
#include <string>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vector>

namespace {

// Whether `work` ends the process with a signal; what it prints is not shown.
template <typename Work> bool dies(Work work) {
    const pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status);
}

void testReferences() {
    OSString * text = OSString::withCString("volts");
    CHECK(text->refcount == 1);
    OSArray * array = OSArray::withCapacity(0);
    CHECK(array->setObject(text) && array->setObject(text));
    CHECK(text->refcount == 3);
    array->removeObject(0);
    CHECK(text->refcount == 2);
    OSArray * copy = OSArray::withArray(array, 0);
    CHECK(text->refcount == 3);
    copy->release();
    CHECK(array->replaceObject(0, kOSBooleanTrue));
    CHECK(!array->replaceObject(9, kOSBooleanTrue));
    CHECK(text->refcount == 1);
    CHECK(array->getObject(0) == kOSBooleanTrue);
    array->release();
    kOSBooleanTrue->release();
    CHECK(OSDynamicCast(OSBoolean, kOSBooleanTrue) == kOSBooleanTrue);
    OSSafeReleaseNULL(text);
    CHECK(text == NULL);
}

void testCasts() {
    OSObject * object = OSNumber::withNumber(7, 32);
    CHECK(OSDynamicCast(OSNumber, object) != NULL);
    CHECK(OSDynamicCast(OSContainer, object) != NULL);
    CHECK(OSDynamicCast(OSString, object) == NULL);
    CHECK(OSRequiredCast(OSNumber, object) == object);
    CHECK(strcmp(object->GetClassName(), "OSNumber") == 0);
    CHECK(dies([&] { OSRequiredCast(OSString, object)->getLength(); }));
    object->release();
}

void testNumbers() {
    OSNumber * small = OSNumber::withNumber(0x1234, 8);
    OSNumber * same = OSNumber::withNumber("0x34", 64);
    CHECK(small->unsigned64BitValue() == 0x34 && small->numberOfBits() == 8);
    CHECK(small->isEqualTo(same));
    CHECK(OSNumber::withNumber(1, 0) == NULL && OSNumber::withNumber(1, 65) == NULL);
    OSNumber * large = OSNumber::withNumber(UINT64_MAX, 64);
    CHECK(large->unsigned64BitValue() == UINT64_MAX && large->unsigned16BitValue() == 0xffff);
    CHECK(!large->isEqualTo(same));
    small->release();
    same->release();
    large->release();
}

void testData() {
    OSData * data = OSData::withBytes("abc", 3);
    CHECK(data->getLength() == 3 && memcmp(data->getBytesNoCopy(), "abc", 3) == 0);
    CHECK(data->appendBytes(data) && data->isEqualTo("abcabc", 6));
    CHECK(data->getBytesNoCopy(4, 2) != NULL);
    CHECK(data->getBytesNoCopy(4, 3) == NULL);
    CHECK(data->getBytesNoCopy(1, SIZE_MAX) == NULL);
    CHECK(OSData::withData(data, 7, 0) == NULL);
    OSData * empty = OSData::withCapacity(64);
    CHECK(empty->getLength() == 0 && empty->getBytesNoCopy() == NULL);
    OSString * text = OSString::withCString("abcabc");
    CHECK(text->isEqualTo(static_cast<const OSMetaClassBase *>(data)));
    CHECK(data->appendBytes("", 1) && data->isEqualTo(text));
    CHECK(data->appendBytes("", 1) && !data->isEqualTo(text));
    data->release();
    empty->release();
    text->release();
}

void testArray() {
    OSArray * array = OSArrayCreate();
    OSArraySetUInt64Value(array, kOSArrayAppend, 1);
    OSArraySetUInt64Value(array, kOSArrayAppend, 3);
    OSArraySetUInt64Value(array, 1, 2);
    CHECK(OSArrayGetCount(array) == 3 && OSArrayGetUInt64Value(array, 1) == 2);
    CHECK(!array->setObject(5, kOSBooleanTrue));
    CHECK(!array->setObject(NULL));
    CHECK(array->getObject(3) == NULL && OSArrayGetStringValue(array, 0) == NULL);
    CHECK(array->getNextIndexOfObject(array->getLastObject(), 0) == 2);
    CHECK(array->getNextIndexOfObject(kOSBooleanTrue, 0) == UINT32_MAX);
    CHECK(array->merge(array) && array->getCount() == 6);
    array->flushCollection();
    CHECK(array->getCount() == 0);
    array->release();
}

void testDictionary() {
    OSDictionary * dictionary = OSDictionaryCreate();
    OSDictionarySetUInt64Value(dictionary, "gain", 4);
    OSDictionarySetStringValue(dictionary, "name", "scope");
    OSDictionarySetUInt64Value(dictionary, "gain", 8);
    CHECK(dictionary->getCount() == 2);
    CHECK(OSDictionaryGetUInt64Value(dictionary, "gain") == 8);
    CHECK(OSDictionaryGetUInt64Value(dictionary, "name") == 0);
    CHECK(strcmp(OSDictionaryGetStringValue(dictionary, "name"), "scope") == 0);
    OSString * key = OSString::withCString("gain");
    CHECK(dictionary->getObject(key) == dictionary->getObject("gain"));
    CHECK(!dictionary->setObject("none", NULL) && dictionary->getObject("none") == NULL);
    OSDictionary * copy = OSDictionary::withDictionary(dictionary, 0);
    CHECK(copy->isEqualTo(static_cast<const OSMetaClassBase *>(dictionary)));
    copy->removeObject(key);
    CHECK(!copy->isEqualTo(dictionary) && dictionary->isEqualTo(copy, copy));
    key->release();
    copy->release();
    OSObjectSafeReleaseNULL(dictionary);
    CHECK(dictionary == NULL);
    OSObjectSafeReleaseNULL(dictionary);
}

void testSets() {
    OSString * one = OSString::withCString("1");
    OSString * two = OSString::withCString("2");
    OSSet * set = OSSet::withCapacity(2);
    CHECK(set->setObject(one) && set->setObject(two) && !set->setObject(one));
    CHECK(set->getCount() == 2 && set->containsObject(two));
    OSOrderedSet * sorted = OSOrderedSet::withCapacity(
        2,
        [](const OSObject * a, const OSObject * b, void *) {
            return static_cast<int32_t>(strcmp(OSDynamicCast(OSString, b)->getCStringNoCopy(),
                                               OSDynamicCast(OSString, a)->getCStringNoCopy()));
        },
        NULL);
    CHECK(sorted->setObject(two) && sorted->setObject(one) && !sorted->setObject(two));
    CHECK(sorted->getFirstObject() == one && sorted->getLastObject() == two);
    set->release();
    sorted->release();
    CHECK(one->refcount == 1 && two->refcount == 1);
    one->release();
    two->release();
}

#if __BLOCKS__
void testBlocks() {
    OSDictionary * dictionary = OSDictionaryCreate();
    for (const char * key : {"a", "b", "c"})
        OSDictionarySetUInt64Value(dictionary, key, 1);
    __block uint64_t sum = 0;
    CHECK(dictionary->iterateObjects(^bool(OSObject *, OSObject * value) {
      sum += OSDynamicCast(OSNumber, value)->unsigned64BitValue();
      return true;
    }));
    CHECK(sum == 3);
    CHECK(OSDictionaryApply(dictionary, ^bool(const char * key, OSObjectPtr) {
      return strcmp(key, "b") == 0;
    }));
    dictionary->release();
}
#endif

void testValues() {
    using dextsim::Value;
    Value inner = Value::dictionary();
    inner.put("blob", Value::data({1, 2, 0, 3}));
    inner.put("on", Value::boolean(true));
    inner.put("byte", Value::number(200, 8));
    Value outer = Value::dictionary();
    outer.put("list", Value::array({inner, Value::string("Ω"), Value::number(UINT64_MAX)}));
    outer.put("set", Value::set({Value::string("x")}));
    outer.put("empty", Value::dictionary());
    OSContainer * object = dextsim::fromValue(outer);
    const Value back = dextsim::toValue(object);
    CHECK(back == outer);
    CHECK(back.find("list")->items()[0].find("byte")->bits() == 8);
    CHECK(dextsim::fromValue(Value()) == NULL);
    CHECK(dextsim::toValue(NULL).isNone());
    CHECK(!(dextsim::toValue(kOSBooleanFalse) == dextsim::toValue(kOSBooleanTrue)));
    object->release();
}

void testLibrary() {
    CHECK(crc32(0, "123456789", 9) == 0xcbf43926);
    CHECK(crc32(crc32(0, "1234", 4), "56789", 5) == 0xcbf43926);
    uint64_t * words = IONewZero(uint64_t, 4);
    CHECK(words[0] == 0 && words[3] == 0 && reinterpret_cast<uintptr_t>(words) % 16 == 0);
    IOSafeDeleteNULL(words, uint64_t, 4);
    CHECK(words == NULL);
    CHECK(IONew(uint64_t, SIZE_MAX) == NULL);
    void * memory = IOMalloc(32);
    CHECK(dies([=] { IOFree(memory, 31); }));
    IOFree(memory, 32);
    char text[4];
    CHECK(strlcpy(text, "metre", sizeof(text)) == 5 && strcmp(text, "met") == 0);

    const uint64_t before = clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
    IOSleep(2);
    const uint64_t after = clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
    CHECK(after - before >= 2000000);
    CHECK(clock_gettime_nsec_np(1 << 20) == 0);
}

void testLocks() {
    IOLock * lock = IOLockAlloc();
    IOLockLock(lock);
    IOLockAssert(lock, kIOLockAssertOwned);
    CHECK(!IOLockTryLock(lock));
    CHECK(dies([=] { IOLockLock(lock); }));
    IOLockUnlock(lock);
    CHECK(dies([=] { IOLockUnlock(lock); }));
    CHECK(IOLockTryLock(lock));
    IOLockUnlock(lock);
    IOLockFreeZero(lock);

    IORecursiveLock * recursive = IORecursiveLockAlloc();
    IORecursiveLockLock(recursive);
    CHECK(IORecursiveLockTryLock(recursive));
    IORecursiveLockUnlock(recursive);
    CHECK(IORecursiveLockHaveLock(recursive));
    IORecursiveLockUnlock(recursive);
    CHECK(!IORecursiveLockHaveLock(recursive));
    IORecursiveLockFree(recursive);

    IORWLock * rw = IORWLockAlloc();
    IORWLockRead(rw);
    IORWLockRead(rw);
    IORWLockUnlock(rw);
    IORWLockUnlock(rw);
    IORWLockWrite(rw);
    IORWLockUnlock(rw);
    IORWLockFree(rw);
}

void testLogFormats() {
    const auto plain = [](const char * format) { return dextsim::plainFormat(format).format; };
    CHECK(plain("%{public}s: 0x%x %llu") == "%s: 0x%x %llu");
    CHECK(plain("%s") == "<private>%.0s");
    CHECK(plain("%{private}s|%{public}-8.3s") == "<private>%.0s|%-8.3s");
    CHECK(plain("%{public, location:escape_only}s") == "%s");
    CHECK(plain("100%% %zu %{bool}d") == "100%% %zu %d");
    CHECK(!dextsim::plainFormat("%{public").isValid);
    CHECK(!dextsim::plainFormat("%").isValid);
    CHECK(!dextsim::plainFormat("%n").isValid);
}

void testDescriptors() {
    const std::vector<uint8_t> bytes = {
        9, 2, 48,   0, 2,  1,    0, 0x80, 50, // configuration, 48 bytes, 100 mA
        9, 4, 0,    0, 2,  0xff, 0, 0,    0,  // interface 0
        7, 5, 0x81, 2, 0,  2,    0,           // bulk in, 512
        7, 5, 0x02, 3, 64, 0,    4,           // interrupt out, 64
        9, 4, 1,    0, 1,  0xff, 0, 0,    0,  // interface 1
        7, 5, 0x83, 2, 0,  2,    0,           // bulk in
        7, 5, 0x84, 2, 0,  2,    0,           // behind wTotalLength
    };
    const auto * configuration =
        reinterpret_cast<const IOUSBConfigurationDescriptor *>(bytes.data());
    CHECK(IOUSBGetConfigurationMaxPowerMilliAmps(kIOUSBHostConnectionSpeedHigh, configuration) ==
          100);
    const auto header = [](const auto * descriptor) {
        return reinterpret_cast<const IOUSBDescriptorHeader *>(descriptor);
    };
    const auto * first = IOUSBGetNextInterfaceDescriptor(configuration, NULL);
    const auto * second = IOUSBGetNextInterfaceDescriptor(configuration, header(first));
    CHECK(first->bInterfaceNumber == 0 && second->bInterfaceNumber == 1);
    CHECK(IOUSBGetNextInterfaceDescriptor(configuration, header(second)) == NULL);

    const auto * in = IOUSBGetNextEndpointDescriptor(configuration, first, NULL);
    CHECK(in->bEndpointAddress == 0x81);
    CHECK(IOUSBGetEndpointMaxPacketSize(kIOUSBHostConnectionSpeedHigh, in) == 512);
    CHECK(IOUSBGetEndpointDirection(in) == kIOUSBEndpointDirectionIn);
    const auto * out = IOUSBGetNextEndpointDescriptor(configuration, first, header(in));
    CHECK(IOUSBGetEndpointNumber(out) == 2);
    CHECK(IOUSBGetEndpointIntervalMicroframes(kIOUSBHostConnectionSpeedHigh, out) == 8);
    CHECK(IOUSBGetEndpointIntervalFrames(kIOUSBHostConnectionSpeedFull, out) == 4);
    CHECK(IOUSBGetNextEndpointDescriptor(configuration, first, header(out)) == NULL);
    const auto * last = IOUSBGetNextEndpointDescriptor(configuration, second, NULL);
    CHECK(IOUSBGetNextEndpointDescriptor(configuration, second, header(last)) == NULL);
}

// Every length a device may write: the walk ends and stays inside (the sanitizer watches).
void testHostileDescriptors() {
    for (unsigned length = 0; length < 256; length++) {
        std::vector<uint8_t> bytes = {9, 2, 16, 0, 1, 1, 0, 0, 0, static_cast<uint8_t>(length),
                                      5, 0, 0,  0, 0, 0};
        const auto * configuration =
            reinterpret_cast<const IOUSBConfigurationDescriptor *>(bytes.data());
        const IOUSBDescriptorHeader * at = NULL;
        int found = 0;
        while ((at = IOUSBGetNextDescriptor(configuration, at)) != NULL)
            CHECK(++found < 8);
        // The bytes behind a short endpoint are zeros, which are no descriptor.
        CHECK(found == (length >= 2 && length <= 7 ? 2 : 1));
    }
}

} // namespace

int main() {
    testReferences();
    testCasts();
    testNumbers();
    testData();
    testArray();
    testDictionary();
    testSets();
#if __BLOCKS__
    testBlocks();
#endif
    testValues();
    testLibrary();
    testLocks();
    testLogFormats();
    testDescriptors();
    testHostileDescriptors();
    printf("%d checks\n", gChecks.load());
    return 0;
}
