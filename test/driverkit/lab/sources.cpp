// Queues, event sources, serialization and memory types (contract §2.4, §3.1, §9.5, §9.6).
#include "lab.h"

#include <PCIDriverKit/PCIDriverKit.h>
#include <System/IODataQueueDispatchSourceShared.h>

// ── sleeping on a queue ──

struct SleepTest {
    IODispatchQueue * queue;
    kern_return_t slept;
    uint64_t timeout;
    bool wakes;
    uint64_t done; // of the two below
    bool ranMeanwhile;
};

constexpr uint64_t kSleepDone = 1;
constexpr uint64_t kWakeDone = 2;

static void sleepHere(void * context) {
    auto * const test = static_cast<SleepTest *>(context);
    test->slept = test->queue->SleepWithTimeout(test, test->timeout);
    labMark(test->done, kSleepDone);
}

static void wakeHere(void * context) {
    auto * const test = static_cast<SleepTest *>(context);
    test->ranMeanwhile = !labMarked(test->done, kSleepDone);
    if (test->wakes) {
        test->queue->Wakeup(test);
    }
    labMark(test->done, kWakeDone);
}

// in: options of the queue, timeout in ns, whether to wake it
// out: result of the sleep, whether other work ran meanwhile, result of a sleep off the queue
kern_return_t labSleepQueue(const LabCall & call) {
    SleepTest test = {};
    test.timeout = call.in(1);
    test.wakes = call.in(2) != 0;
    const kern_return_t status = IODispatchQueue::Create("Sleeping", call.in(0), 0, &test.queue);
    if (status != kIOReturnSuccess) {
        return status;
    }
    test.queue->DispatchAsync_f(&test, sleepHere);
    test.queue->DispatchAsync_f(&test, wakeHere);
    const bool done = labAwait(test.done, kSleepDone | kWakeDone);
    call.out(0, static_cast<uint32_t>(test.slept));
    call.out(1, test.ranMeanwhile);
    call.out(2, static_cast<uint32_t>(test.queue->Sleep(&test, 1)));
    test.queue->release();
    return done ? kIOReturnSuccess : kIOReturnTimeout;
}

// ── serialization ──

// out: whether a dictionary is the same after its way through bytes, whether nonsense is refused
kern_return_t labSerialize(const LabCall & call) {
    OSDictionary * const values = OSDictionary::withCapacity(2);
    OSString * const text = OSString::withCString("a text");
    OSNumber * const number = OSNumber::withNumber(7, 32);
    values->setObject("text", text);
    values->setObject("number", number);
    OSSerialization * const written = OSSerialization::createFromObject(values);
    size_t length = 0;
    const void * const bytes = written->finalizeBuffer(&length);
    OSSerialization * const read = OSSerialization::createFromBytes(bytes, length, NULL);
    OSDictionary * const copy = OSDynamicCast(OSDictionary, read->copyObject());
    call.out(0, copy != nullptr && copy->isEqualTo(values));
    OSSerialization * const cut = OSSerialization::createFromBytes(bytes, length - 1, NULL);
    OSObject * const nothing = cut->copyObject();
    call.out(1, nothing == nullptr);
    call.out(2, OSSerialization::createFromObject(call.driver) == nullptr);
    OSSafeRelease(copy);
    OSSafeRelease(nothing);
    cut->release();
    read->release();
    written->release();
    number->release();
    text->release();
    values->release();
    return kIOReturnSuccess;
}

// ── the memory of a data queue (contract §3.1) ──

static_assert(offsetof(IODataQueueMemory, tail) == 4);
static_assert(offsetof(IODataQueueMemory, needServicedCallback) == 8);
static_assert(offsetof(IODataQueueMemory, queue) == 128);
static_assert(offsetof(IODataQueueEntry, data) == DATA_QUEUE_ENTRY_HEADER_SIZE);

// ── interrupts ──

// in: index; out: the type
kern_return_t labInterruptType(const LabCall & call) {
    uint64_t type = 0;
    const kern_return_t status = IOInterruptDispatchSource::GetInterruptType(
        call.driver->GetProvider(), static_cast<uint32_t>(call.in(0)), &type);
    call.out(0, type);
    return status;
}

