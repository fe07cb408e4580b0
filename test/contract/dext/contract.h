// What the experiments of the contract's dext share: the state of driver and client.
#ifndef CONTRACT_H
#define CONTRACT_H

#include "ContractClient.h"
#include "ContractDriver.h"

#include <DriverKit/DriverKit.h>

// Types of a client: which queues it has (contract §9.6).
enum ContractType : uint32_t {
    kOwnQueue = 0,        // the Default queue that every service gets
    kDriversQueue = 1,    // the driver's as its own
    kMethodQueue = 2,     // another one for external methods
    kNotSynchronized = 3, // kIODispatchQueueMethodsNotSynchronized
    kReentrant = 4,       // kIODispatchQueueReentrant
};

constexpr uint32_t kMaxNotes = 1024;

struct ContractDriver_IVars {
    IODispatchQueue * queue; // its Default; retained from Start to free
    IOLock * lock;           // of what follows
    uint64_t notes[kMaxNotes];
    uint32_t noteCount;
    uint32_t inside; // calls of `wait` that are under way
    uint32_t mostInside;
    OSAction * lent;          // a completion that outlives its client, or null; retained
    bool gateOpen;            // what `wait` waits for
    ContractClient * other;   // of the deadlock of two; not retained
    bool keepsStopped;        // the next client that stops
    ContractClient * stopped; // it, or null; retained
};

struct ContractClient_IVars {
    ContractDriver * driver;             // retained from Start to free
    IODispatchQueue * queue;             // its Default; retained
    IODispatchQueue * methodQueue;       // for external methods, or null; retained
    OSAction * kept;                     // a completion that outlives its call, or null; retained
    IOBufferMemoryDescriptor * whole;    // of memory type 0; null until it is asked for
    IOBufferMemoryDescriptor * readOnly; // of type 1
    IOBufferMemoryDescriptor * growing;  // of type 7
    IOBufferMemoryDescriptor * passing;  // of type 9
    uint32_t passed;                     // how often it has been asked for
};

// One call of a client.
struct ContractCall {
    ContractClient * client;
    ContractClient_IVars & state;
    IOUserClientMethodArguments * arguments;

    uint64_t in(uint32_t index) const {
        return index < arguments->scalarInputCount ? arguments->scalarInput[index] : 0;
    }
    void out(uint32_t index, uint64_t value) const {
        if (index < arguments->scalarOutputCount) {
            arguments->scalarOutput[index] = value;
        }
    }
    ContractDriver_IVars & driver() const { return *state.driver->ivars; }
};

using ContractExperiment = kern_return_t (*)(const ContractCall & call);

// calls.cpp: sizes, outputs and completions
kern_return_t contractDescribe(const ContractCall & call);
kern_return_t contractEcho(const ContractCall & call);
kern_return_t contractGive(const ContractCall & call);
kern_return_t contractFail(const ContractCall & call);
kern_return_t contractLeave(const ContractCall & call);
kern_return_t contractScribble(const ContractCall & call);
kern_return_t contractComplete(const ContractCall & call);
kern_return_t contractKeep(const ContractCall & call);
kern_return_t contractSendKept(const ContractCall & call);
kern_return_t contractDropKept(const ContractCall & call);
kern_return_t contractLend(const ContractCall & call);
kern_return_t contractSendLent(const ContractCall & call);
kern_return_t contractDropLent(const ContractCall & call);
// queues.cpp: locks, order and deadlocks
kern_return_t contractWait(const ContractCall & call);
kern_return_t contractOpenGate(const ContractCall & call);
kern_return_t contractNote(const ContractCall & call);
kern_return_t contractNotes(const ContractCall & call);
kern_return_t contractEnqueue(const ContractCall & call);
kern_return_t contractQueues(const ContractCall & call);
kern_return_t contractDeadlock(const ContractCall & call);
kern_return_t contractAfterStop(const ContractCall & call);

// The status of a descriptor over an address of the client's app (contract §1.10).
kern_return_t contractClientMemory(ContractClient * client);

// The rows that the base class checks (contract §1.3), by number.
kern_return_t contractRow(const ContractCall & call, uint32_t row);

#endif
