// What the sample driver writes down for the test.
#ifndef SAMPLE_H
#define SAMPLE_H

#include "Sample.h"
#include <DriverKit/IODispatchQueue.h>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>

struct SampleService_IVars {
    int unused;
};

struct Seen {
    uint64_t selector;
    uint32_t scalars;
    bool hasInput;
    size_t inputLength;
    uint64_t descriptorLength;
    uint64_t outputMaximum;
    bool hasCompletion;
};

struct SampleRecord {
    std::atomic<uint32_t> freed{0};
    std::string order;
    uint32_t properties = 0;

    std::mutex lock;
    std::condition_variable called;
    uint32_t callbacks = 0;
    uint32_t ticks = 0;
    bool onQueue = false;
    IOReturn status = 0;
    uint32_t bytes = 0;
    uint64_t time = 0;
    uint64_t reference = 0;

    Seen seen{};
    bool keepCompletion = false;
    OSAction * completion = nullptr;
    int outputScalars = -1; // -1: as asked for
    int outputLength = -1;  // -1: no structure
    kern_return_t result = 0;
    bool useRow = false;
    const IOUserClientMethodDispatch * row = nullptr;
};
extern SampleRecord gRecord;

#endif
