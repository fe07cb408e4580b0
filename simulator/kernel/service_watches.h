// What dexts wait for beyond their own provider: services that come and go (contract §9.6,
// IOServiceNotificationDispatchSource) and state items of services.
#ifndef DEXTSIM_KERNEL_SERVICE_WATCHES_H
#define DEXTSIM_KERNEL_SERVICE_WATCHES_H

#include "ipc/value.h"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>

namespace dextsim {

struct Entry;
struct Kernel;

struct ServiceWatch {
    uint32_t process = 0;
    Value matching;
    struct News {
        uint64_t type;
        uint64_t entry;
        std::string className;
    };
    std::deque<News> news;
    std::set<uint64_t> known; // told of, and still there
};

struct StateWatch {
    uint32_t process = 0;
    uint64_t service = 0;
    std::set<std::string> items;
    bool armed = false;
    bool changed = false;
};

struct ServiceWatches {
    std::map<uint64_t, ServiceWatch> services;
    std::map<uint64_t, StateWatch> states;
    std::map<uint64_t, std::map<std::string, Value>> items; // by service
    uint64_t next = 1;
};

// A service has reached the matched state; a service is about to leave the registry.
void watchedServiceMatched(Kernel & kernel, const Entry & entry);
void watchedServiceGone(Kernel & kernel, const Entry & entry);
void dropProcessWatches(Kernel & kernel, uint32_t process);

} // namespace dextsim

#endif
