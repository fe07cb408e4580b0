// Matching and interest notifications (contract §7.3, §7.4): arming, last-in-first-out sets, the
// cap. Delivers through a function; knows no sockets.
#ifndef DEXTSIM_KERNEL_NOTIFICATIONS_H
#define DEXTSIM_KERNEL_NOTIFICATIONS_H

#include "registry.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dextsim {

struct PortRef {
    uint64_t session = 0;
    uint32_t port = 0;
};

class Notifications {
  public:
    using Ping = std::function<void(PortRef, uint64_t notification)>;
    using Tell = std::function<void(PortRef, uint64_t notification, uint64_t entry, uint32_t type,
                                    uint64_t argument)>;

    Notifications(Registry & registry, Ping ping, Tell tell)
        : registry_(registry), ping_(std::move(ping)), tell_(std::move(tell)) {}

    // 0 when the type is unknown.
    uint64_t addMatching(PortRef port, const std::string & type, Value matching);
    uint64_t addInterest(PortRef port, uint64_t entry);
    // The next entry, newest first; 0 arms.
    uint64_t next(uint64_t notification);
    void remove(uint64_t notification);
    void removeSession(uint64_t session);
    bool belongsTo(uint64_t notification, uint64_t session) const;

    // A service reached the state that notifications of this type wait for.
    void post(const std::string & type, const Entry & entry);
    // A general-interest message about an entry.
    void message(uint64_t entry, uint32_t type, uint64_t argument);
    size_t size() const { return matching_.size() + interest_.size(); }

  private:
    struct Matching {
        PortRef port;
        std::string type;
        Value criteria;
        std::vector<uint64_t> entries;
        bool armed = false;
    };
    struct Interest {
        PortRef port;
        uint64_t entry;
    };

    Registry & registry_;
    Ping ping_;
    Tell tell_;
    std::map<uint64_t, Matching> matching_;
    std::map<uint64_t, Interest> interest_;
    uint64_t nextId_ = 1;
};

constexpr const char * kPublish = "IOServicePublish";
constexpr const char * kFirstPublish = "IOServiceFirstPublish";
constexpr const char * kMatched = "IOServiceMatched";
constexpr const char * kFirstMatch = "IOServiceFirstMatch";
constexpr const char * kTerminated = "IOServiceTerminate";
constexpr const char * kWillTerminate = "IOServiceWillTerminate";

} // namespace dextsim

#endif