// in: index; the device gets the right to send messages
kern_return_t labWatchInterrupt(const LabCall & call) {
    LabDriver_IVars & state = call.state();
    IOPCIDevice * const device = OSDynamicCast(IOPCIDevice, call.driver->GetProvider());
    IODispatchQueue * queue = nullptr;
    OSAction * action = nullptr;
    kern_return_t status = call.driver->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    if (status == kIOReturnSuccess) {
        OSSafeReleaseNULL(state.interrupt);
        status = IOInterruptDispatchSource::Create(
            call.driver->GetProvider(), static_cast<uint32_t>(call.in(0)), queue, &state.interrupt);
        queue->release();
    }
    if (status == kIOReturnSuccess) {
        status = call.driver->CreateActionInterruptDone(0, &action);
    }
    if (status == kIOReturnSuccess) {
        status = state.interrupt->SetHandler(action);
        action->release();
    }
    if (status == kIOReturnSuccess && device->Open(call.driver, 0) == kIOReturnSuccess) {
        device->ConfigurationWrite16(kIOPCIConfigurationOffsetCommand,
                                     kIOPCICommandMemorySpace | kIOPCICommandBusMaster);
    }
    return status;
}

// in: 0 disables, 1 enables, 2 cancels
kern_return_t labEnableInterrupt(const LabCall & call) {
    IOInterruptDispatchSource * const source = call.state().interrupt;
    return call.in(0) == 2 ? source->Cancel(NULL) : source->SetEnable(call.in(0) != 0);
}

void LabDriver::InterruptDone_Impl(LabDriver_InterruptDone_Args) {
    (void)action;
    labNote(*ivars, {kIOReturnSuccess, static_cast<uint32_t>(count), time});
}

// ── blocks ──

#if __BLOCKS__
static uint64_t runDataQueue(IODispatchQueue * queue) {
    IODataQueueDispatchSource * source = nullptr;
    uint64_t right = 0;
    // Three entries of 20 bytes fit; the fourth goes to the beginning when there is room.
    if (IODataQueueDispatchSource::Create(68, queue, &source) != kIOReturnSuccess) {
        return 0;
    }
    __block uint8_t next = 0;
    IODataQueueClientEnqueueEntryBlock put = ^(void * data, size_t size) {
      memset(data, next++, size);
    };
    __block uint64_t seen = 0;
    IODataQueueClientDequeueEntryBlock take = ^(const void * data, size_t size) {
      const uint64_t first = *static_cast<const uint8_t *>(data);
      seen = seen << 8 | first << 4 | (size == 14 ? 1 : 0);
    };
    for (int i = 0; i < 3; i++) {
        right += source->Enqueue(14, put) == kIOReturnSuccess;
    }
    right += source->CanEnqueueData(14) == kIOReturnOverrun;
    right += source->Enqueue(14, put) == kIOReturnOverrun;
    right += source->Peek(take) == kIOReturnSuccess && seen == 0x01;
    seen = 0;
    right += source->Dequeue(take) == kIOReturnSuccess;
    right += source->Enqueue(14, put) == kIOReturnOverrun; // the room must be more than the entry
    right += source->Dequeue(take) == kIOReturnSuccess;
    right += source->CanEnqueueData(14, 1) == kIOReturnSuccess;
    right += source->Enqueue(14, put) == kIOReturnSuccess;
    right += source->Dequeue(take) == kIOReturnSuccess;
    right += source->Dequeue(take) == kIOReturnSuccess;
    right += source->Dequeue(take) == kIOReturnUnderrun && seen == 0x01112131;
    right += !source->IsDataAvailable();
    right += IODataQueueDispatchSource::GetDataQueueEntryHeaderSize() == 4;
    source->Cancel(^{
    });
    source->release();
    return right;
}
#endif

#if __BLOCKS__
// Of a collection of three: how often a block was asked that gives this answer, and the result.
static void iterate(const LabCall & call, uint32_t place, bool answer) {
    const OSObject * values[] = {kOSBooleanTrue, kOSBooleanFalse, kOSBooleanTrue};
    OSArray * const array = OSArray::withObjects(values, 3, 3);
    __block uint64_t asked = 0;
    call.out(place + 1, array->iterateObjects(^bool(OSObject *) {
      return asked++ < 3 && answer;
    }));
    call.out(place, asked);
    array->release();
}
#endif

