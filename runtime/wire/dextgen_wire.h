// What passes between any generated dext and any generated client, whatever the interface: contract
// selectors, rejections, completion words and the ring. Plain C; shared by runtime/dext and
// runtime/addon, and importable by other languages. Fixed-width types only.
#ifndef DEXTGEN_WIRE_H
#define DEXTGEN_WIRE_H

#include <stdint.h>

#ifdef __cplusplus
#define DEXTGEN_WIRE_ASSERT(condition, text) static_assert(condition, text)
#else
#define DEXTGEN_WIRE_ASSERT(condition, text) _Static_assert(condition, text)
#endif

// Platform limits (contract §0.2).
enum {
    kDextgenMaxScalars = 16,
    kDextgenMaxInline = 4096,
    kDextgenMaxCompletionWords = 16,
    kDextgenMinCompletionWords = 3,
    kDextgenRingLine = 128,
};

// Contract selectors, relative to the interface's contract base, which is 0xDE000000 unless the
// schema moves it.
enum {
    // in, out: hash high, hash low, version, features; out: limits, too
    kDextgenHandshake = 0,
    // out: selector, argument, rule, limit, actual; reading clears it
    kDextgenLastRejection = 1,
    // completion required; in: event id; out: subscription id
    kDextgenSubscribe = 2,
    // in: subscription id
    kDextgenUnsubscribe = 3,
    // in: event id; out: capacity, record size, ring memory type, control memory type
    kDextgenRingOpen = 4,
    // in: event id
    kDextgenRingClose = 5,
    // in: ring id (app to driver rings)
    kDextgenRingKick = 6,
    // out: calls, rejections, completions sent, events lost, records written
    kDextgenStatistics = 7,
    // in: subscription id, count
    kDextgenAcknowledge = 8,
    kDextgenContractCount = 9,
};

#define kDextgenDefaultContractBase UINT32_C(0xDE000000)

// Version word of the handshake: major << 16 | minor.
static inline uint32_t DextgenVersion(uint32_t major, uint32_t minor) {
    return major << 16 | minor;
}

// Why generated validation refused a call. A closed list; numbers never change.
enum {
    kDextgenRuleNone = 0,
    kDextgenRuleUnknownSelector = 1, // actual: selector
    kDextgenRuleScalarCount = 2,     // limit: expected, actual: sent
    kDextgenRuleStructSize = 3,      // limit: expected, or the nearest that will do; actual: sent
    kDextgenRuleCompletion = 4,      // limit: 1 required, 0 forbidden; actual: 1 present, 0 absent
    kDextgenRuleMin = 5,
    kDextgenRuleMax = 6,
    kDextgenRuleMultipleOf = 7,
    kDextgenRuleEnum = 8,      // limit: how many single values there are
    kDextgenRuleMask = 9,      // limit: the bits that may be set
    kDextgenRuleReserved = 10, // limit: the bits that must not be set; 0 for a reserved number
    kDextgenRuleStringTerminator = 11, // limit: bytes of the field
    kDextgenRuleUtf8 = 12,
    kDextgenRuleCount = 13,
    kDextgenRuleTotal = 14,
    kDextgenRuleTag = 15,
    kDextgenRuleHandle = 16, // actual: the number that names nothing of this connection
    kDextgenRuleQuota = 17,  // limit: how many there may be
    kDextgenRuleState = 18,  // limit: mask of the states it needs, actual: machine << 32 | state
    kDextgenRuleEntitlement = 19, // limit: which of the interface's entitlements is missing
};

// `argument` of a rejection: the index of the scalar, one of these, or, for a field inside an input
// struct, kDextgenArgumentStruct + 1 + the byte offset of the field.
enum {
    kDextgenArgumentNone = 0xFFFFu,
    kDextgenArgumentStructOutput = 0xFFFEu,
    kDextgenArgumentScalarOutput = 0xFFFDu,
    kDextgenArgumentRole = 0xFFFCu, // rule state; limit: the role, actual: 1 if it is another's
    kDextgenArgumentStruct = 0x10000u,
};

// `limit` and `actual` carry integers sign-extended to 64 bits and floats as the bits of a double.

// Words of every completion that generated code sends: a fixed count, at least 3 (contract §1.9,
// §7.6).
//   word 0  id (bits 0..31: event id, or selector of an async method) | flags
//   word 1  events lost on this subscription since the previous completion
//   word 2… payload: an event's struct laid over the words; an async method's outputs, a word each
#define kDextgenWordEnded (UINT64_C(1) << 32) // nothing follows; the status says why
#define kDextgenWordLossy (UINT64_C(1) << 33) // word 1 is not zero
// A ring has records; word 2 is the arming that this answers.
#define kDextgenWordDoorbell (UINT64_C(1) << 34)

// A ring, driver to app: this header, then `capacity` records from offset 256. Written by the
// driver, mapped read-only into the app.
typedef struct DextgenRingHeader {
    // Line 0: constant after the ring was opened.
    uint32_t magic;
    uint32_t layoutVersion;
    uint32_t recordSize; // bytes; 0 for variable records
    uint32_t capacity;   // records; a power of two
    uint32_t policy;     // kDextgenPolicy…
    uint32_t eventId;
    uint8_t pad0[104];
    // Line 1: the driver's words. Free-running indices in records.
    uint64_t reserved; // how far the driver is about to write
    uint64_t written;  // how far it has written
    uint64_t lost;     // records the driver refused (bounded policies)
    uint32_t state;    // kDextgenRing…
    uint32_t reason;   // IOReturn of the end
    uint8_t pad1[96];
} DextgenRingHeader;

// The app's page: written by the app, read as hostile by the driver.
typedef struct DextgenRingControl {
    uint64_t read;  // records consumed (bounded policies)
    uint32_t armed; // arming counter; the driver answers each new value once
    uint8_t pad[116];
} DextgenRingControl;

enum { kDextgenRingMagic = 0x474E4952u /* "RING" */, kDextgenRingLayoutVersion = 1 };
enum { kDextgenRingOpened = 1, kDextgenRingClosed = 2 };
enum { kDextgenPolicyDropOldest = 0, kDextgenPolicyDropNewest = 1 };

DEXTGEN_WIRE_ASSERT(sizeof(DextgenRingHeader) == 256, "ring header is two lines");
DEXTGEN_WIRE_ASSERT(sizeof(DextgenRingControl) == 128, "ring control is one line");

#endif
