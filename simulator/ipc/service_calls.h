// What a session that plays the system above a driver asks of its service: a terminal of a serial
// port, an audio system, a MIDI system, a file system. The kernel passes these calls on and their
// answers back as they are (families.h: ServiceAsk, ServiceAsked); each body begins with `family
// u8, call u16`. Notation as in messages.h.
#ifndef DEXTSIM_IPC_SERVICE_CALLS_H
#define DEXTSIM_IPC_SERVICE_CALLS_H

#include <cstdint>

namespace dextsim {

enum class ServiceFamily : uint8_t { Serial = 1, Audio = 2, Midi = 3, Block = 4 };

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

// Objects are numbers of the driver's; rates travel as the bits of a double.
enum class AudioCall : uint16_t {
    // → devices value (array of dictionaries; audio_calls.cpp)
    Describe = 1,
    // device u32, flags u64 → (nothing)
    Start = 2,
    Stop = 3,
    // device u32, operation u32, frames u32, sampleTime u64, hostTime u64 → (nothing)
    Operate = 4,
    // device u32, rate u64 → (nothing)
    SetRate = 5,
    // device u32 → rate u64, running u8, sampleTime u64, hostTime u64 (of the zero time stamp)
    State = 6,
    // stream u32, offset u64, length u32 → bytes
    ReadBuffer = 7,
    // stream u32, offset u64, bytes → (nothing)
    WriteBuffer = 8,
    // object u32, selector u32, qualifier value → value
    GetProperty = 9,
    // object u32, selector u32, qualifier value, value → (nothing)
    SetProperty = 10,
    // control u32, on u8 → (nothing)
    Switch = 11,
    // control u32, decibels u64 (bits of a double) → (nothing)
    Level = 12,
};

// Objects are numbers of the driver's; words are those of Universal MIDI Packets.
enum class MidiCall : uint16_t {
    // → devices value (array of dictionaries; midi_calls.cpp)
    Describe = 1,
    // (nothing) → (nothing): IO of the driver and of all its devices
    Start = 2,
    Stop = 3,
    // source u32, on u8 → (nothing)
    Enable = 4,
    // destination u32, count u32, count × word u32 → (nothing), when the driver's block has
    // returned
    Send = 5,
    // source u32 → bytes (of one Send), when there are some
    Read = 6,
    // object u32, selector u32 → value
    GetProperty = 7,
    // object u32, selector u32, value → (nothing)
    SetProperty = 8,
};

enum class BlockCall : uint16_t {
    // → description value (dictionary; block_calls.cpp)
    Describe = 1,
    // lba u64, options u32, blocks u64 → transferred u64, that many bytes
    Read = 2,
    // lba u64, options u32, bytes → transferred u64
    Write = 3,
    // lba u64, blocks u64 → (nothing)
    Synchronize = 4,
    // count u32, (first u64, blocks u64)… → (nothing)
    Unmap = 5,
    // → (nothing)
    Eject = 6,
};

} // namespace dextsim

#endif
