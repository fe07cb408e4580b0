// An interface as data: what generated code states, and everything else in this folder works from.
#ifndef DEXTGEN_INTERFACE_H
#define DEXTGEN_INTERFACE_H

#include "records.h"
#include "values.h"

#include <DriverKit/IOUserClient.h>

class IOMemoryDescriptor;

namespace dextgen {

enum class Carrier : uint8_t { None, Fixed, Bytes };

/// Numbers of scalars, both inclusive.
struct CountRange {
    uint32_t first;
    uint32_t last;
};

/// How a value lies in several scalar inputs: its bytes in order, or two halves.
enum class Packing : uint8_t { Bytes, LowHigh, HighLow };

/// A value over several scalar inputs, of which each word was checked by itself before.
struct Span {
    uint32_t index;
    uint32_t words;
    Packing packing;
    uint32_t size;                     // bytes of the value
    ValueRule value = {};              // of halves put together
    const StructRule * rule = nullptr; // of bytes; null when any will do
};

/// What the driver does with a range of the app's memory.
enum class RangeAccess : uint8_t { Read, Write, ReadWrite };

/// A range of the app's memory among the scalar inputs.
struct ClientRange {
    uint32_t address; // index of the scalar
    int32_t length;   // index of the scalar; -1: the range always has `size` bytes
    uint64_t size = 0;
    RangeAccess access;
};

/// Checks: looked up, and left to the hook as the number that it is.
enum class HandleUse : uint8_t { Uses, Closes, Returns, Creates, Checks };

/// A scalar that is a handle: an input that is looked up, or an output that is made of an object.
struct HandleSlot {
    uint32_t index;
    uint32_t type; // in Interface::handles
    HandleUse use;
};

/// Legal states of one machine, as a mask.
struct StateNeed {
    uint32_t machine;
    uint32_t states;
};

struct StateChange {
    uint32_t machine;
    uint32_t state;
};

/// What a call needs besides good arguments. -1: no such thing.
struct Guard {
    int32_t entitlement = -1; // in Interface::entitlements
    int32_t claims = -1;      // roles
    int32_t requires_ = -1;
    int32_t releases = -1;
    kern_return_t roleError = 0;  // 0: exclusive access or not permitted, as the case is
    kern_return_t stateError = 0; // 0: not ready
    const StateNeed * when = nullptr;
    uint32_t whenCount = 0;
    const StateChange * leadsTo = nullptr;
    uint32_t leadsToCount = 0;
    uint32_t pending = 0; // calls in flight of an asynchronous method; 0: the connection's limit
};

/// A method: its row for IOUserClient::ExternalMethod, and the checks that no row can state
/// (contract §1.3).
struct Method {
    uint64_t selector;
    IOUserClientMethodDispatch dispatch;
    const ValueRule * scalars = nullptr; // one per scalar input
    bool leaves = false; // without a completion it ends a subscription, and looks no handle up
    const Guard * leaveGuard = nullptr;
    const CountRange * inputCounts = nullptr; // what the row leaves open; null: what it says
    uint32_t inputCountRanges = 0;
    uint32_t scalarInputs = 0;           // declared ones, when the row leaves their number open
    const uint64_t * defaults = nullptr; // words that stand for those left out; null for zeros
    const CountRange * outputCounts = nullptr;
    uint32_t outputCountRanges = 0;
    uint32_t scalarOutputs = 0;
    const Span * spans = nullptr;
    uint32_t spanCount = 0;
    const HandleSlot * handles = nullptr;
    uint32_t handleCount = 0;
    const HandleSlot * answerHandles = nullptr; // among the words of its completion
    uint32_t answerHandleCount = 0;
    const Guard * guard = nullptr;
    bool unchecked = false; // the hook gets the arguments as they came
    const ClientRange * ranges = nullptr;
    uint32_t rangeCount = 0;
    Carrier input = Carrier::None;
    uint64_t inputMin = 0; // bytes; a fixed struct has both equal to its size
    uint64_t inputMax = 0;
    bool inputLonger = false; // bytes behind the struct are nobody's
    bool inputDirect = false; // the hook gets the app's descriptor, and nothing is copied
    const StructRule * inputRule = nullptr;   // null when any bytes will do
    const RecordRule * inputRecord = nullptr; // of bytes that are a record, a text or a variant
    uint64_t inputRoom = 0;                   // bytes of the copy, at least: the rest is zero
    uint32_t inputExtra = 0;                  // zero bytes behind the copy
    bool inputCapped = false; // inputMax is less than what the record's members could take
    Carrier output = Carrier::None;
    uint64_t outputMax = 0;
    bool outputDirect = false;
    const StructRule * outputRule = nullptr; // whose padding leaves as zero; null without padding
    const RecordRule * outputRecord = nullptr;
    uint64_t outputRoom = 0;       // bytes that the hook writes to, at least
    bool outputDescriptor = false; // the app must offer more than fits inline
    bool lengthUntold = false;     // a legacy interface: the app has to know it
    int32_t lengthScalar = -1; // scalar output with the true length of the bytes (contract §1.6)
    uint32_t completionWords = 0;            // of an asynchronous method
    bool completionRaw = false;              // without the two words of the header
    const StructRule * answerRule = nullptr; // of the struct in it, for its padding
    uint32_t answerWord = 0;                 // behind the header, at which that struct begins
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

/// A completion with a selector of the interface's own (feed.h).
struct Feed {
    bool rearmed;     // each completion is answered once
    bool raw;         // no header words
    uint32_t eventId; // in the header of the completion that ends it
    uint32_t endWords;
    uint32_t queue;  // events that wait while a re-armed completion is away
    uint32_t policy; // kDextgenPolicy…, of those
    /// Tells the driver how many connections follow now.
    void (*notify)(OSObject * driver, uint32_t subscribers);
};

/// An event that comes through a feed.
struct FeedEvent {
    uint32_t feed;
    uint32_t id;
    uint32_t payloadSize = 0; // bytes
    uint32_t minWords;        // of the completion; different ones for an event that is its words
    uint32_t maxWords;
    bool tagged = false; // begins with word0
    uint64_t word0 = 0;
    const StructRule * layout = nullptr; // of the payload, for its padding; null without padding
};
/// What an app adds to a memory type: some of its bits, and which values they may have.
struct MemoryPart {
    uint8_t at; // its lowest bit
    uint8_t width;
    ValueRule value;
};

enum : uint32_t { kMaxMemoryParts = 32 };

/// Asks the driver for memory: `parts` are what the app chose of the type. `*memory` is +1.
using MemorySupply = kern_return_t (*)(OSObject * driver, IOUserClient * client,
                                       const uint64_t * parts, IOMemoryDescriptor ** memory);

struct Buffer {
    uint64_t memoryType; // of a computed one, the part that is always the same
    uint64_t size;       // bytes; at most, unless exact
    bool readOnly;
    bool shared;               // one for all connections of the driver
    bool any = false;          // every type that no other buffer has
    bool exact = true;         // always `size` bytes
    bool partialPages = false; // an app sees the bytes of the size, and not the rest of the page
    const MemoryPart * parts = nullptr;
    uint32_t partCount = 0;
    int32_t sizePart = -1;         // the part that says how many units it has
    uint64_t sizeUnit = 0;         // bytes
    MemorySupply supply = nullptr; // null: generated code allocates it
};

/// A kind of handles, and how the driver gets rid of an object that lost its handle.
struct HandleType {
    uint32_t max;      // of one connection
    bool is32 = false; // 16 bits of generation and index each, rather than 32
    void (*release)(OSObject * driver, IOUserClient * client, uint64_t object);
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
    const Feed * feeds = nullptr;
    uint32_t feedCount = 0;
    const FeedEvent * feedEvents = nullptr;
    uint32_t maxClients = 0;
    const HandleType * handles = nullptr;
    uint32_t handleTypeCount = 0;
    const char * const * entitlements = nullptr; // at most 64
    uint32_t entitlementCount = 0;
    /// Tells the driver of a connection's first call, which it may refuse, and of its end.
    kern_return_t (*clientOpened)(OSObject * driver, IOUserClient * client) = nullptr;
    void (*clientClosed)(OSObject * driver, IOUserClient * client) = nullptr;
    uint32_t driverMachines = 0; // mask of the state machines that the driver has one of
    /// Tells the driver that a connection with a role has ended.
    void (*roleLost)(OSObject * driver, IOUserClient * client, uint32_t role) = nullptr;
};

// What one connection and one driver may hold, so that no app can make the dext grow.
enum : uint32_t {
    kMaxMachines = 8,
    kMaxStates = 32,
    kMaxRoles = 8,
    kMaxPendingCalls = 32,
    kMaxRanges = kDextgenMaxScalars,
    kMaxQueuedCompletions = 64,
    kMaxMemories = 256, // descriptors of one connection, or of what a driver shares
};

} // namespace dextgen

#endif
