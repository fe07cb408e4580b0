// Experiments with memory, opening, locking, the registry and the end of things, against
// fake_dext.cpp.
#include "client.h"

#include <IOKit/IOMessage.h>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <vector>

namespace {

// ── memory (contract §2) ──

sigjmp_buf gFault;
void onFault(int) {
    siglongjmp(gFault, 1);
}

bool canWrite(mach_vm_address_t address) {
    if (sigsetjmp(gFault, 1) != 0) {
        return false;
    }
    auto * byte = reinterpret_cast<volatile char *>(address);
    *byte = *byte;
    return true;
}

void memory() {
    signal(SIGSEGV, onFault);
    signal(SIGBUS, onFault);
    open();
    mach_vm_address_t one = 0;
    mach_vm_address_t again = 0;
    mach_vm_size_t size = 0;
    auto map = [&](uint32_t type, mach_vm_address_t & at) {
        return IOConnectMapMemory64(gConnect, type, mach_task_self(), &at, &size, kIOMapAnywhere);
    };
    auto unmap = [&](uint32_t type, mach_vm_address_t at) {
        return IOConnectUnmapMemory64(gConnect, type, mach_task_self(), at);
    };
    CHECK(map(1, one) == 0 && size == 1 << 20 && canWrite(one));
    CHECK(map(1, again) == 0 && again == one);
    mach_vm_address_t readOnly = 0;
    CHECK(map(2, readOnly) == 0 && size == 5000 && !canWrite(readOnly)); // not rounded
    mach_vm_address_t region = readOnly;
    mach_vm_size_t regionSize = 0;
    vm_region_basic_info_data_64_t info = {};
    mach_msg_type_number_t infoCount = VM_REGION_BASIC_INFO_COUNT_64;
    mach_port_t object = 0;
    CHECK(mach_vm_region(mach_task_self(), &region, &regionSize, VM_REGION_BASIC_INFO_64,
                         reinterpret_cast<vm_region_info_t>(&info), &infoCount, &object) == 0);
    CHECK((info.protection & VM_PROT_WRITE) == 0 && (info.protection & VM_PROT_READ) != 0);
    mach_vm_address_t part = 0;
    CHECK(map(6, part) == 0 && size == 904);
    mach_vm_address_t none = 0;
    CHECK(map(3, none) == kIOReturnBadArgument); // the dext's own code is lost (step 7)
    CHECK(map(5, none) == kIOReturnBadArgument);
    CHECK(unmap(3, 0) == kIOReturnNoMemory); // but not here
    CHECK(unmap(5, 0) == kIOReturnSuccess);
    mach_vm_address_t fresh = 0;
    CHECK(map(4, fresh) == 0);
    CHECK(unmap(4, fresh) == kIOReturnBadArgument && canWrite(fresh)); // another instance
    CHECK(IOConnectMapMemory64(gConnect, 1, 0, &none, &size, kIOMapAnywhere) ==
          kIOReturnBadArgument);
    none = 0;
    CHECK(unmap(1, one) == 0 && !canWrite(one));
    CHECK(map(1, one) == 0 && canWrite(one));
    close();
    CHECK(!canWrite(one) && !canWrite(readOnly) && !canWrite(fresh));
}

// ── open and close (contract §4.3, §4.5, §7.7) ──

void opening() {
    open();
    io_connect_t second = 0;
    CHECK(IOServiceOpen(gService, mach_task_self(), 0, &second) == 0 && second != gConnect);
    CHECK(IOServiceClose(second) == 0);
    CHECK(IOConnectCallScalarMethod(second, 0, nullptr, 0, nullptr, nullptr) ==
          MACH_SEND_INVALID_DEST);
    CHECK(IOConnectCallScalarMethod(0, 0, nullptr, 0, nullptr, nullptr) == MACH_SEND_INVALID_DEST);
    CHECK(IOConnectCallScalarMethod(gService, 0, nullptr, 0, nullptr, nullptr) ==
          kIOReturnBadArgument);
    CHECK(IOServiceOpen(gService, 0, 0, &second) == kIOReturnBadArgument);
    CHECK(IOServiceOpen(gService, mach_task_self(), 9, &second) == kIOReturnExclusiveAccess);
    CHECK(IOServiceOpen(gService, mach_task_self(), 8, &second) == kIOReturnBadArgument);
    CHECK(IOServiceOpen(gService, mach_task_self(), 7, &second) == kIOReturnUnsupported);
    CHECK(IOConnectSetNotificationPort(gConnect, 0, 0, 0) == kIOReturnUnsupported);
    CFMutableDictionaryRef properties = IOServiceMatching("x");
    CHECK(IOConnectSetCFProperties(gConnect, properties) == kIOReturnUnsupported);
    CHECK(IORegistryEntrySetCFProperties(gService, properties) == kIOReturnUnsupported);
    CFRelease(properties);
    io_service_t device = IOServiceGetMatchingService(0, IOServiceMatching("IOUserResources"));
    CHECK(device != 0 &&
          IOServiceOpen(device, mach_task_self(), 0, &second) == kIOReturnUnsupported);
    close();
}

// Leaves a call under way and a completion retained, and dies of it.
void abandon() {
    open();
    uint64_t held = 1;
    CHECK(IOConnectCallScalarMethod(gConnect, 8, &held, 1, nullptr, nullptr) == 0);
    wait("ready");
    raise(SIGKILL);
}

void held() {
    open();
    uint64_t on = 1;
    CHECK(IOConnectCallScalarMethod(gConnect, 8, &on, 1, nullptr, nullptr) == 0);
    close();
    wait("closed");
}

// ── termination (contract §4.6, §4.7) ──

struct Events {
    std::mutex lock;
    std::vector<std::string> seen;
    void add(const std::string & event) {
        std::lock_guard guard(lock);
        seen.push_back(event);
    }
    bool has(size_t count) {
        std::lock_guard guard(lock);
        return seen.size() >= count;
    }
} gEvents;

void drain(void * name, io_iterator_t iterator) {
    while (io_service_t service = IOIteratorNext(iterator)) {
        uint64_t id = 0;
        CHECK(IORegistryEntryGetRegistryEntryID(service, &id) == 0); // alive or retained
        gEvents.add(static_cast<const char *>(name));
        IOObjectRelease(service);
    }
}

void onInterest(void *, io_service_t, uint32_t type, void *) {
    gEvents.add(type == kIOMessageServiceIsTerminated ? "message" : "other");
}

void watch(IONotificationPortRef notify, const char * type, const char * label) {
    io_iterator_t iterator = 0;
    CHECK(IOServiceAddMatchingNotification(notify, type, IOServiceNameMatching("FakeDriver"), drain,
                                           const_cast<char *>(label), &iterator) == 0);
    while (io_service_t service = IOIteratorNext(iterator)) {
        IOObjectRelease(service);
    }
}

void termination(bool mapped) {
    open();
    IONotificationPortRef notify = IONotificationPortCreate(kIOMainPortDefault);
    dispatch_queue_t queue = dispatch_queue_create("events", DISPATCH_QUEUE_SERIAL);
    IONotificationPortSetDispatchQueue(notify, queue);
    watch(notify, kIOTerminatedNotification, "terminated");
    watch(notify, kIOWillTerminateNotification, "will");
    watch(notify, kIOFirstMatchNotification, "matched");
    io_object_t interest = 0;
    CHECK(IOServiceAddInterestNotification(notify, gService, kIOGeneralInterest, onInterest,
                                           nullptr, &interest) == 0);
    mach_vm_address_t address = 0;
    mach_vm_size_t size = 0;
    if (mapped) {
        CHECK(IOConnectMapMemory64(gConnect, 1, mach_task_self(), &address, &size,
                                   kIOMapAnywhere) == 0);
        *reinterpret_cast<char *>(address) = 'x';
    }
    uint64_t before = 0;
    CHECK(IORegistryEntryGetRegistryEntryID(gService, &before) == 0);
    wait("ready");
    CHECK(soon([] { return gEvents.has(3); }));
    CHECK(gEvents.seen[0] == "terminated" && gEvents.seen[1] == "will" &&
          gEvents.seen[2] == "message");
    kern_return_t gone = mapped ? kIOReturnBadArgument : MACH_SEND_INVALID_DEST;
    CHECK(IOConnectCallScalarMethod(gConnect, 0, nullptr, 0, nullptr, nullptr) == gone);
    uint64_t id = 0;
    CHECK(IORegistryEntryGetRegistryEntryID(gService, &id) == MACH_SEND_INVALID_DEST);
    io_connect_t again = 0;
    CHECK(IOServiceOpen(gService, mach_task_self(), 0, &again) == MACH_SEND_INVALID_DEST);
    if (mapped) {
        CHECK(*reinterpret_cast<char *>(address) == 'x'); // stays, frozen
    }
    CHECK(IOServiceClose(gConnect) == (mapped ? kIOReturnSuccess : MACH_SEND_INVALID_DEST));
    wait("closed");
    CHECK(soon([] { return gEvents.has(4); }));
    CHECK(gEvents.seen[3] == "matched");
    io_service_t after = findService();
    CHECK(IORegistryEntryGetRegistryEntryID(after, &id) == 0 && id != before);
    IONotificationPortDestroy(notify);
}

void died() {
    open();
    CHECK(IOConnectCallScalarMethod(gConnect, 4, nullptr, 0, nullptr, nullptr) == MIG_SERVER_DIED);
    kern_return_t later = IOConnectCallScalarMethod(gConnect, 0, nullptr, 0, nullptr, nullptr);
    CHECK(later == kIOReturnNotReady || later == MACH_SEND_INVALID_DEST);
    CHECK(soon([] {
        return IOConnectCallScalarMethod(gConnect, 0, nullptr, 0, nullptr, nullptr) ==
               MACH_SEND_INVALID_DEST;
    }));
    CHECK(IOServiceClose(gConnect) == MACH_SEND_INVALID_DEST);
    open();
    close();
}

// ── registry ──

void registry() {
    open();
    io_name_t name;
    CHECK(IORegistryEntryGetName(gService, name) == 0 && strcmp(name, "FakeDriver") == 0);
    CHECK(IOObjectGetClass(gService, name) == 0 && strcmp(name, "IOUserService") == 0);
    CHECK(IOObjectConformsTo(gService, "IOService") &&
          !IOObjectConformsTo(gService, "IOUserClient"));
    CFTypeRef number = IORegistryEntryCreateCFProperty(gService, CFSTR("Answer"), nullptr, 0);
    int value = 0;
    CHECK(number != nullptr && CFGetTypeID(number) == CFNumberGetTypeID());
    CHECK(CFNumberGetValue(static_cast<CFNumberRef>(number), kCFNumberIntType, &value) &&
          value == 42);
    CFRelease(number);
    CHECK(IORegistryEntryCreateCFProperty(gService, CFSTR("Nothing"), nullptr, 0) == nullptr);
    CFMutableDictionaryRef all = nullptr;
    CHECK(IORegistryEntryCreateCFProperties(gService, &all, nullptr, 0) == 0);
    CHECK(CFDictionaryContainsKey(all, CFSTR("UserClientProperties")));
    CFRelease(all);
    io_registry_entry_t parent = 0;
    CHECK(IORegistryEntryGetParentEntry(gService, kIOServicePlane, &parent) == 0);
    CHECK(IOObjectConformsTo(parent, "IOUSBHostInterface"));
    io_iterator_t none = 1;
    CHECK(IOServiceGetMatchingServices(0, IOServiceNameMatching("Nobody"), &none) == 0 &&
          none == 0);
    CHECK(IOServiceGetMatchingServices(0, nullptr, &none) == kIOReturnBadArgument);
    CHECK(IOServiceGetMatchingService(0, IOServiceMatching("FakeDriver")) == 0);
    CHECK(IOObjectRelease(gService) == 0 && IOObjectRelease(parent) == 0);
    CHECK(IOObjectRelease(gService) == KERN_INVALID_NAME);
    close();
}

const Experiment kExperiments[] = {
    {"memory", memory},
    {"opening", opening},
    {"abandon", abandon},
    {"held", held},
    {"unplug", [] { termination(false); }},
    {"unplugMapped", [] { termination(true); }},
    {"died", died},
    {"registry", registry},
};

} // namespace

int main(int count, char ** arguments) {
    return runExperiments(kExperiments, count, arguments);
}
