// An interface as data: what generated code states, and everything else in this folder works from.
#ifndef DEXTGEN_INTERFACE_H
#define DEXTGEN_INTERFACE_H

#include "records.h"
#include "values.h"

#include <DriverKit/IOUserClient.h>

namespace dextgen {

enum class Carrier : uint8_t { None, Fixed, Bytes };

/// A method: its row for IOUserClient::ExternalMethod, and the checks that no row can state
/// (contract §1.3).
struct Method {
    uint64_t selector;
    IOUserClientMethodDispatch dispatch;
    const ValueRule * scalars = nullptr; // one per scalar input
    Carrier input = Carrier::None;
    uint64_t inputMin = 0; // bytes; a fixed struct has both equal to its size
    uint64_t inputMax = 0;
    const StructRule * inputRule = nullptr;   // null when any bytes will do
    const RecordRule * inputRecord = nullptr; // of bytes that are a record, a text or a variant
    uint64_t inputRoom = 0;                   // bytes of the copy, at least: the rest is zero
    uint32_t inputExtra = 0;                  // zero bytes behind the copy
    bool inputCapped = false; // inputMax is less than what the record's members could take
    Carrier output = Carrier::None;
    uint64_t outputMax = 0;
    const StructRule * outputRule = nullptr; // whose padding leaves as zero; null without padding
    const RecordRule * outputRecord = nullptr;
    uint64_t outputRoom = 0;       // bytes that the hook writes to, at least
    bool outputDescriptor = false; // the app must offer more than fits inline
    bool lengthUntold = false;     // a legacy interface: the app has to know it
    int32_t lengthScalar = -1; // scalar output with the true length of the bytes (contract §1.6)
    uint32_t completionWords = 0; // of an asynchronous method
};

struct Event {
    uint32_t id;
    bool ring;
    uint32_t payloadSize;  // bytes
    uint32_t words;        // of a completion that carries the payload; 0 when it cannot
    uint32_t capacity = 0; // records of a ring
    uint32_t policy;       // kDextgenPolicy…
    uint32_t inFlight;     // unacknowledged completions per subscription
    uint64_t ringMemoryType = 0;
    uint64_t controlMemoryType = 0;
    const StructRule * layout = nullptr; // of the payload, for its padding; null without padding
    /// Tells the driver how many connections follow the event now.
    void (*notify)(OSObject * driver, uint32_t subscribers);
};

struct Buffer {
    uint64_t memoryType;
    uint64_t size; // whole pages
    bool readOnly;
    bool shared; // one for all connections of the driver
};

struct Interface {
    uint64_t hashHigh;
    uint64_t hashLow;
    uint32_t version;       // DextgenVersion
    bool hasContract;       // whether the contract selectors are served
    uint64_t contractBase;  // selector of the first
    const Method * methods; // ascending by selector
    uint32_t methodCount;
    const Event * events;
    uint32_t eventCount;
    const Buffer * buffers;
    uint32_t bufferCount;
};

// What one connection and one driver may hold, so that no app can make the dext grow.
enum : uint32_t {
    kMaxClients = 32,
    kMaxPendingCalls = 32,
    kMaxQueuedCompletions = 64,
};

} // namespace dextgen

#endif
