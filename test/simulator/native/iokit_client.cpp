// Experiments with the client library against fake_dext.cpp. Each argument names one; "wait" prints
// a line and waits for one, so that the test can do something to the system in between.
#include "check.h"

#include <IOKit/IOKitLib.h>
#include <IOKit/IOMessage.h>

#include <atomic>
#include <chrono>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

io_service_t gService;
io_connect_t gConnect;

kern_return_t err(unsigned code) {
    return static_cast<kern_return_t>(code);
}

io_service_t findService() {
    for (int i = 0; i < 500; ++i) {
        io_service_t service = IOServiceGetMatchingService(0, IOServiceNameMatching("FakeDriver"));
        if (service != 0) {
            return service;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return 0;
}

void open() {
    gService = findService();
    CHECK(gService != 0);
    CHECK(IOServiceOpen(gService, mach_task_self(), 0, &gConnect) == kIOReturnSuccess);
}

void close() {
    CHECK(IOServiceClose(gConnect) == kIOReturnSuccess);
}

std::string wait(const char * what) {
    printf("%s\n", what);
    fflush(stdout);
    char line[64] = "";
    CHECK(fgets(line, sizeof line, stdin) != nullptr);
    return line;
}

template <typename Done> bool soon(Done done) {
    for (int i = 0; i < 500 && !done(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return done();
}

// ── sizes and outputs (contract §1.5, §1.6) ──

void echo(size_t size) {
    std::vector<uint8_t> in(size);
    std::vector<uint8_t> out(std::max<size_t>(size, 1), 0xee);
    for (size_t i = 0; i < size; ++i) {
        in[i] = static_cast<uint8_t>(i * 13 + 1);
    }
    uint64_t scalars[3] = {1, UINT64_MAX, 3};
    uint64_t back[16] = {};
    uint32_t count = 16;
    size_t outSize = size;
    CHECK(IOConnectCallMethod(gConnect, 0, scalars, 3, in.data(), size, back, &count, out.data(),
                              &outSize) == kIOReturnSuccess);
    CHECK(count == 3 && back[1] == UINT64_MAX && back[2] == 3 && outSize == size);
    for (size_t i = 0; i < size; ++i) {
        CHECK(out[i] == in[size - 1 - i]);
    }
}

void sizes() {
    open();
    for (size_t size : {0, 1, 4095, 4096, 4097, 65536, 1 << 20}) {
        echo(size);
    }
    uint64_t many[17] = {};
    CHECK(IOConnectCallScalarMethod(gConnect, 0, many, 17, nullptr, nullptr) ==
          MIG_ARRAY_TOO_LARGE);
    CHECK(IOConnectCallScalarMethod(gConnect, 0, many, 16, nullptr, nullptr) == 0);
    uint32_t count = 20; // more than the wire takes: cut to 16
    uint64_t back[20];
    CHECK(IOConnectCallScalarMethod(gConnect, 0, many, 16, back, &count) == 0 && count == 16);
    count = 2;
    CHECK(IOConnectCallScalarMethod(gConnect, 0, many, 16, back, &count) == 0 && count == 2);
    close();
}

void outputs() {
    open();
    uint64_t error = 0xe00002d5;
    uint64_t back[4] = {11, 12, 13, 14};
    uint32_t count = 3;
    char bytes[64] = "untouched";
    size_t size = 64;
    CHECK(IOConnectCallMethod(gConnect, 1, &error, 1, nullptr, 0, back, &count, bytes, &size) ==
          err(0xe00002d5));
    CHECK(count == 3 && back[0] == 11 && size == 64 && strcmp(bytes, "untouched") == 0);
    CHECK(IOConnectCallMethod(gConnect, 5, nullptr, 0, nullptr, 0, back, &count, bytes, &size) ==
          0);
    CHECK(count == 3 && back[2] == 9 && size == 64 && bytes[0] == 0); // zeros of the full size
    count = 1;
    back[1] = 12;
    CHECK(IOConnectCallScalarMethod(gConnect, 5, nullptr, 0, back, &count) == 0);
    CHECK(count == 1 && back[1] == 12);
    uint64_t length = 65;
    CHECK(IOConnectCallMethod(gConnect, 6, &length, 1, nullptr, 0, nullptr, nullptr, bytes,
                              &size) == kIOReturnBadArgument);
    length = 3;
    CHECK(IOConnectCallMethod(gConnect, 6, &length, 1, nullptr, 0, nullptr, nullptr, bytes,
                              &size) == 0);
    CHECK(size == 3 && bytes[2] == '\xab');
    close();
}

void variable() {
    open();
    void * bytes = nullptr;
    auto size = static_cast<size_t>(kIOConnectMethodVarOutputSize);
    uint64_t length = 100000;
    CHECK(IOConnectCallMethod(gConnect, 6, &length, 1, nullptr, 0, nullptr, nullptr, &bytes,
                              &size) == 0);
    CHECK(size == 100000 && static_cast<unsigned char *>(bytes)[99999] == 0xab);
    CHECK(vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(bytes), size) == 0);
    size = static_cast<size_t>(kIOConnectMethodVarOutputSize);
    CHECK(IOConnectCallMethod(gConnect, 5, nullptr, 0, nullptr, 0, nullptr, nullptr, &bytes,
                              &size) == kIOReturnUnderrun);
    CHECK(bytes == nullptr && size == 0);
    close();
}

// ── completions (contract §1.9, §7.6) ──

struct Heard {
    std::atomic<int> calls{0};
    std::atomic<uint32_t> count{0};
    std::atomic<IOReturn> result{0};
    std::atomic<uint64_t> first{0};
    std::atomic<uint64_t> last{0};
};

void heard0(void * refcon, IOReturn result) {
    auto & heard = *static_cast<Heard *>(refcon);
    heard.result = result;
    heard.count = 0;
    ++heard.calls;
}
void heard1(void * refcon, IOReturn result, void * arg0) {
    auto & heard = *static_cast<Heard *>(refcon);
    heard.first = reinterpret_cast<uint64_t>(arg0);
    heard.count = 1;
    heard.result = result;
    ++heard.calls;
}
void heardMany(void * refcon, IOReturn result, void ** args, uint32_t count) {
    auto & heard = *static_cast<Heard *>(refcon);
    heard.first = reinterpret_cast<uint64_t>(args[0]);
    heard.last = reinterpret_cast<uint64_t>(args[count - 1]);
    heard.count = count;
    heard.result = result;
    ++heard.calls;
}

kern_return_t callAsync(uint32_t selector, mach_port_t port, void * function, Heard & heard,
                        const std::vector<uint64_t> & input) {
    uint64_t reference[kIOAsyncCalloutCount] = {};
    reference[kIOAsyncCalloutFuncIndex] = reinterpret_cast<uint64_t>(function);
    reference[kIOAsyncCalloutRefconIndex] = reinterpret_cast<uint64_t>(&heard);
    return IOConnectCallAsyncScalarMethod(gConnect, selector, port, reference, kIOAsyncCalloutCount,
                                          input.data(), static_cast<uint32_t>(input.size()),
                                          nullptr, nullptr);
}

void completions() {
    open();
    IONotificationPortRef notify = IONotificationPortCreate(kIOMainPortDefault);
    dispatch_queue_t queue = dispatch_queue_create("completions", DISPATCH_QUEUE_SERIAL);
    IONotificationPortSetDispatchQueue(notify, queue);
    mach_port_t port = IONotificationPortGetMachPort(notify);
    Heard heard;
    auto after = [&](uint32_t words, void * function) {
        int before = heard.calls;
        CHECK(callAsync(2, port, function, heard, {words}) == 0);
        return soon([&] { return heard.calls > before; });
    };
    CHECK(after(0, reinterpret_cast<void *>(heard0)) && heard.count == 0 && heard.result == 0x1234);
    CHECK(after(1, reinterpret_cast<void *>(heard1)) && heard.first == 100);
    CHECK(after(3, reinterpret_cast<void *>(heardMany)) && heard.count == 3 && heard.last == 102);
    CHECK(after(16, reinterpret_cast<void *>(heardMany)) && heard.count == 16 && heard.last == 115);
    auto many = reinterpret_cast<void *>(heardMany);
    CHECK(callAsync(2, port, many, heard, {17}) == 0);                // dropped
    CHECK(callAsync(2, 0, many, heard, {3}) == kIOReturnBadArgument); // no port: no completion
    CHECK(callAsync(2, 0x7777, many, heard, {3}) == MACH_SEND_INVALID_RIGHT);
    uint64_t reference[9] = {};
    CHECK(IOConnectCallAsyncScalarMethod(gConnect, 2, port, reference, 9, nullptr, 0, nullptr,
                                         nullptr) == MIG_ARRAY_TOO_LARGE);
    CHECK(IOConnectCallAsyncScalarMethod(gConnect, 2, port, reference, 0, nullptr, 0, nullptr,
                                         nullptr) == kIOReturnBadArgument);
    int before = heard.calls;
    CHECK(callAsync(7, port, many, heard, {0, 1000}) == 0);
    CHECK(soon([&] { return heard.calls == before + 1000; }));
    IONotificationPortDestroy(notify);
    CHECK(callAsync(7, port, many, heard, {0, 10}) == MACH_SEND_INVALID_RIGHT);
    dispatch_release(queue);
    close();
}

// The queue of a port that nobody empties ends at 65534 (contract §0.2).
void flood() {
    open();
    IONotificationPortRef notify = IONotificationPortCreate(kIOMainPortDefault);
    mach_port_t port = IONotificationPortGetMachPort(notify);
    Heard heard;
    auto many = reinterpret_cast<void *>(heardMany);
    CHECK(callAsync(7, port, many, heard, {0, 66000}) == 0);
    CHECK(callAsync(7, port, many, heard, {0, 1}) == 0);
    // Everything sent has arrived once a later round trip through the kernel has.
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    uint64_t id = 0;
    CHECK(IORegistryEntryGetRegistryEntryID(gService, &id) == 0);
    dispatch_queue_t queue = dispatch_queue_create("flood", DISPATCH_QUEUE_SERIAL);
    IONotificationPortSetDispatchQueue(notify, queue);
    CHECK(soon([&] { return heard.calls >= 65534; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(heard.calls == 65534);
    IONotificationPortDestroy(notify);
    dispatch_release(queue);
    close();
}

void runLoop() {
    open();
    IONotificationPortRef notify = IONotificationPortCreate(kIOMainPortDefault);
    CFRunLoopSourceRef source = IONotificationPortGetRunLoopSource(notify);
    CFRunLoopAddSource(CFRunLoopGetCurrent(), source, kCFRunLoopDefaultMode);
    Heard heard;
    auto many = reinterpret_cast<void *>(heardMany);
    CHECK(callAsync(2, IONotificationPortGetMachPort(notify), many, heard, {4}) == 0);
    CHECK(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 5, true) == kCFRunLoopRunHandledSource);
    CHECK(heard.calls == 1 && heard.count == 4);
    CHECK(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.02, true) == kCFRunLoopRunTimedOut);
    IONotificationPortDestroy(notify);
    CHECK(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.02, true) == kCFRunLoopRunFinished);
    close();
}

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

void denied() {
    gService = findService();
    CHECK(IOServiceOpen(gService, mach_task_self(), 0, &gConnect) == kIOReturnNotPermitted);
}

// Close waits for the calls in flight (contract §1.8).
void locking() {
    open();
    std::atomic<bool> returned{false};
    std::thread caller([&] {
        uint64_t milliseconds = 300;
        CHECK(IOConnectCallScalarMethod(gConnect, 3, &milliseconds, 1, nullptr, nullptr) == 0);
        returned = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(IOConnectCallScalarMethod(gConnect, 5, nullptr, 0, nullptr, nullptr) == 0); // beside it
    CHECK(!returned);
    CHECK(IOServiceClose(gConnect) == 0);
    CHECK(returned);
    caller.join();
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

void cycles() {
    for (int i = 0; i < 300; ++i) {
        open();
        uint64_t in = 5;
        uint64_t out = 0;
        uint32_t count = 1;
        CHECK(IOConnectCallScalarMethod(gConnect, 0, &in, 1, &out, &count) == 0 && out == 5);
        close();
        CHECK(IOObjectRelease(gService) == 0);
    }
}

void speed() {
    open();
    constexpr int kCalls = 20000;
    uint64_t in = 1;
    uint64_t out;
    auto started = std::chrono::steady_clock::now();
    for (int i = 0; i < kCalls; ++i) {
        uint32_t count = 1;
        CHECK(IOConnectCallScalarMethod(gConnect, 0, &in, 1, &out, &count) == 0);
    }
    std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - started;
    printf("%.2f us per call\n", took.count() / kCalls);
    close();
}

struct Experiment {
    const char * name;
    void (*run)();
};
const Experiment kExperiments[] = {
    {"sizes", sizes},
    {"outputs", outputs},
    {"variable", variable},
    {"completions", completions},
    {"flood", flood},
    {"runLoop", runLoop},
    {"memory", memory},
    {"opening", opening},
    {"denied", denied},
    {"locking", locking},
    {"abandon", abandon},
    {"held", held},
    {"unplug", [] { termination(false); }},
    {"unplugMapped", [] { termination(true); }},
    {"died", died},
    {"registry", registry},
    {"cycles", cycles},
    {"speed", speed},
};

} // namespace

int main(int count, char ** arguments) {
    for (int i = 1; i < count; ++i) {
        bool known = false;
        for (const Experiment & experiment : kExperiments) {
            if (strcmp(experiment.name, arguments[i]) == 0) {
                experiment.run();
                known = true;
            }
        }
        CHECK(known);
        printf("ok %s %d\n", arguments[i], gChecks.load());
        fflush(stdout);
    }
}
