// What the lab's experiments share: the driver's state and the table of selectors.
#ifndef LAB_H
#define LAB_H

#include "LabClient.h"
#include "LabDriver.h"

#include <DriverKit/DriverKit.h>
#include <USBDriverKit/USBDriverKit.h>

struct LabDriver_IVars {
    IOUSBHostInterface * interface; // retained while started; null with another provider
    uint32_t refusedPower;
};

struct LabClient_IVars {
    LabDriver * driver; // retained from Start to Stop
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

#endif
