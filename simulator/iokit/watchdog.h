// Tells the kernel what this app waits for when that lasts too long, so that its log says so. The
// app goes on waiting, as on a Mac (contract §1.8).
#ifndef DEXTSIM_IOKIT_WATCHDOG_H
#define DEXTSIM_IOKIT_WATCHDOG_H

#include "session.h"

namespace dextsim::client {

// One wait on a connection; `look` is called about once a second while it lasts.
class Watchdog {
  public:
    struct Wait {
        uint64_t connect;
        LastingCall what;
        uint32_t selector = 0; // of a method
    };

    Watchdog(Session & session, const Wait & wait);
    // A method that lasted too long has ended.
    ~Watchdog();
    Watchdog(const Watchdog &) = delete;
    Watchdog & operator=(const Watchdog &) = delete;
    void look();

  private:
    void tell(LastingCall what, uint64_t nanoseconds);

    Session & session_;
    const Wait wait_;
    const uint64_t began_;
    bool told_ = false;
};

} // namespace dextsim::client

#endif
