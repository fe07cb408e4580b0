// Reports between the kernel and HID objects of this process.
#include "hid.h"

#include "action.h"
#include "families.h"
#include "memory.h"
#include "queues.h"

#include "../../ipc/os.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOService.h>
#include <HIDDriverKit/IOHIDDevice.h>

#include <algorithm>
#include <cstring>

namespace dextsim {

namespace {

// A report that the system asked for or sent; answered once.
struct ReportRequest {
    uint64_t id = 0;
    bool get = false;
    std::atomic<bool> answered{false};
    IOMemoryDescriptor * memory = nullptr; // retained

    // Whoever drops the action without completing it leaves nobody waiting.
    ~ReportRequest() {
        answer(kIOReturnAborted, 0);
        OSSafeRelease(memory);
    }

    void answer(IOReturn status, uint32_t count) {
        if (answered.exchange(true)) {
            return;
        }
        Writer body;
        if (get) {
            auto bytes = bytesOf(memory);
            body.bytes(bytes.subspan(0, std::min<size_t>(count, bytes.size())));
        } else {
            body.u32(count);
        }
        kernelConnection()->reply(id, status, status == kIOReturnSuccess ? body : Writer());
    }
};

void completed(OSMetaClassBase * target, OSAction *, IOReturn status, uint32_t count) {
    const OSAction_IVars & ivars = *static_cast<OSAction *>(target)->OSAction::ivars;
    static_cast<ReportRequest *>(ivars.context.get())->answer(status, count);
}

void takeCompletion(OSAction * action, const IORPC & rpc) {
    IOHIDDevice::CompleteReport_Invoke(rpc, action, &completed);
}

struct ReportCall {
    IOHIDReportType type;
    IOOptionBits options;
    uint32_t timeout;
};

void callDevice(IOHIDDevice * device, const std::shared_ptr<ReportRequest> & request,
                const ReportCall & call) {
    OSAction * const action =
        makeKernelAction(IOHIDDevice_CompleteReport_ID, &takeCompletion, request);
    const kern_return_t status =
        request->get
            ? device->getReport(request->memory, call.type, call.options, call.timeout, action)
            : device->setReport(request->memory, call.type, call.options, call.timeout, action);
    action->release();
    if (status != kIOReturnSuccess) {
        request->answer(status, 0);
    }
}

} // namespace

std::span<uint8_t> bytesOf(IOMemoryDescriptor * memory) {
    if (memory == nullptr) {
        return {};
    }
    MemoryPieces pieces;
    uint64_t length = 0;
    memory->GetLength(&length);
    if (!piecesOf(memory, 0, length, pieces) || pieces.size() != 1) {
        return {};
    }
    uint8_t * const base = pieces[0].memory->address();
    return base == nullptr ? std::span<uint8_t>{}
                           : std::span<uint8_t>{base + pieces[0].offset, pieces[0].length};
}

IOMemoryDescriptor * copyToMemory(std::span<const uint8_t> bytes) {
    const size_t size = roundToPages(std::max<size_t>(bytes.size(), 1));
    auto shared = std::make_shared<SharedMemory>(createSharedMemory(size), size, true);
    if (shared->address() == nullptr) {
        return nullptr;
    }
    std::copy(bytes.begin(), bytes.end(), shared->address());
    return makeDescriptor(OSTypeID(IOMemoryDescriptor),
                          {.pieces = {{std::move(shared), 0, bytes.size()}},
                           .length = bytes.size(),
                           .options = kIOMemoryDirectionInOut,
                           .isCreator = true});
}

void hidReportAsked(uint64_t id, uint64_t object, bool get, Reader & body) {
    OSObject * const found = copyObject(object);
    auto * const device = castTo<IOHIDDevice>(found, OSTypeID(IOHIDDevice));
    if (device == nullptr) {
        OSSafeRelease(found);
        kernelConnection()->reply(id, kIOReturnNotReady, Writer());
        return;
    }
    ReportCall call{};
    call.type = static_cast<IOHIDReportType>(body.u32());
    call.options = body.u32();
    call.timeout = body.u32();
    auto request = std::make_shared<ReportRequest>();
    request->id = id;
    request->get = get;
    if (get) {
        const std::vector<uint8_t> room(body.u32());
        request->memory = copyToMemory(room);
    } else {
        request->memory = copyToMemory(body.bytes());
    }
    runForObject(device, kIOServiceDefaultQueueName, [device, request, call] {
        callDevice(device, request, call);
        device->release();
    });
}

} // namespace dextsim
