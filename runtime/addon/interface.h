// What a generated addon knows about its interface: plain constants that runtime/addon shows to
// JavaScript. Owns no behaviour.
#ifndef DEXTGEN_ADDON_INTERFACE_H
#define DEXTGEN_ADDON_INTERFACE_H

#include <cstddef>
#include <cstdint>

namespace dextgen {

struct MethodShape {
    const char * name;
    uint32_t selector;
    uint32_t scalarInputs;
    uint32_t structInputMaximum; // bytes
    uint32_t scalarOutputs;
    uint32_t structOutputMaximum; // bytes
    uint32_t completionWords;     // 0: the method is synchronous
};

struct EventShape {
    const char * name;
    uint32_t id;
    uint32_t payloadSize;     // bytes
    uint32_t completionWords; // words of a completion that carries the payload
    uint32_t ringCapacity;    // records; 0: the event travels in completions
};

struct InterfaceShape {
    const char * name;
    const char *
        service; // IOUserClass of the driver: the registry name of its service (contract §4.4)
    uint64_t hashHigh;
    uint64_t hashLow;
    uint32_t versionMajor;
    uint32_t versionMinor;
    bool hasContract; // false: the interface has no contract selectors
    uint32_t contractBase;
    const MethodShape * methods;
    size_t methodCount;
    const EventShape * events;
    size_t eventCount;
};

} // namespace dextgen

#endif
