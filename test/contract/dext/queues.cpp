// Calls that last, their order, and queues that wait for each other (contract §1.8, §9.6).
#include "contract.h"

// ── calls that last ──

// Until the gate opens, which another connection must do.
kern_return_t contractWait(const ContractCall & call) {
    ContractDriver_IVars & driver = call.driver();
    IOLockLock(driver.lock);
    driver.inside++;
    driver.mostInside = driver.inside > driver.mostInside ? driver.inside : driver.mostInside;
    while (!driver.gateOpen) {
        IOLockUnlock(driver.lock);
        IOSleep(1);
        IOLockLock(driver.lock);
    }
    driver.inside--;
    IOLockUnlock(driver.lock);
    call.out(0, 1);
    return kIOReturnSuccess;
}

// in: 1 opens it, 0 shuts it; out: how many wait now, the most at a time
kern_return_t contractOpenGate(const ContractCall & call) {
    ContractDriver_IVars & driver = call.driver();
    IOLockLock(driver.lock);
    if (call.arguments->scalarInputCount > 0) {
        driver.gateOpen = call.in(0) != 0;
    }
    call.out(0, driver.inside);
    call.out(1, driver.mostInside);
    IOLockUnlock(driver.lock);
    return kIOReturnSuccess;
}

// ── order ──

// in: a word; what is noted second must come second, even if another call runs in between
kern_return_t contractNote(const ContractCall & call) {
    ContractDriver_IVars & driver = call.driver();
    for (int twice = 0; twice < 2; twice++) {
        IOLockLock(driver.lock);
        if (driver.noteCount < kMaxNotes) {
            driver.notes[driver.noteCount++] = call.in(0);
        }
        IOLockUnlock(driver.lock);
        IODelay(20);
    }
    return kIOReturnSuccess;
}

// The notes as structure, forgotten.
kern_return_t contractNotes(const ContractCall & call) {
    ContractDriver_IVars & driver = call.driver();
    IOLockLock(driver.lock);
    call.arguments->structureOutput =
        OSData::withBytes(driver.notes, driver.noteCount * sizeof(driver.notes[0]));
    driver.noteCount = 0;
    IOLockUnlock(driver.lock);
    return kIOReturnSuccess;
}

struct Numbered {
    ContractDriver_IVars * driver;
    uint64_t number;
};

static void noteNumber(void * context) {
    Numbered * const block = static_cast<Numbered *>(context);
    IOLockLock(block->driver->lock);
    block->driver->notes[block->driver->noteCount++] = block->number;
    IOLockUnlock(block->driver->lock);
    IODelete(block, Numbered, 1);
}

// in: how many blocks; each notes its number
kern_return_t contractEnqueue(const ContractCall & call) {
    for (uint64_t number = 0; number < call.in(0) && number < kMaxNotes; number++) {
        Numbered * const block = IONew(Numbered, 1);
        *block = {&call.driver(), number};
        call.state.queue->DispatchAsync_f(block, noteNumber);
    }
    return kIOReturnSuccess;
}

// ── which queue ──

static uint32_t copied(IOService * service, const char * name) {
    IODispatchQueue * queue = nullptr;
    const kern_return_t status = service->CopyDispatchQueue(name, &queue);
    OSSafeReleaseNULL(queue);
    return static_cast<uint32_t>(status);
}

static uint32_t created(uint64_t options, uint64_t priority) {
    IODispatchQueue * queue = nullptr;
    const kern_return_t status = IODispatchQueue::Create("created", options, priority, &queue);
    OSSafeReleaseNULL(queue);
    return static_cast<uint32_t>(status);
}

