// Tasks of SCSI controllers: from the kernel to the driver and back.
#include "scsi_controller.h"

#include "../runtime/action.h"
#include "../runtime/families.h"
#include "../runtime/log.h"
#include "../runtime/memory.h"
#include "../runtime/queues.h"
#include "../runtime/scsi.h"
#include "../runtime/workers.h"

#include <algorithm>
#include <atomic>
#include <cstring>

using Controller = IOUserSCSIParallelInterfaceController;

using namespace dextsim;

namespace {

// One task under way. Answered once, at the latest when nobody can complete it any more.
struct Task {
    uint64_t reply = 0;
    Controller * controller = nullptr;           // retained
    IOBufferMemoryDescriptor * buffer = nullptr; // retained
    SCSIUserParallelTask request{};
    std::atomic<bool> answered{false};

    ~Task() {
        answer(kIOReturnAborted, {});
        OSSafeRelease(buffer);
        OSSafeRelease(controller);
    }

    void answer(kern_return_t status, const Writer & body) {
        if (answered.exchange(true)) {
            return;
        }
        auto & state = *controller->IOUserSCSIParallelInterfaceController::ivars;
        {
            std::lock_guard lock(state.lock);
            state.buffers.erase({request.fTargetID, request.fControllerTaskIdentifier});
            state.freeTasks.push_back(request.fControllerTaskIdentifier);
        }
        kernelConnection()->reply(reply, status, body);
    }
};
using TaskRef = std::shared_ptr<Task>;

void completed(OSMetaClassBase * target, OSAction *, SCSIUserParallelResponse response) {
    const OSAction_IVars & ivars = *static_cast<OSAction *>(target)->OSAction::ivars;
    Task & task = *static_cast<Task *>(ivars.context.get());
    if (response.fTargetID != task.request.fTargetID ||
        response.fControllerTaskIdentifier != task.request.fControllerTaskIdentifier) {
        reportFault("ParallelTaskCompletion names another task than its action is of");
        return;
    }
    Writer body;
    body.u32(kSCSIServiceResponse_Request_In_Process).u32(response.fCompletionStatus);
    body.u32(response.fServiceResponse).u64(response.fBytesTransferred);
    body.bytes({response.fSenseBuffer, response.fSenseLength});
    task.answer(kIOReturnSuccess, body);
}

void takeCompletion(OSAction * action, const IORPC & rpc) {
    Controller::ParallelTaskCompletion_Invoke(rpc, action, &completed);
}

void process(const TaskRef & task) {
    OSAction * const action = makeKernelAction(
        IOUserSCSIParallelInterfaceController_ParallelTaskCompletion_ID, &takeCompletion, task);
    uint32_t response = kSCSIServiceResponse_SERVICE_DELIVERY_OR_TARGET_FAILURE;
    const kern_return_t status =
        task->controller->UserProcessParallelTask(task->request, &response, action);
    action->release();
    if (status != kIOReturnSuccess) {
        task->answer(status, {});
    } else if (response != kSCSIServiceResponse_Request_In_Process) {
        task->answer(kIOReturnSuccess, Writer().u32(response));
    }
}

Controller * controllerOf(uint64_t object) {
    OSObject * const found = copyObject(object);
    auto * const controller =
        castTo<Controller>(found, OSTypeID(IOUserSCSIParallelInterfaceController));
    if (controller == nullptr) {
        OSSafeRelease(found);
    }
    return controller;
}

void readRequest(SCSIUserParallelTask & request, Reader & body) {
    request.version = kScsiUserParallelTaskCurrentVersion1;
    request.fTargetID = body.u64();
    const uint64_t lun = body.u64();
    for (unsigned i = 0; i < sizeof request.fLogicalUnitBytes; i++) {
        request.fLogicalUnitBytes[i] = static_cast<uint8_t>(lun >> (8 * (7 - i)));
    }
    const auto command = body.bytes();
    request.fCommandSize = static_cast<uint8_t>(std::min<size_t>(command.size(), 16));
    std::copy_n(command.begin(), request.fCommandSize, request.fCommandDescriptorBlock);
    request.fTransferDirection = body.u8();
    request.fTaskAttribute = static_cast<SCSITaskAttribute>(body.u32());
    request.fTaskTagIdentifier = body.u64();
    request.fTimeoutInMilliSec = body.u32();
    request.fRequestedTransferCount = body.u64();
    request.fBufferIOVMAddr = body.u64();
}

// False: the controller has as many tasks as it takes.
bool takeIdentifier(Task & task) {
    auto & state = *task.controller->IOUserSCSIParallelInterfaceController::ivars;
    std::lock_guard lock(state.lock);
    if (state.freeTasks.empty()) {
        return false;
    }
    task.request.fControllerTaskIdentifier = state.freeTasks.back();
    state.freeTasks.pop_back();
    if (task.buffer != nullptr) {
        state.buffers[{task.request.fTargetID, task.request.fControllerTaskIdentifier}] =
            task.buffer;
    }
    return true;
}

void taskAsked(Message & message, Controller * controller, Reader & body) {
    const auto task = std::make_shared<Task>();
    task->reply = message.id;
    task->controller = controller;
    readRequest(task->request, body);
    const uint64_t memory = body.u64();
    const uint64_t size = body.u64();
    const uint64_t count = task->request.fRequestedTransferCount;
    if (memory != 0) {
        auto shared = std::make_shared<SharedMemory>(message.takeFd(), size, true);
        task->buffer = static_cast<IOBufferMemoryDescriptor *>(makeDescriptor(
            OSTypeID(IOBufferMemoryDescriptor), {.pieces = {{std::move(shared), 0, count}},
                                                 .length = count,
                                                 .options = kIOMemoryDirectionInOut,
                                                 .isCreator = true,
                                                 .kernelId = memory}));
    }
    if (!takeIdentifier(*task)) {
        task->answered = true;
        kernelConnection()->reply(message.id, kIOReturnBusy, Writer());
        return;
    }
    runForObject(controller, kIOServiceDefaultQueueName, [task] { process(task); });
}

// The driver's answers to these may take their time: not on the thread of the socket.
void targetAsked(uint64_t id, Controller * controller, uint64_t target, bool searched) {
    runOnWorker([=] {
        // Only an override knows better than the system, which has its entry by now.
        bool present = true;
        if (searched) {
            controller->UserTargetPresentForID(target, &present);
        }
        const kern_return_t status =
            present ? controller->UserInitializeTargetForID(target) : kIOReturnNotFound;
        kernelConnection()->reply(id, status, Writer());
        controller->release();
    });
}

struct Nexus {
    uint64_t target;
    uint64_t unit;
    uint64_t tag;
};

kern_return_t manage(Controller * controller, ScsiFunction function, const Nexus & at,
                     uint32_t * response) {
    switch (function) {
    case ScsiFunction::AbortTask:
        return controller->UserAbortTaskRequest(at.target, at.unit, at.tag, response);
    case ScsiFunction::AbortTaskSet:
        return controller->UserAbortTaskSetRequest(at.target, at.unit, response);
    case ScsiFunction::ClearAca:
        return controller->UserClearACARequest(at.target, at.unit, response);
    case ScsiFunction::ClearTaskSet:
        return controller->UserClearTaskSetRequest(at.target, at.unit, response);
    case ScsiFunction::LogicalUnitReset:
        return controller->UserLogicalUnitResetRequest(at.target, at.unit, response);
    case ScsiFunction::TargetReset:
        return controller->UserTargetResetRequest(at.target, response);
    }
    return kIOReturnBadArgument;
}

void manageAsked(uint64_t id, Controller * controller, Reader & body) {
    const auto function = static_cast<ScsiFunction>(body.u8());
    const uint64_t target = body.u64();
    const uint64_t unit = body.u64();
    const Nexus at{target, unit, body.u64()};
    runOnWorker([=] {
        uint32_t response = 0;
        const kern_return_t status = manage(controller, function, at, &response);
        kernelConnection()->reply(id, status, Writer().u32(response));
        controller->release();
    });
}

void handle(FamilyOp operation, Message & message, uint64_t object, Reader & body) {
    Controller * const controller = controllerOf(object);
    if (controller == nullptr) {
        kernelConnection()->reply(message.id, kIOReturnNotReady, Writer());
    } else if (operation == FamilyOp::ScsiTaskAsked) {
        taskAsked(message, controller, body);
    } else if (operation == FamilyOp::ScsiTargetAsked) {
        const uint64_t target = body.u64();
        targetAsked(message.id, controller, target, body.u8() != 0);
    } else {
        manageAsked(message.id, controller, body);
    }
}

} // namespace

void dextsim::linkScsiTasks() {
    scsiHandler = &handle;
}
