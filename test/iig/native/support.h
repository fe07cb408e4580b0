// What the parts of the runtime test share.
#ifndef RUNTIME_TEST_SUPPORT_H
#define RUNTIME_TEST_SUPPORT_H

#include "check.h"
#include "sample.h"

#include "driverkit/runtime/user_client.h"

#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

template <typename Class> Class * make(OSMetaClass * meta) {
    OSObject * object = nullptr;
    CHECK(OSObjectAllocate(meta, &object) == kIOReturnSuccess);
    CHECK(object->init());
    return static_cast<Class *>(object);
}

template <typename Condition> inline bool waitFor(Condition holds) {
    std::unique_lock lock(gRecord.lock);
    return gRecord.called.wait_for(lock, std::chrono::seconds(5), holds);
}

// Whether `work` ends the process; a sanitizer turns the signal into an exit code.
template <typename Work> bool dies(Work work) {
    const pid_t child = fork();
    if (child == 0) {
        // The signal is expected: no sanitizer is to report it.
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

// One call of a client, as it comes out of its socket.
struct CallShape {
    size_t input = 0;
    uint64_t output = 0;
    uint32_t scalars = 0;
    uint8_t flags = 0;
};
dextsim::CallOutcome call(SampleClient * client, const CallShape & shape);

void testObjects(SampleDerived * sample);
void testQueuesAndActions(SampleDerived * sample);
void testDataQueue();
void testCalls(SampleClient * client);
// The test plays the kernel; releases both.
void testKernel(SampleDerived * sample, SampleClient * client);

#endif
