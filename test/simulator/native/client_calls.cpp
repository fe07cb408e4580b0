// Experiments with external methods and their completions, against fake_dext.cpp.
#include "client.h"

#include <atomic>
#include <vector>

namespace {

// ── outputs (contract §1.6) ──

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

// ── completions (contract §1.9, §7.6) ──

struct Heard {
    std::atomic<int> calls{0};
    std::atomic<uint32_t> count{0};
};

void heardMany(void * refcon, IOReturn, void **, uint32_t count) {
    auto & heard = *static_cast<Heard *>(refcon);
    heard.count = count;
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
    CHECK(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.02, true) == kCFRunLoopRunTimedOut);
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
    {"outputs", outputs},
    {"runLoop", runLoop},
    {"cycles", cycles},
    {"speed", speed},
};

} // namespace

int main(int count, char ** arguments) {
    return runExperiments(kExperiments, count, arguments);
}
