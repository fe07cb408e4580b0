// One call of an app: admitted or refused, its struct copied in, its outputs carried out.
// The driver's hook runs between CallBegin and CallEnd and can trust everything it is given.
#ifndef DEXTGEN_CALL_H
#define DEXTGEN_CALL_H

#include "connection.h"

namespace dextgen {

struct Call {
    Connection * connection;
    const Method * method;
    IOUserClientMethodArguments * arguments;
    uint64_t in[kDextgenMaxScalars];      // the dext's own copy; of a handle the driver's object
    uint32_t inCount;                     // scalars that the app sent, of those that are declared
    uint32_t outCount;                    // scalars that it asked for, of those that are declared
    uint64_t handles[kDextgenMaxScalars]; // the handles among the inputs, as they came
    uint64_t out[kDextgenMaxScalars];     // leaves only on success (contract §0.3)
    uint8_t * input; // the dext's own copy; never null in the hook of a method with one
    uint64_t inputSize;
    uint64_t inputRoom; // bytes that `input` really has
    uint8_t * output;   // zeroed
    uint64_t outputCapacity;
    uint64_t outputSize;
    uint64_t outputRoom;                     // bytes that `output` really has
    IOMemoryDescriptor * ranges[kMaxRanges]; // of the app's memory; retained
    uint64_t rangeLengths[kMaxRanges];
    uint64_t token;       // of an asynchronous call
    uint64_t handleOrder; // of the newest handle when the call came
    bool handlesHeld;     // there are places for the handles that it makes
    uint32_t feed;        // number + 1 of the feed that the call began; 0 for other calls
};

/// Validates everything the schema states. On success `call->method` is the row to dispatch; on
/// failure the reason is kept for the contract's "last rejection". CallEnd follows in both cases.
kern_return_t CallBegin(Call * call, Connection * connection, uint64_t selector,
                        IOUserClientMethodArguments * arguments);

/// Carries the outputs of a successful call, frees the copies, and returns the call's status.
kern_return_t CallEnd(Call * call, kern_return_t status);

/// Records why a call is refused, and returns the code it fails with.
kern_return_t CallRefuse(Connection * connection, uint64_t selector, const Fault & fault);

/// What a hook did with its bytes: `length` of them are valid.
kern_return_t CallFinishBytes(Call * call, kern_return_t status, uint64_t length);

/// Bytes of text that the hook may write.
uint64_t CallTextRoom(const Call * call);

/// The same for a text, without its NUL.
kern_return_t CallFinishText(Call * call, kern_return_t status, uint64_t length);

/// What a hook wrote as a variant takes the size of its case.
kern_return_t CallFinishVariant(Call * call, kern_return_t status);

/// Nothing leaves of a record that was not written completely.
kern_return_t CallFinishRecord(Call * call, kern_return_t status, RecordWriter * writer);

/// Opens the asynchronous call; `call->token` names it, and is 0 where the app passed no
/// completion. A call that fails after all gets none.
kern_return_t CallOpen(Call * call);

} // namespace dextgen

#endif
