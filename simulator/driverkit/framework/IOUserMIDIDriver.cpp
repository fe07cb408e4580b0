// The driver of MIDI devices, and the MIDI system's connection to it.
#include "midi_objects.h"

#include <MIDIDriverKit/IOUserMIDIDriverUserClient.h>

#include <algorithm>

using namespace dextsim;

struct IOUserMIDIDriver_IVars {
    MidiState state = std::make_shared<MidiDriverState>();
};

bool IOUserMIDIDriver::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserMIDIDriver_IVars;
    // Drivers wait for this queue on itself: a method on it asks a device, which serializes there.
    OSSharedPtr<IODispatchQueue> & queue = ivars->state->queue;
    return IODispatchQueue::Create("MIDIDriverKit", kIODispatchQueueReentrant, 0, queue.attach()) ==
               kIOReturnSuccess &&
           SetDispatchQueue(kIOServiceDefaultQueueName, queue.get()) == kIOReturnSuccess;
}

namespace {

// Objects refer to the state, and it to them.
void dropObjects(MidiDriverState & state) {
    std::vector<OSSharedPtr<IOUserMIDIObject>> objects;
    for (const auto & device : midiDevices(state)) {
        for (const auto & entity : midiEntities(device.get())) {
            for (const auto & source : midiSources(entity.get())) {
                enableMidiSource(source.get(), false);
            }
        }
    }
    std::lock_guard lock(state.lock);
    objects.swap(state.objects);
}

} // namespace

void IOUserMIDIDriver::free() {
    if (ivars != nullptr) {
        dropObjects(*ivars->state);
    }
    delete ivars;
    ivars = nullptr;
    IOService::free();
}

kern_return_t IOUserMIDIDriver::Start_Impl(IOService_Start_Args) {
    linkMidiCalls();
    return Start(provider, SUPERDISPATCH);
}

kern_return_t IOUserMIDIDriver::Stop_Impl(IOService_Stop_Args) {
    dropObjects(*ivars->state);
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t IOUserMIDIDriver::NewUserClient_Impl(IOService_NewUserClient_Args) {
    if (type != kIOUserMIDIDriverUserClientType) {
        return kIOReturnBadArgument;
    }
    IOService * made = nullptr;
    const kern_return_t status = Create(this, "IOUserMIDIDriverUserClientProperties", &made);
    if (status == kIOReturnSuccess) {
        *userClient = OSDynamicCast(IOUserMIDIDriverUserClient, made);
    }
    return status;
}

OSSharedPtr<IODispatchQueue> IOUserMIDIDriver::GetWorkQueue() const {
    return ivars->state->queue;
}

kern_return_t IOUserMIDIDriver::SetName(OSString * name) {
    std::lock_guard lock(ivars->state->lock);
    ivars->state->name = OSSharedPtr(name, OSRetain);
    return kIOReturnSuccess;
}

OSSharedPtr<OSString> IOUserMIDIDriver::GetName() const {
    std::lock_guard lock(ivars->state->lock);
    return ivars->state->name;
}

kern_return_t IOUserMIDIDriver::StartIO(OSArray *) {
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIDriver::StopIO() {
    return kIOReturnSuccess;
}

OSSharedPtr<IOUserMIDIObject>
IOUserMIDIDriver::GetMIDIObjectForObjectID(IOUserMIDIObjectID id) const {
    return findMidiObject(*ivars->state, id);
}

kern_return_t IOUserMIDIDriver::AddObject(IOUserMIDIObject * object) {
    if (object == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->state->lock);
    ivars->state->objects.emplace_back(object, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIDriver::RemoveObject(IOUserMIDIObject * object) {
    std::lock_guard lock(ivars->state->lock);
    const size_t removed = std::erase_if(ivars->state->objects,
                                         [object](auto & each) { return each.get() == object; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

IOUserMIDIObjectID IOUserMIDIDriver::_GetNextObjectID() {
    std::lock_guard lock(ivars->state->lock);
    return ++ivars->state->last;
}

MidiState dextsim::midiState(IOUserMIDIDriver * driver) {
    return driver->IOUserMIDIDriver::ivars->state;
}

std::vector<OSSharedPtr<IOUserMIDIDevice>> dextsim::midiDevices(MidiDriverState & state) {
    std::lock_guard lock(state.lock);
    std::vector<OSSharedPtr<IOUserMIDIDevice>> devices;
    for (const auto & each : state.objects) {
        if (auto * const device = OSDynamicCast(IOUserMIDIDevice, each.get())) {
            devices.emplace_back(device, OSRetain);
        }
    }
    return devices;
}

namespace {

// The object, and all below it.
void collect(std::vector<OSSharedPtr<IOUserMIDIObject>> & all, IOUserMIDIObject * object) {
    all.emplace_back(object, OSRetain);
    if (auto * const device = OSDynamicCast(IOUserMIDIDevice, object)) {
        for (const auto & entity : midiEntities(device)) {
            collect(all, entity.get());
        }
    } else if (auto * const entity = OSDynamicCast(IOUserMIDIEntity, object)) {
        for (const auto & source : midiSources(entity)) {
            collect(all, source.get());
        }
        for (const auto & destination : midiDestinations(entity)) {
            collect(all, destination.get());
        }
    }
}

} // namespace

OSSharedPtr<IOUserMIDIObject> dextsim::findMidiObject(MidiDriverState & state,
                                                      IOUserMIDIObjectID id) {
    std::lock_guard lock(state.lock);
    std::vector<OSSharedPtr<IOUserMIDIObject>> all;
    for (const auto & each : state.objects) {
        collect(all, each.get());
    }
    for (const auto & each : all) {
        if (each->GetObjectID() == id) {
            return each;
        }
    }
    return nullptr;
}

kern_return_t IOUserMIDIDriverUserClient::Start_Impl(IOService_Start_Args) {
    return OSDynamicCast(IOUserMIDIDriver, provider) != nullptr ? Start(provider, SUPERDISPATCH)
                                                                : kIOReturnBadArgument;
}
