// What the lab's experiments share: the driver's state and the table of selectors.
#ifndef LAB_H
#define LAB_H

#include "LabClient.h"
#include "LabDriver.h"

#include <DriverKit/DriverKit.h>
#include <USBDriverKit/USBDriverKit.h>

// The ends of transfers, in the order in which they came.
struct LabCompletion {
    IOReturn status;
    uint32_t bytes;
    uint64_t tag; // from the action's reference storage
};

// What is not null holds a reference.
struct LabDriver_IVars {
    IOUSBHostInterface * interface; // null with another provider
    IOUSBHostDevice * device;       // the provider, or the interface's
    IOUSBHostPipe * ringPipe;       // that has a ring
    IOMemoryDescriptor * memory;    // of the experiment that made one
    IOMemoryMap * map;
    IOInterruptDispatchSource * interrupt;
    IODataQueueDispatchSource * dataQueue;
    uint32_t dataThere; // calls of its handlers
    uint32_t dataGone;
    uint32_t refusedPower;
    uint64_t blocksRan; // a bit for each
    LabCompletion completions[64];
    uint32_t completionCount;
    uint32_t bundleCount; // completions of bundles, each with one result or more
};

// Bits that several queues set, and wait for.
inline void labMark(uint64_t & bits, uint64_t more) {
    __atomic_fetch_or(&bits, more, __ATOMIC_ACQ_REL);
}
inline bool labMarked(const uint64_t & bits, uint64_t wanted) {
    return (__atomic_load_n(&bits, __ATOMIC_ACQUIRE) & wanted) == wanted;
}
// Waits up to five seconds.
inline bool labAwait(const uint64_t & bits, uint64_t wanted) {
    for (int i = 0; i < 5000 && !labMarked(bits, wanted); i++) {
        IOSleep(1);
    }
    return labMarked(bits, wanted);
}

// Notes the end of a transfer.
void labNote(LabDriver_IVars & state, const LabCompletion & completion);

struct LabClient_IVars {
    IOBufferMemoryDescriptor * shared; // of every memory type; null until one is asked for
    LabDriver * driver;                // retained from Start to Stop
};

// One call of a client: its selector picks the experiment.
struct LabCall {
    LabClient * client;
    LabDriver * driver;
    IOUserClientMethodArguments * arguments;

    uint64_t in(uint32_t index) const {
        return index < arguments->scalarInputCount ? arguments->scalarInput[index] : 0;
    }
    void out(uint32_t index, uint64_t value) const {
        if (index < arguments->scalarOutputCount) {
            arguments->scalarOutput[index] = value;
        }
    }
    LabDriver_IVars & state() const { return *driver->ivars; }
};

using LabExperiment = kern_return_t (*)(const LabCall & call);

// By selector; the order is that of `selectors` in lab.ts.
kern_return_t labRefusePower(const LabCall & call);
kern_return_t labChangePower(const LabCall & call);
kern_return_t labAcknowledgePower(const LabCall & call);
kern_return_t labClientMemory(const LabCall & call);
kern_return_t labJoinMemory(const LabCall & call);
kern_return_t labPartOfMemory(const LabCall & call);
kern_return_t labMapMemory(const LabCall & call);
kern_return_t labReadMap(const LabCall & call);
kern_return_t labStoreMap(const LabCall & call);
kern_return_t labDropMemory(const LabCall & call);
kern_return_t labOpen(const LabCall & call);
kern_return_t labTransfer(const LabCall & call);
kern_return_t labSendStructure(const LabCall & call);
kern_return_t labCompletions(const LabCall & call);
kern_return_t labSelectAlternate(const LabCall & call);
kern_return_t labDescribePipe(const LabCall & call);
kern_return_t labAdjustPipe(const LabCall & call);
kern_return_t labIdlePolicy(const LabCall & call);
kern_return_t labStartTransfer(const LabCall & call);
kern_return_t labAbort(const LabCall & call);
kern_return_t labClearStall(const LabCall & call);
kern_return_t labRequest(const LabCall & call);
kern_return_t labStartRequest(const LabCall & call);
kern_return_t labClose(const LabCall & call);
kern_return_t labOpenDevice(const LabCall & call);
kern_return_t labConfigure(const LabCall & call);
kern_return_t labListInterfaces(const LabCall & call);
kern_return_t labResetDevice(const LabCall & call);
kern_return_t labCopyDescriptor(const LabCall & call);
kern_return_t labFrameNumber(const LabCall & call);
kern_return_t labMicroframes(const LabCall & call);
kern_return_t labIsoch(const LabCall & call);
kern_return_t labFrames(const LabCall & call);
kern_return_t labMakeRing(const LabCall & call);
kern_return_t labBundle(const LabCall & call);
kern_return_t labSleepQueue(const LabCall & call);
kern_return_t labSerialize(const LabCall & call);
kern_return_t labInterruptType(const LabCall & call);
kern_return_t labWatchInterrupt(const LabCall & call);
kern_return_t labEnableInterrupt(const LabCall & call);
kern_return_t labBlocks(const LabCall & call);
kern_return_t labDataQueue(const LabCall & call);
kern_return_t labBusy(const LabCall & call);

#endif
