// What a session that plays the system above a driver asks of its service: a terminal of a serial
// port, an audio system, a file system. The kernel passes these calls on and their answers back as
// they are (families.h: ServiceAsk, ServiceAsked); each body begins with `family u8, call u16`.
// Notation as in messages.h.
#ifndef DEXTSIM_IPC_SERVICE_CALLS_H
#define DEXTSIM_IPC_SERVICE_CALLS_H

#include <cstdint>

namespace dextsim {

enum class ServiceFamily : uint8_t { Serial = 1 };

enum class SerialCall : uint16_t {
    // settings (SerialSettings: baud u32, dataBits u8, halfStopBits u8, parity u8, flow u32, xon
    // u8,
    // xoff u8, latency u32), dtr u8, rts u8 → (nothing)
    Open = 1,
    Close = 2,
    // bytes → count u32, when the driver's queue has them; fewer when they were flushed
    Write = 3,
    // most u32 → bytes, when there are some
    Read = 4,
    // → (nothing), when the driver has taken everything
    Drain = 5,
    // settings → (nothing)
    Configure = 6,
    // baud u32 → (nothing): the speed alone
    Speed = 7,
    // dtr u8, rts u8 → (nothing)
    ModemControl = 8,
    // on u8 → (nothing)
    Break = 9,
    // tx u8, rx u8 → (nothing)
    Flush = 10,
    // ask u8 (HwGetModemStatus first), known u64 → changes u64, signals u8 (cts 1, dsr 2, ri 4,
    // dcd 8), overruns u32, breaks u32, framing u32, parity u32; when `changes` is not `known`
    Status = 11,
};

} // namespace dextsim

#endif
