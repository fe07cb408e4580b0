// What the classes of the rule dext share.
#ifndef RULE_H
#define RULE_H

#include "RuleClient.h"
#include "RuleDriver.h"

#include <DriverKit/DriverKit.h>
#include <USBDriverKit/USBDriverKit.h>

struct RuleDriver_IVars {
    IOUSBHostInterface * interface; // open from Start to Stop; null with another provider
    IOUSBHostPipe * pipe;
    IOBufferMemoryDescriptor * buffer;
    OSAction * readDone;
    RuleClient * last;    // of a kOpenSameAgain; retained
    uint32_t connections; // user clients between Start and Stop, each on a queue of its own
    bool startedInCreate; // the last user client had started when Create returned
};

struct RuleClient_IVars {
    RuleDriver * driver;  // retained from Start to Stop
    IOService * stopping; // the provider of a Stop that waits for its timer; retained
    IOTimerDispatchSource * timer;
    OSAction * stopNow;
    OSAction * completion; // retained
    IOBufferMemoryDescriptor * memory;
    bool started;
};

// A number among a service's properties; `fallback` when there is none.
uint64_t ruleNumber(IOService * service, const char * key, uint64_t fallback);

#endif
