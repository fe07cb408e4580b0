// Experiments with external methods and their completions, against fake_dext.cpp.
#include "client.h"

#include <atomic>
#include <vector>

namespace {

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
    for (size_t size : {0u, 1u, 4095u, 4096u, 4097u, 65536u, 1u << 20}) {
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

const Experiment kExperiments[] = {
    {"sizes", sizes}, {"outputs", outputs}, {"variable", variable}, {"completions", completions},
    {"flood", flood}, {"runLoop", runLoop}, {"cycles", cycles},     {"speed", speed},
};

} // namespace

int main(int count, char ** arguments) {
    return runExperiments(kExperiments, count, arguments);
}
