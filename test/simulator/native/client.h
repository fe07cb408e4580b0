// What the experiments of client_*.cpp share: a connection to fake_dext.cpp, waiting, and a main
// that runs the experiments named on the command line. "wait" prints a line and waits for one, so
// that the test can do something to the system in between.
#ifndef DEXTSIM_TEST_CLIENT_H
#define DEXTSIM_TEST_CLIENT_H

#include "check.h"

#include <IOKit/IOKitLib.h>

#include <chrono>
#include <cstring>
#include <string>
#include <thread>

inline io_service_t gService;
inline io_connect_t gConnect;

inline kern_return_t err(unsigned code) {
    return static_cast<kern_return_t>(code);
}

inline io_service_t findService() {
    for (int i = 0; i < 500; ++i) {
        io_service_t service = IOServiceGetMatchingService(0, IOServiceNameMatching("FakeDriver"));
        if (service != 0) {
            return service;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return 0;
}

inline void open() {
    gService = findService();
    CHECK(gService != 0);
    CHECK(IOServiceOpen(gService, mach_task_self(), 0, &gConnect) == kIOReturnSuccess);
}

inline void close() {
    CHECK(IOServiceClose(gConnect) == kIOReturnSuccess);
}

inline std::string wait(const char * what) {
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

struct Experiment {
    const char * name;
    void (*run)();
};

template <size_t N>
int runExperiments(const Experiment (&experiments)[N], int count, char ** arguments) {

    for (int i = 1; i < count; ++i) {
        bool known = false;
        for (const Experiment & experiment : experiments) {
            if (strcmp(experiment.name, arguments[i]) == 0) {
                experiment.run();
                known = true;
            }
        }
        CHECK(known);
        printf("ok %s %d\n", arguments[i], gChecks.load());
        fflush(stdout);
    }
    return 0;
}

#endif
