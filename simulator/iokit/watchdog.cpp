// See watchdog.h. The time is the machine's: while that is held, nothing lasts.
#include "watchdog.h"

#include "ipc/machine.h"

namespace dextsim::client {

Watchdog::Watchdog(Session & session, const Wait & wait)
    : session_(session), wait_(wait), began_(session.watchdog() == 0 ? 0 : machineNanoseconds()) {}

Watchdog::~Watchdog() {
    if (told_ && wait_.what == LastingCall::Method) {
        tell(LastingCall::Returned, machineNanoseconds() - began_);
    }
}

void Watchdog::look() {
    if (told_ || session_.watchdog() == 0) {
        return;
    }
    const uint64_t lasted = machineNanoseconds() - began_;
    if (lasted >= session_.watchdog()) {
        told_ = true;
        tell(wait_.what, lasted);
    }
}

void Watchdog::tell(LastingCall what, uint64_t nanoseconds) {
    Writer body;
    body.u64(wait_.connect).u8(static_cast<uint8_t>(what)).u32(wait_.selector);
    session_.send(MessageType::CallLasts, body.u64(nanoseconds / 1'000'000));
}

} // namespace dextsim::client
