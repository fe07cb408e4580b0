// Life of objects, user clients and memory on the kernel's request. Ends of transfers:
// usb_completions.cpp.
#include "requests.h"

#include "faults.h"
#include "families.h"
#include "hid.h"
#include "interrupts.h"
#include "kernel.h"
#include "log.h"
#include "memory.h"
#include "objects.h"
#include "queues.h"
#include "scsi.h"
#include "service.h"
#include "service_calls.h"
#include "timers.h"
#include "usb_completions.h"
#include "user_client.h"
#include "watches.h"
#include "workers.h"

#include "../library/os_value.h"

#include <memory>
#include <thread>

namespace dextsim {

ScsiHandler scsiHandler = nullptr;

namespace {

constexpr std::string_view kDefaultQueue = kIOServiceDefaultQueueName;

// A counted reference for closures.
template <typename Class> std::shared_ptr<Class> adopt(Class * object) {
    return {object, [](Class * each) { OSSafeRelease(each); }};
}

void answer(uint64_t id, kern_return_t status, const Writer & body = {}) {
    if (id != 0) {
        kernelConnection()->reply(id, status, body);
    }
}

std::shared_ptr<IOService> serviceOf(uint64_t id) {
    OSObject * const object = copyObject(id);
    auto * const service = castTo<IOService>(object, OSTypeID(IOService));
    if (service == nullptr) {
        OSSafeRelease(object);
    }
    return adopt(service);
}

std::shared_ptr<IOUserClient> userClientOf(uint64_t id) {
    OSObject * const object = copyObject(id);
    auto * const client = castTo<IOUserClient>(object, OSTypeID(IOUserClient));
    if (client == nullptr) {
        OSSafeRelease(object);
    }
    return adopt(client);
}

std::shared_ptr<IOService> providerOf(uint64_t id, const std::string & className) {
    return adopt(castTo<IOService>(copyProxy(id, className), OSTypeID(IOService)));
}

void instantiateObject(Message & message, Reader & body) {
    const uint64_t object = body.u64();
    std::string className = body.string();
    // init() is the driver's code: not on this thread.
    runOnWorker([id = message.id, object, className = std::move(className)] {
        kern_return_t status;
        instantiate(object, className, status);
        answer(id, status);
    });
}

void start(Message & message, Reader & body) {
    const uint64_t object = body.u64();
    const uint64_t provider = body.u64();
    std::string className = body.string();
    auto service = serviceOf(object);
    if (service == nullptr) {
        answer(message.id, kIOReturnNotFound);
        return;
    }
    runForObject(service.get(), kDefaultQueue,
                 [id = message.id, service, provider, className = std::move(className)] {
                     const auto from = providerOf(provider, className);
                     answer(id, service->Start(from.get()));
                 });
}

void stop(Message & message, Reader & body) {
    const uint64_t object = body.u64();
    const uint64_t provider = body.u64();
    auto service = serviceOf(object);
    if (service == nullptr) {
        answer(message.id, kIOReturnSuccess); // nothing is left to stop
        return;
    }
    const bool oneWay = body.u8() != 0;
    // Found now: by its turn the kernel may have let go of a provider that still lives, and a
    // driver casts it to its own class.
    const auto from = providerOf(provider, "IOService");
    auto run = [id = message.id, service, from] {
        runForObject(service.get(), kDefaultQueue,
                     [id, service, from] { answer(id, service->Stop(from.get())); });
    };
    // An app that died has calls under way, and its end waits for them (contract §1.8); unplugging
    // does not.
    if (auto * const client = castTo<IOUserClient>(service.get(), OSTypeID(IOUserClient));
        client != nullptr && !oneWay) {
        whenIdle(client, run);
    } else {
        run();
    }
}

void openUserClient(uint64_t id, IOService & service, uint32_t type, const Value & entitlements) {
    IOUserClient * made = nullptr;
    OSContainer * const values = fromValue(entitlements);
    auto * const rights = castTo<OSDictionary>(values, OSTypeID(OSDictionary));
    service.IOService::ivars->opening = rights;
    kern_return_t status = service.NewUserClient(type, &made);
    service.IOService::ivars->opening = nullptr;
    const auto client = adopt(status == kIOReturnSuccess ? made : nullptr);
    if (client != nullptr && !client->IOUserClient::ivars->started) {
        status = startUserClient(service, *client, rights);
    } else {
        OSSafeRelease(rights);
    }
    answer(id, status, Writer().u64(kernelId(client.get())));
}

void newUserClient(Message & message, Reader & body) {
    const uint64_t object = body.u64();
    const uint32_t type = body.u32();
    auto service = serviceOf(object);
    if (service == nullptr) {
        answer(message.id, kIOReturnOffline);
        return;
    }
    runForObject(service.get(), kDefaultQueue,
                 [id = message.id, service, type, entitlements = body.value()] {
                     openUserClient(id, *service, type, entitlements);
                 });
}

void openDataChannel(Message & message, Reader & body) {
    if (const auto client = userClientOf(body.u64())) {
        openChannel(client.get(), message.takeFd());
    }
}

// The kernel takes its own reference when it reads the answer; ours goes after that was sent.
void copyClientMemory(Message & message, Reader & body) {
    const uint64_t object = body.u64();
    const uint64_t type = body.u64();
    auto client = userClientOf(object);
    if (client == nullptr) {
        answer(message.id, kIOReturnNotReady);
        return;
    }
    runForObject(client.get(), kDefaultQueue, [id = message.id, client, type] {
        uint64_t options = kUnsetOptions;
        IOMemoryDescriptor * made = nullptr;
        const kern_return_t status = client->CopyClientMemoryForType(type, &options, &made);
        const auto memory = adopt(status == kIOReturnSuccess ? made : nullptr);
        answer(id, status, Writer().u64(options).u64(kernelMemory(memory.get())));
    });
}

void setPowerState(Message & message, Reader & body) {
    const auto service = serviceOf(body.u64());
    const uint32_t flags = body.u32();
    if (service == nullptr) {
        answer(message.id, kIOReturnNotFound);
        return;
    }
    runForObject(service.get(), kDefaultQueue,
                 [id = message.id, service, flags] { answer(id, service->SetPowerState(flags)); });
}

void familyCall(Message & message, Reader & body) {
    const auto operation = static_cast<FamilyOp>(body.u16());
    const uint64_t object = body.u64();
    switch (operation) {
    case FamilyOp::HidSetAsked:
        return hidReportAsked(message.id, object, false, body);
    case FamilyOp::HidGetAsked:
        return hidReportAsked(message.id, object, true, body);
    case FamilyOp::HidInput:
        return hidInput(object, body);
    case FamilyOp::InterruptFired:
        return interruptFired(object, body);
    case FamilyOp::WatchReady:
        return watchReady(object);
    case FamilyOp::ServiceAsked:
        return serviceAsked(message.id, object, body);
    default:
        if (scsiHandler != nullptr) {
            scsiHandler(operation, message, object, body);
        } else {
            answer(message.id, kIOReturnUnsupported);
        }
    }
}

// What a driver still says and frees behind the last Stop that the kernel waited for takes no
// longer.
constexpr std::chrono::milliseconds kLastWork{500};

// Nothing of this process is left in the kernel.
void endProcess() {
    std::thread([] {
        awaitWorkers(kLastWork);
        kernelConnection()->shutdown();
    }).detach();
}

// The driver's free() may talk to the kernel, so the last reference goes elsewhere.
void finalize(Reader & body) {
    const uint64_t id = body.u64();
    if (id == 0) {
        endProcess();
        return;
    }
    OSObject * const object = takeFromKernel(id);
    if (object == nullptr) {
        return;
    }
    if (auto * service = castTo<IOService>(object, OSTypeID(IOService))) {
        markStopped(service);
    }
    if (auto * client = castTo<IOUserClient>(object, OSTypeID(IOUserClient))) {
        closeChannels(client);
    }
    runForObject(object, kDefaultQueue, [object] { object->release(); });
}

} // namespace

void handleKernelMessage(Message & message) {
    Reader body = message.reader();
    switch (message.type) {
    case MessageType::Instantiate:
        return instantiateObject(message, body);
    case MessageType::Start:
        return start(message, body);
    case MessageType::Stop:
        return stop(message, body);
    case MessageType::NewUserClient:
        return newUserClient(message, body);
    case MessageType::OpenChannel:
        return openDataChannel(message, body);
    case MessageType::CopyClientMemory:
        return copyClientMemory(message, body);
    case MessageType::PipeComplete:
        return completeTransfer(body);
    case MessageType::RequestComplete:
        return completeRequest(body);
    case MessageType::IsochComplete:
        return completeIsoch(body);
    case MessageType::BundleComplete:
        return completeBundle(body);
    case MessageType::SetPowerState:
        return setPowerState(message, body);
    case MessageType::Finalized:
        return finalize(body);
    case MessageType::Machine:
        return enterMachine(message);
    case MessageType::ClockChanged:
        return clockChanged(
            [id = message.id](uint64_t next) { answer(id, kIOReturnSuccess, Writer().u64(next)); });
    case MessageType::FamilyCall:
        return familyCall(message, body);
    default:
        reportFault("the kernel sent a message that a dext does not know");
        answer(message.id, kIOReturnUnsupported);
    }
}

} // namespace dextsim