// out: on its Default queue, on the driver's, on that for external methods, whether a message to
// the driver runs on the driver's; statuses of SetDispatchQueue with an unknown name, of
// CopyDispatchQueue (Default, that for external methods, an unknown name), and of Create with a
// priority and with an unknown option
kern_return_t contractQueues(const ContractCall & call) {
    IODispatchQueue * const methods = call.state.methodQueue;
    uint64_t hopped = 0;
    const kern_return_t status = call.state.driver->Hop(&hopped);
    call.out(0, call.state.queue->OnQueue());
    call.out(1, call.driver().queue->OnQueue());
    call.out(2, methods != nullptr && methods->OnQueue());
    call.out(3, hopped);
    call.out(4, static_cast<uint32_t>(call.client->SetDispatchQueue("Other", call.state.queue)));
    call.out(5, copied(call.client, kIOServiceDefaultQueueName));
    call.out(6, copied(call.client, "IOUserClientQueueExternalMethod"));
    call.out(7, copied(call.client, "Other"));
    call.out(8, created(0, 1));
    call.out(9, created(4, 0));
    return status;
}

// ── after Stop ──

kern_return_t contractClientMemory(ContractClient * client) {
    const IOAddressSegment segments[32] = {{4096, 8}};
    IOMemoryDescriptor * memory = nullptr;
    const kern_return_t status =
        client->CreateMemoryDescriptorFromClient(kIOMemoryDirectionOut, 1, segments, &memory);
    OSSafeReleaseNULL(memory);
    return status;
}

// in: 1 keeps the next client that stops, 0 lets it go, 2 only looks; out: 1 when it is there, then
// statuses of what it does: memory of its app, CopyDispatchQueue
kern_return_t contractAfterStop(const ContractCall & call) {
    ContractDriver_IVars & driver = call.driver();
    IOLockLock(driver.lock);
    driver.keepsStopped = call.in(0) == 1 || (call.in(0) == 2 && driver.keepsStopped);
    ContractClient * const stopped = driver.stopped;
    driver.stopped = call.in(0) == 0 ? nullptr : stopped;
    IOLockUnlock(driver.lock);
    if (stopped == nullptr) {
        return kIOReturnSuccess;
    }
    call.out(0, 1);
    call.out(1, static_cast<uint32_t>(contractClientMemory(stopped)));
    call.out(2, copied(stopped, kIOServiceDefaultQueueName));
    if (call.in(0) == 0) {
        stopped->release();
    }
    return kIOReturnSuccess;
}

// ── deadlocks (contract §9.6) ──

static void nothing(void * context) {
    *static_cast<bool *>(context) = true;
}

static kern_return_t waitForOwnAction(const ContractCall & call) {
    OSAction * action = nullptr;
    kern_return_t status = call.client->CreateActionTimerDone(0, &action);
    if (status != kIOReturnSuccess) {
        return status;
    }
    OSActionWaitToken * token = nullptr;
    status = action->WillWait(&token);
    if (status == kIOReturnSuccess) {
        status = action->Wait(token, 0, 0);
        action->EndWait(token);
    }
    action->release();
    return status;
}

// On the driver's queue: for the client that waits at the gate, on its queue.
static void callTheOther(void * context) {
    const ContractCall & call = *static_cast<const ContractCall *>(context);
    IOLockLock(call.driver().lock);
    call.driver().inside++;
    IOLockUnlock(call.driver().lock);
    call.driver().other->Answer();
}

// in: which
kern_return_t contractDeadlock(const ContractCall & call) {
    bool ran = false;
    uint64_t onQueue = 0;
    ContractCall copy = call;
    switch (call.in(0)) {
    case 0: // the queue it runs on
        call.state.queue->DispatchSync_f(&ran, nothing);
        call.out(0, ran);
        return kIOReturnSuccess;
    case 1: // its own queue, by way of the driver's
        return call.state.driver->CallBack(call.client);
    case 2: // an action that is delivered on it
        return waitForOwnAction(call);
    case 3: // two threads: this one keeps its queue until the gate opens, and wants the driver's
        call.driver().other = call.client;
        contractWait(call);
        return call.state.driver->Hop(&onQueue);
    case 4: // and this one keeps the driver's and wants that client's
        call.driver().queue->DispatchSync_f(&copy, callTheOther);
        return kIOReturnSuccess;
    default: // a message on the queue that it runs on: no deadlock
        return call.client->Answer();
    }
}
