// SCSI controllers and their targets in the registry, and what dexts and sessions ask of them.
#include "scsi.h"

#include "families.h"
#include "kernel.h"
#include "lifecycle.h"
#include "processes.h"
#include "services.h"

#include <IOKit/IOReturn.h>

#include <algorithm>

namespace dextsim {

namespace {

constexpr uint8_t kInquiry = 0x12;
constexpr uint32_t kInquiryLength = 36;
constexpr uint32_t kProbeTimeoutMs = 10'000;
// A bus is not searched for ever when a controller names a huge identifier.
constexpr uint64_t kMaxSearched = 256;

using OnTarget = std::function<void(int32_t status)>;

std::string trimmed(std::span<const uint8_t> text) {
    std::string found(text.begin(), text.end());
    found.erase(found.find_last_not_of(std::string(" \0", 2)) + 1);
    return found;
}

void publishInquiry(Kernel & kernel, uint64_t target, const std::vector<uint8_t> & data) {
    Entry * entry = kernel.registry.find(target);
    if (entry == nullptr || data.size() < kInquiryLength) {
        return;
    }
    std::span<const uint8_t> bytes(data);
    entry->properties.put("Peripheral Device Type", Value::number(data[0] & 0x1f, 8));
    entry->properties.put("Vendor Identification", Value::string(trimmed(bytes.subspan(8, 8))));
    entry->properties.put("Product Identification", Value::string(trimmed(bytes.subspan(16, 16))));
    entry->properties.put("Product Revision Level", Value::string(trimmed(bytes.subspan(32, 4))));
}

// What the system wants to know of a target before anything else. Who creates a target does not
// wait for it: the driver's answer may need the very queue that creates it.
void probe(Kernel & kernel, ScsiController & controller, uint64_t target, uint64_t entry) {
    ScsiTask task;
    task.target = target;
    task.command = {kInquiry, 0, 0, 0, kInquiryLength, 0};
    task.timeoutMs = kProbeTimeoutMs;
    task.inLength = kInquiryLength;
    task.probe = true;
    sendScsiTask(kernel, controller, task, [&kernel, target, entry](const ScsiResult & got) {
        if (got.data.size() < kInquiryLength) {
            kernel.say("SCSI target " + std::to_string(target) + " did not answer INQUIRY");
        }
        publishInquiry(kernel, entry, got.data);
        registerEntry(kernel, entry);
    });
}

struct NewTarget {
    uint64_t id;
    Value properties;
    bool searched = false; // by the system, which does not know whether it is there
};

void createTarget(Kernel & kernel, ScsiController & controller, NewTarget given,
                  const OnTarget & done) {
    const uint64_t target = given.id;
    DextProcess * process = kernel.process(controller.process);
    if (controller.targets.contains(target) || process == nullptr || !process->link) {
        done(process == nullptr ? kIOReturnOffline : kIOReturnError);
        return;
    }
    given.properties.put("SCSI Target Identifier", Value::number(target));
    given.properties.put("IOUnit", Value::number(target));
    Entry & entry =
        kernel.registry.add(controller.id, "IOSCSIParallelInterfaceDevice",
                            "IOSCSIParallelInterfaceDevice", std::move(given.properties));
    controller.targets[target] = entry.id;
    Writer body = familyBody(FamilyOp::ScsiTargetAsked, controller.id);
    process->link->request(
        MessageType::FamilyCall, body.u64(target).u8(given.searched ? 1 : 0),
        [&kernel, id = controller.id, target, made = entry.id, done](Answer & answer) {
            ScsiController * owner = kernel.families.scsi.controller(id);
            int32_t status = answer.delivered ? answer.status : kIOReturnOffline;
            if (owner == nullptr || status != kIOReturnSuccess) {
                terminate(kernel, made);
                done(status == kIOReturnSuccess ? kIOReturnOffline : status);
                return;
            }
            probe(kernel, *owner, target, made);
            done(kIOReturnSuccess);
        });
}

void start(DextRequest & request, uint64_t object) {
    Kernel & kernel = request.kernel;
    Entry * entry = request.own(object);
    Value properties = request.reader.value();
    bool manages = request.reader.u8() != 0;
    uint64_t highest = request.reader.u64();
    uint64_t initiator = request.reader.u64();
    if (entry == nullptr || !isKindOf(entry->className, "IOSCSIParallelInterfaceController")) {
        if (entry != nullptr) {
            kernel.say(entry->name + " is a SCSI controller, but its IOClass is " +
                       entry->className + ": use IOUserSCSIParallelInterfaceController");
        }
        request.answer(kIOReturnUnsupported);
        return;
    }
    for (const auto & [key, value] : properties.entries()) {
        entry->properties.put(key, value);
    }
    ScsiController & controller = kernel.families.scsi.controllers[object];
    controller.id = object;
    controller.process = request.process.id;
    kernel.recorder.scsiStarted(controller, entry->name);
    request.answer(kIOReturnSuccess);
    registerService(kernel, object);
    for (uint64_t target = 0; !manages && target <= std::min(highest, kMaxSearched); ++target) {
        if (target != initiator) {
            createTarget(kernel, controller, {target, Value::dictionary(), true}, [](int32_t) {});
        }
    }
}

void create(DextRequest & request, ScsiController & controller) {
    uint64_t target = request.reader.u64();
    Value properties = request.reader.value();
    createTarget(
        request.kernel, controller, {target, std::move(properties)},
        [&kernel = request.kernel, process = request.process.id, id = request.id](int32_t status) {
            DextProcess * asker = kernel.process(process);
            if (asker != nullptr && asker->link) {
                asker->link->reply(id, status);
            }
        });
}

void destroy(DextRequest & request, ScsiController & controller) {
    auto found = controller.targets.find(request.reader.u64());
    if (found == controller.targets.end()) {
        request.answer(kIOReturnNotFound);
        return;
    }
    uint64_t entry = found->second;
    request.answer(kIOReturnSuccess);
    terminate(request.kernel, entry);
}

void setProperties(DextRequest & request, const ScsiController & controller) {
    auto found = controller.targets.find(request.reader.u64());
    Value properties = request.reader.value();
    Value keys = request.reader.value();
    Entry * entry =
        found == controller.targets.end() ? nullptr : request.kernel.registry.find(found->second);
    if (entry == nullptr) {
        request.answer(kIOReturnNotFound);
        return;
    }
    for (const auto & [key, value] : properties.entries()) {
        entry->properties.put(key, value);
    }
    for (const Value & key : keys.items()) {
        entry->properties.entries().erase(key.asString());
    }
    request.answer(kIOReturnSuccess);
}

// ── what a session sends ──

void send(DeviceRequest & request, ScsiController & controller) {
    ScsiTask task;
    task.target = request.reader.u64();
    task.lun = request.reader.u64();
    auto command = request.reader.bytes();
    task.command.assign(command.begin(), command.end());
    task.attribute = request.reader.u32();
    task.timeoutMs = request.reader.u32();
    task.out = request.reader.bytes();
    task.inLength = request.reader.u32();
    if (!controller.targets.contains(task.target)) {
        request.refuse(kIOReturnNoDevice, "there is no SCSI target " + std::to_string(task.target));
        return;
    }
    sendScsiTask(request.kernel, controller, task,
                 [&kernel = request.kernel, session = request.session.id,
                  id = request.id](const ScsiResult & result) {
                     Session * asker = kernel.session(session);
                     if (asker == nullptr) {
                         return;
                     }
                     Writer body;
                     body.u32(result.immediate).u32(result.completion).u32(result.service);
                     body.u64(result.transferred).bytes(result.sense).bytes(result.data);
                     asker->link->reply(id, result.status,
                                        result.status == kIOReturnSuccess ? body : Writer());
                 });
}

void manage(DeviceRequest & request, const ScsiController & controller) {
    DextProcess * process = request.kernel.process(controller.process);
    if (process == nullptr || !process->link) {
        request.answer(kIOReturnOffline);
        return;
    }
    Recorder::ScsiManaging asked{};
    asked.function = request.reader.u8();
    asked.target = request.reader.u64();
    asked.lun = request.reader.u64();
    asked.tag = request.reader.u64();
    const uint64_t recorded = request.kernel.recorder.scsiManaged(controller, asked);
    Writer body = familyBody(FamilyOp::ScsiManageAsked, controller.id);
    body.u8(asked.function).u64(asked.target).u64(asked.lun).u64(asked.tag);
    process->link->request(
        MessageType::FamilyCall, body,
        [&kernel = request.kernel, session = request.session.id, id = request.id,
         recorded](Answer & answer) {
            const int32_t status = answer.delivered ? answer.status : kIOReturnOffline;
            Reader reader = answer.reader();
            const uint32_t response = status == kIOReturnSuccess ? reader.u32() : 0;
            kernel.recorder.scsiManagedBy(recorded, status, response);
            if (Session * asker = kernel.session(session)) {
                asker->link->reply(id, status,
                                   status == kIOReturnSuccess ? Writer().u32(response) : Writer());
            }
        });
}

} // namespace

ScsiController * ScsiBus::controller(uint64_t id) {
    auto found = controllers.find(id);
    return found == controllers.end() ? nullptr : &found->second;
}

void scsiEntryGone(Kernel & kernel, uint64_t id) {
    if (kernel.families.scsi.controllers.erase(id) != 0) {
        kernel.recorder.scsiEnded(id);
    }
    for (auto & [controller, state] : kernel.families.scsi.controllers) {
        std::erase_if(state.targets, [id](const auto & pair) { return pair.second == id; });
    }
}

bool handleDextScsi(DextRequest & request, FamilyOp operation, uint64_t object) {
    if (operation < FamilyOp::ScsiStart || operation > FamilyOp::ScsiTargetProperties) {
        return false;
    }
    if (operation == FamilyOp::ScsiStart) {
        start(request, object);
        return true;
    }
    ScsiController * controller = request.kernel.families.scsi.controller(object);
    if (controller == nullptr || controller->process != request.process.id) {
        request.answer(kIOReturnNotReady);
    } else if (operation == FamilyOp::ScsiCreateTarget) {
        create(request, *controller);
    } else if (operation == FamilyOp::ScsiDestroyTarget) {
        destroy(request, *controller);
    } else if (operation == FamilyOp::ScsiTargetPresent) {
        bool present = controller->targets.contains(request.reader.u64());
        request.answer(kIOReturnSuccess, Writer().u8(present));
    } else {
        setProperties(request, *controller);
    }
    return true;
}

bool handleDeviceScsi(DeviceRequest & request, FamilyOp operation) {
    if (operation != FamilyOp::ScsiSend && operation != FamilyOp::ScsiManage) {
        return false;
    }
    ScsiController * controller = request.kernel.families.scsi.controller(request.object);
    if (controller == nullptr) {
        request.refuse(kIOReturnNoDevice, "the SCSI controller is gone");
    } else if (operation == FamilyOp::ScsiSend) {
        send(request, *controller);
    } else {
        manage(request, *controller);
    }
    return true;
}

} // namespace dextsim
