// What the MIDI system, as a session plays it, asks of a driver: on threads of its own, as its IO
// does not run on the driver's queue.
#include "midi_objects.h"

#include "../library/os_value.h"
#include "../runtime/service_calls.h"
#include "../runtime/workers.h"

namespace dextsim {

namespace {

Value textOf(const OSSharedPtr<OSString> & name) {
    return Value::string(name ? name->getCStringNoCopy() : "");
}

Value numberOf(IOUserMIDIObject * object, IOUserMIDIProperty property) {
    OSSharedPtr<OSObject> value;
    object->CopyProperty(property, value.attach());
    auto * const number = OSDynamicCast(OSNumber, value.get());
    return Value::number(number != nullptr ? number->unsigned64BitValue() : 0);
}

Value describeEndpoint(IOUserMIDIEndpoint * endpoint) {
    return Value::dictionary({{"id", Value::number(endpoint->GetObjectID())},
                              {"name", textOf(endpoint->GetName())},
                              {"protocol", numberOf(endpoint, IOUserMIDIProperty::ProtocolID)}});
}

Value describeEntity(IOUserMIDIEntity * entity) {
    Value sources = Value::array(), destinations = Value::array();
    for (const auto & source : midiSources(entity)) {
        Value described = describeEndpoint(source.get());
        described.put("enabled", Value::boolean(isMidiSourceEnabled(source.get())));
        sources.items().push_back(std::move(described));
    }
    for (const auto & destination : midiDestinations(entity)) {
        destinations.items().push_back(describeEndpoint(destination.get()));
    }
    return Value::dictionary({{"id", Value::number(entity->GetObjectID())},
                              {"name", textOf(entity->GetName())},
                              {"sources", std::move(sources)},
                              {"destinations", std::move(destinations)}});
}

Value describeDevice(IOUserMIDIDevice * device) {
    Value entities = Value::array();
    for (const auto & entity : midiEntities(device)) {
        entities.items().push_back(describeEntity(entity.get()));
    }
    return Value::dictionary({{"id", Value::number(device->GetObjectID())},
                              {"name", textOf(device->GetName())},
                              {"isRunning", Value::boolean(device->GetDeviceIsRunning())},
                              {"properties", toValue(device->GetProperties().get())},
                              {"entities", std::move(entities)}});
}

// One call, with the reader on a copy of its body.
struct Call {
    uint64_t id;
    OSSharedPtr<IOUserMIDIDriver> driver;
    std::vector<uint8_t> body;
};

kern_return_t callProperty(IOUserMIDIObject * object, MidiCall what, Reader & body,
                           Writer & reply) {
    const auto property = static_cast<IOUserMIDIProperty>(body.u32());
    if (what == MidiCall::SetProperty) {
        const OSSharedPtr<OSObject> value(fromValue(body.value()), OSNoRetain);
        return object->SetProperty(property, value.get());
    }
    OSSharedPtr<OSObject> value;
    const kern_return_t status = object->CopyProperty(property, value.attach());
    reply.value(toValue(value.get()));
    return status;
}

kern_return_t send(IOUserMIDIDestination * destination, Reader & body) {
    std::vector<IOUserMIDIUMPWord> words(body.u32());
    for (IOUserMIDIUMPWord & word : words) {
        word = body.u32();
    }
    return sendToMidiDestination(destination, words);
}

kern_return_t callObject(const Call & call, MidiCall what, Reader & body, Writer & reply) {
    const auto object = call.driver->GetMIDIObjectForObjectID(body.u32());
    auto * const destination = OSDynamicCast(IOUserMIDIDestination, object.get());
    auto * const source = OSDynamicCast(IOUserMIDISource, object.get());
    const bool isProperty = what == MidiCall::GetProperty || what == MidiCall::SetProperty;
    if (isProperty && object) {
        return callProperty(object.get(), what, body, reply);
    }
    if (what == MidiCall::Send && destination != nullptr) {
        return send(destination, body);
    }
    if (what == MidiCall::Enable && source != nullptr) {
        enableMidiSource(source, body.u8() != 0);
        return kIOReturnSuccess;
    }
    return kIOReturnNotFound;
}

kern_return_t run(const Call & call, MidiCall what, Reader & body, Writer & reply) {
    switch (what) {
    case MidiCall::Describe: {
        Value devices = Value::array();
        for (const auto & device : midiDevices(*midiState(call.driver.get()))) {
            devices.items().push_back(describeDevice(device.get()));
        }
        reply.value(devices);
        return kIOReturnSuccess;
    }
    case MidiCall::Start:
        return startMidi(call.driver.get());
    case MidiCall::Stop:
        return stopMidi(call.driver.get());
    case MidiCall::Enable:
    case MidiCall::Send:
    case MidiCall::GetProperty:
    case MidiCall::SetProperty:
        return callObject(call, what, body, reply);
    case MidiCall::Read: // never here: it may wait
        break;
    }
    return kIOReturnUnsupported;
}

void read(const Call & call, Reader & body) {
    const auto object = call.driver->GetMIDIObjectForObjectID(body.u32());
    auto * const source = OSDynamicCast(IOUserMIDISource, object.get());
    if (source == nullptr) {
        answerServiceCall(call.id, kIOReturnNotFound);
    } else {
        readMidiSource(source, call.id);
    }
}

void dispatch(uint64_t id, uint16_t operation, IOService * service, Reader & body) {
    auto * const driver = OSDynamicCast(IOUserMIDIDriver, service);
    if (driver == nullptr) {
        answerServiceCall(id, kIOReturnUnsupported);
        service->release();
        return;
    }
    std::vector<uint8_t> copy(body.remaining());
    body.raw(copy.data(), copy.size());
    Call call{id, OSSharedPtr<IOUserMIDIDriver>(driver, OSNoRetain), std::move(copy)};
    runOnWorker([call = std::move(call), what = static_cast<MidiCall>(operation)] {
        Reader reader(call.body);
        if (what == MidiCall::Read) {
            return read(call, reader);
        }
        Writer reply;
        const kern_return_t status = run(call, what, reader, reply);
        answerServiceCall(call.id, status, status == kIOReturnSuccess ? reply : Writer());
    });
}

} // namespace

kern_return_t startMidi(IOUserMIDIDriver * driver) {
    const MidiState state = midiState(driver);
    {
        std::lock_guard lock(state->lock);
        if (state->started) {
            return kIOReturnBusy;
        }
        state->started = true;
    }
    const OSSharedPtr list(OSArray::withCapacity(4), OSNoRetain);
    for (const auto & device : midiDevices(*state)) {
        list->setObject(device->GetProperties().get());
    }
    kern_return_t status = driver->StartIO(list.get());
    for (const auto & device : midiDevices(*state)) {
        if (status == kIOReturnSuccess && !device->GetDeviceIsRunning()) {
            status = device->StartIO();
        }
    }
    if (status != kIOReturnSuccess) {
        std::lock_guard lock(state->lock);
        state->started = false;
    }
    return status;
}

kern_return_t stopMidi(IOUserMIDIDriver * driver) {
    const MidiState state = midiState(driver);
    {
        std::lock_guard lock(state->lock);
        if (!state->started) {
            return kIOReturnNotOpen;
        }
        state->started = false;
    }
    const kern_return_t status = driver->StopIO();
    for (const auto & device : midiDevices(*state)) {
        if (device->GetDeviceIsRunning()) {
            device->StopIO();
        }
    }
    return status;
}

void linkMidiCalls() {
    takeServiceCalls(ServiceFamily::Midi, &dispatch);
}

} // namespace dextsim