// out: how many steps of the data queue's test were right (16)
// With 2: out: blocks asked and result of iterateObjects that says true, then false.
// With 1: out: a mask of the blocks that have run. Some of them run on the driver's queue, so only
// after this call.
kern_return_t labBlocks(const LabCall & call) {
#if __BLOCKS__
    LabDriver_IVars * const state = &call.state();
    if (call.in(0) == 1) {
        call.out(0, __atomic_load_n(&state->blocksRan, __ATOMIC_ACQUIRE));
        return kIOReturnSuccess;
    }
    if (call.in(0) == 2) {
        iterate(call, 0, true);
        iterate(call, 2, false);
        return kIOReturnSuccess;
    }
    IODispatchQueue * queue = nullptr;
    IOTimerDispatchSource * timer = nullptr;
    OSAction * action = nullptr;
    kern_return_t status = IODispatchQueue::Create("Blocks", 0, 0, &queue);
    if (status == kIOReturnSuccess) {
        status = IOTimerDispatchSource::Create(queue, &timer);
    }
    if (status == kIOReturnSuccess) {
        status = call.driver->CreateActionTransferDone(8, &action);
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    call.out(0, runDataQueue(queue));
    queue->DispatchAsync(^{
      labMark(state->blocksRan, 0x01);
    });
    queue->DispatchSync(^{
      labMark(state->blocksRan, 0x02);
    });
    const kern_return_t busy = queue->RunAction(^kern_return_t {
      return kIOReturnBusy;
    });
    labMark(state->blocksRan, busy == kIOReturnBusy ? 0x04 : 0);
    timer->SetEnableWithCompletion(false, ^{
      labMark(state->blocksRan, 0x08);
    });
    timer->Cancel(^{
      labMark(state->blocksRan, 0x10);
    });
    action->SetAbortedHandler(^{
      labMark(state->blocksRan, 0x20);
    });
    action->Aborted();
    action->Cancel(^{
      labMark(state->blocksRan, 0x40);
    });
    queue->Cancel(^{
      labMark(state->blocksRan, 0x80);
    });
    timer->release();
    action->release();
    queue->release();
    return kIOReturnSuccess;
#else
    (void)call;
    return kIOReturnUnsupported;
#endif
}

// ── data queues between two parties ──

// in: what is to be done; out: result, how often each handler ran
// 0 makes a queue of `1` bytes with handlers of the driver · 1 enqueues an entry of `1` bytes
// 2 dequeues an entry
kern_return_t labDataQueue(const LabCall & call) {
    LabDriver_IVars & state = call.state();
    kern_return_t status = kIOReturnSuccess;
    if (call.in(0) == 0) {
        OSAction * available = nullptr;
        OSAction * serviced = nullptr;
        IODispatchQueue * queue = nullptr;
        OSSafeReleaseNULL(state.dataQueue);
        call.driver->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
        status = IODataQueueDispatchSource::Create(call.in(1), queue, &state.dataQueue);
        queue->release();
        if (status == kIOReturnSuccess) {
            call.driver->CreateActionDataThere(0, &available);
            call.driver->CreateActionDataGone(0, &serviced);
            state.dataQueue->SetDataAvailableHandler(available);
            state.dataQueue->SetDataServicedHandler(serviced);
            available->release();
            serviced->release();
        }
    } else if (call.in(0) == 1) {
        status = state.dataQueue->Enqueue(static_cast<uint32_t>(call.in(1)), NULL);
    } else {
        status = state.dataQueue->Dequeue(NULL);
    }
    call.out(0, static_cast<uint32_t>(status));
    call.out(1, state.dataThere);
    call.out(2, state.dataGone);
    return kIOReturnSuccess;
}

void LabDriver::DataThere_Impl(LabDriver_DataThere_Args) {
    (void)action;
    ivars->dataThere++;
}

void LabDriver::DataGone_Impl(LabDriver_DataGone_Args) {
    (void)action;
    ivars->dataGone++;
}
