// The program of every dext: connects to the kernel, says which classes it has, and serves until
// the kernel is gone.
#include "classes.h"
#include "data_channel.h"
#include "kernel.h"
#include "log.h"
#include "requests.h"

#include "../../ipc/starved.h"

#include <DriverKit/IOReturn.h>

#include <cstdio>
#include <thread>
#include <unistd.h>

// Of the address sanitizer, when that is linked.
extern "C" __attribute__((weak)) void __lsan_do_leak_check();

namespace {

using namespace dextsim;

void checkIn() {
    const std::vector<std::string> names = classNames();
    Writer body;
    body.u32(kProtocolVersion).u32(static_cast<uint32_t>(names.size()));
    for (const std::string & name : names) {
        body.string(name);
    }
    const Reply reply = askKernel(MessageType::CheckIn, body);
    if (reply.delivered && reply.status != kIOReturnSuccess) {
        fprintf(stderr, "the kernel refused the check-in of this dext: 0x%08x\n",
                static_cast<unsigned>(reply.status));
        kernelConnection()->shutdown();
    }
}

} // namespace

int main() {
    if (!connectToKernel()) {
        fprintf(stderr, "a dext is started by the simulator's kernel; it found no socket in %s\n",
                kDextFdVariable);
        return 2;
    }
    // The answer to the check-in comes in on this thread.
    std::thread(checkIn).detach();
    kernelConnection()->serve([](void *, Message & message) { handleKernelMessage(message); },
                              nullptr);
    const bool starved = hasStarved();
    if (starved) {
        reportFault("no file descriptor is left for what the kernel passes to this dext: it ends");
    }
    awaitAnswers();
    // Other threads may be anywhere, also in driver code: end without waiting for them. The check
    // for leaks needs file descriptors itself.
    if (__lsan_do_leak_check != nullptr && !starved) {
        __lsan_do_leak_check();
    }
    _exit(starved ? 1 : 0);
}
