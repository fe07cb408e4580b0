// MIDI devices and their entities.
#include "midi_objects.h"

#include "../library/containers.h"
#include "../runtime/workers.h"

#include <algorithm>

using namespace dextsim;

struct IOUserMIDIEntity_IVars {
    std::vector<OSSharedPtr<IOUserMIDISource>> sources;
    std::vector<OSSharedPtr<IOUserMIDIDestination>> destinations;
};

struct IOUserMIDIDevice_IVars {
    std::vector<OSSharedPtr<IOUserMIDIEntity>> entities;
    bool running = false;
};

namespace {

std::recursive_mutex & lockOf(const IOUserMIDIObject * object) {
    return object->IOUserMIDIObject::ivars->state->lock;
}

template <typename Member>
kern_return_t add(IOUserMIDIObject * owner, std::vector<OSSharedPtr<Member>> & members,
                  Member * member) {
    if (member == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(lockOf(owner));
    const auto isIt = [member](auto & each) { return each.get() == member; };
    if (std::ranges::any_of(members, isIt)) {
        return kIOReturnBadArgument;
    }
    member->IOUserMIDIObject::ivars->owner = owner->GetObjectID();
    members.emplace_back(member, OSRetain);
    return kIOReturnSuccess;
}

template <typename Member>
kern_return_t remove(IOUserMIDIObject * owner, std::vector<OSSharedPtr<Member>> & members,
                     Member * member) {
    std::lock_guard lock(lockOf(owner));
    const auto at =
        std::ranges::find_if(members, [member](auto & each) { return each.get() == member; });
    if (at == members.end()) {
        return kIOReturnNotFound;
    }
    member->IOUserMIDIObject::ivars->owner = kIOUserMIDIObjectIDDriver;
    members.erase(at);
    return kIOReturnSuccess;
}

template <typename Member>
OSSharedPtr<OSArray> arrayOf(const std::vector<OSSharedPtr<Member>> & members) {
    OSSharedPtr array(OSArray::withCapacity(static_cast<uint32_t>(members.size())), OSNoRetain);
    for (const auto & each : members) {
        array->setObject(each.get());
    }
    return array;
}

template <typename Member>
OSSharedPtr<Member> at(const std::vector<OSSharedPtr<Member>> & members, uint32_t index) {
    return index < members.size() ? members[index] : OSSharedPtr<Member>();
}

// The members that describe parts of the object go to these; the rest are its own properties.
struct Part {
    const char * key;
    std::vector<OSSharedPtr<IOUserMIDIObject>> objects;
};

kern_return_t setWithParts(IOUserMIDIObject * object, OSDictionary * properties,
                           const std::vector<Part> & parts) {
    if (properties == nullptr) {
        return kIOReturnBadArgument;
    }
    OSSharedPtr own(OSDictionary::withDictionary(properties, 0), OSNoRetain);
    for (const Part & part : parts) {
        OSObject * const given = properties->getObject(part.key);
        const kern_return_t status = given != nullptr ? setEach(given, part.objects) : 0;
        if (status != kIOReturnSuccess) {
            return status;
        }
        own->removeObject(part.key);
    }
    return object->IOUserMIDIObject::SetProperties(own.get());
}

template <typename Member>
std::vector<OSSharedPtr<IOUserMIDIObject>> asObjects(const std::vector<Member> & members) {
    return {members.begin(), members.end()};
}

} // namespace

// ── entities ──

OSSharedPtr<IOUserMIDIEntity> IOUserMIDIEntity::Create(IOUserMIDIDriver * driver,
                                                       IOUserMIDIDevice * device, OSString * name,
                                                       IOUserMIDIProtocolID protocol,
                                                       uint32_t sources, uint32_t destinations) {
    OSSharedPtr made(OSTypeAlloc(IOUserMIDIEntity), OSNoRetain);
    if (made && !made->init(driver, device, name, protocol, sources, destinations)) {
        made.reset();
    }
    return made;
}

bool IOUserMIDIEntity::init(IOUserMIDIDriver * driver, IOUserMIDIDevice * device, OSString * name,
                            IOUserMIDIProtocolID protocol, uint32_t sources,
                            uint32_t destinations) {
    if (device == nullptr || !IOUserMIDIObject::init(driver)) {
        return false;
    }
    ivars = new IOUserMIDIEntity_IVars;
    for (uint32_t each = 0; each < sources; each += 1) {
        if (AddSource(IOUserMIDISource::Create(driver, name, protocol).get()) != 0) {
            return false;
        }
    }
    for (uint32_t each = 0; each < destinations; each += 1) {
        if (AddDestination(IOUserMIDIDestination::Create(driver, name, protocol).get()) != 0) {
            return false;
        }
    }
    return name == nullptr || SetName(name) == kIOReturnSuccess;
}

void IOUserMIDIEntity::free() {
    delete ivars;
    ivars = nullptr;
    IOUserMIDIObject::free();
}

IOUserMIDIClassID IOUserMIDIEntity::GetClassID() const {
    return IOUserMIDIClassID::Entity;
}

IOUserMIDIClassID IOUserMIDIEntity::GetBaseClassID() const {
    return IOUserMIDIClassID::Object;
}

kern_return_t IOUserMIDIEntity::SetProperties(OSDictionary * properties) {
    return setWithParts(this, properties,
                        {{"sources", asObjects(midiSources(this))},
                         {"destinations", asObjects(midiDestinations(this))}});
}

kern_return_t IOUserMIDIEntity::AddSource(IOUserMIDISource * source) {
    return add(this, ivars->sources, source);
}

kern_return_t IOUserMIDIEntity::RemoveSource(IOUserMIDISource * source) {
    return remove(this, ivars->sources, source);
}

kern_return_t IOUserMIDIEntity::AddDestination(IOUserMIDIDestination * destination) {
    return add(this, ivars->destinations, destination);
}

kern_return_t IOUserMIDIEntity::RemoveDestination(IOUserMIDIDestination * destination) {
    return remove(this, ivars->destinations, destination);
}

OSSharedPtr<OSArray> IOUserMIDIEntity::GetSources() const {
    std::lock_guard lock(lockOf(this));
    return arrayOf(ivars->sources);
}

OSSharedPtr<OSArray> IOUserMIDIEntity::GetDestinations() const {
    std::lock_guard lock(lockOf(this));
    return arrayOf(ivars->destinations);
}

OSSharedPtr<IOUserMIDISource> IOUserMIDIEntity::GetSource(uint32_t index) const {
    std::lock_guard lock(lockOf(this));
    return at(ivars->sources, index);
}

OSSharedPtr<IOUserMIDIDestination> IOUserMIDIEntity::GetDestination(uint32_t index) const {
    std::lock_guard lock(lockOf(this));
    return at(ivars->destinations, index);
}

std::vector<OSSharedPtr<IOUserMIDISource>> dextsim::midiSources(IOUserMIDIEntity * entity) {
    std::lock_guard lock(lockOf(entity));
    return entity->IOUserMIDIEntity::ivars->sources;
}

std::vector<OSSharedPtr<IOUserMIDIDestination>>
dextsim::midiDestinations(IOUserMIDIEntity * entity) {
    std::lock_guard lock(lockOf(entity));
    return entity->IOUserMIDIEntity::ivars->destinations;
}

// ── devices ──

OSSharedPtr<IOUserMIDIDevice> IOUserMIDIDevice::Create(IOUserMIDIDriver * driver, OSString * device,
                                                       OSString * model, OSString * manufacturer) {
    OSSharedPtr made(OSTypeAlloc(IOUserMIDIDevice), OSNoRetain);
    if (made && !made->init(driver, device, model, manufacturer)) {
        made.reset();
    }
    return made;
}

bool IOUserMIDIDevice::init(IOUserMIDIDriver * driver, OSString * device, OSString * model,
                            OSString * manufacturer) {
    if (!IOUserMIDIObject::init(driver)) {
        return false;
    }
    ivars = new IOUserMIDIDevice_IVars;
    return SetName(device) == kIOReturnSuccess &&
           SetProperty(IOUserMIDIProperty::Model, model) == kIOReturnSuccess &&
           SetProperty(IOUserMIDIProperty::Manufacturer, manufacturer) == kIOReturnSuccess;
}

void IOUserMIDIDevice::free() {
    delete ivars;
    ivars = nullptr;
    IOUserMIDIObject::free();
}

IOUserMIDIClassID IOUserMIDIDevice::GetClassID() const {
    return IOUserMIDIClassID::Device;
}

IOUserMIDIClassID IOUserMIDIDevice::GetBaseClassID() const {
    return IOUserMIDIClassID::Object;
}

kern_return_t IOUserMIDIDevice::SetProperties(OSDictionary * properties) {
    return setWithParts(this, properties, {{"entities", asObjects(midiEntities(this))}});
}

kern_return_t IOUserMIDIDevice::StartIO() {
    std::lock_guard lock(lockOf(this));
    ivars->running = true;
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIDevice::StopIO() {
    std::lock_guard lock(lockOf(this));
    ivars->running = false;
    return kIOReturnSuccess;
}

bool IOUserMIDIDevice::GetDeviceIsRunning() const {
    std::lock_guard lock(lockOf(this));
    return ivars->running;
}

kern_return_t IOUserMIDIDevice::AddEntity(IOUserMIDIEntity * entity) {
    return add(this, ivars->entities, entity);
}

kern_return_t IOUserMIDIDevice::RemoveEntity(IOUserMIDIEntity * entity) {
    return remove(this, ivars->entities, entity);
}

OSSharedPtr<OSArray> IOUserMIDIDevice::GetEntities() const {
    std::lock_guard lock(lockOf(this));
    return arrayOf(ivars->entities);
}

// The system's side: later, and not on the driver's queue, which StopIO and StartIO may take.
kern_return_t IOUserMIDIDevice::RequestDeviceConfigurationChange(uint64_t action, OSObject * info) {
    runOnWorker([self = OSSharedPtr(this, OSRetain), action, info = OSSharedPtr(info, OSRetain)] {
        const bool running = self->GetDeviceIsRunning();
        if (running) {
            self->StopIO();
        }
        self->PerformDeviceConfigurationChange(action, info.get());
        if (running) {
            self->StartIO();
        }
    });
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIDevice::PerformDeviceConfigurationChange(uint64_t, OSObject *) {
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIDevice::AbortDeviceConfigurationChange(uint64_t, OSObject *) {
    return kIOReturnSuccess;
}

std::vector<OSSharedPtr<IOUserMIDIEntity>> dextsim::midiEntities(IOUserMIDIDevice * device) {
    std::lock_guard lock(lockOf(device));
    return device->IOUserMIDIDevice::ivars->entities;
}
