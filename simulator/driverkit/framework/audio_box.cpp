// Boxes: what they say of themselves, and the devices in them.
#include "audio_objects.h"

#include <DriverKit/OSString.h>

#include <atomic>

struct IOUserAudioBox_IVars {
    std::recursive_mutex lock;
    OSSharedPtr<OSString> uid;
    std::vector<OSSharedPtr<IOUserAudioObject>> contents;
    std::atomic<IOUserAudioTransportType> transport;
    std::atomic<bool> hasAudio, hasVideo, hasMidi, isProtected, isAcquired, isAcquirable;
    std::atomic<kern_return_t> failure;
};

namespace {

// Nobody is notified: the audio system here asks.
template <typename Member, typename Value> kern_return_t put(Member & member, Value value) {
    member = value;
    return kIOReturnSuccess;
}

} // namespace

OSSharedPtr<IOUserAudioBox> IOUserAudioBox::Create(IOUserAudioDriver * driver, bool acquirable,
                                                   OSString * uid) {
    OSSharedPtr<IOUserAudioBox> made(OSTypeAlloc(IOUserAudioBox), OSNoRetain);
    if (made && !made->init(driver, acquirable, uid)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioBox::init(IOUserAudioDriver * driver, bool acquirable, OSString * uid) {
    if (uid == nullptr || !IOUserAudioObject::init(driver)) {
        return false;
    }
    ivars = new IOUserAudioBox_IVars{};
    ivars->uid = OSSharedPtr<OSString>(uid, OSRetain);
    ivars->isAcquirable = acquirable;
    return true;
}

void IOUserAudioBox::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioObject::free();
}

IOUserAudioClassID IOUserAudioBox::GetClassID() {
    return IOUserAudioClassID::Box;
}

IOUserAudioClassID IOUserAudioBox::GetBaseClassID() {
    return IOUserAudioClassID::Object;
}

kern_return_t IOUserAudioBox::HandleChangeAcquireBox(bool acquire) {
    return SetIsAcquired(acquire);
}

// ── contents ──

kern_return_t IOUserAudioBox::AddClockDevice(IOUserAudioClockDevice * device) {
    if (device == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->contents.emplace_back(device, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioBox::RemoveClockDevice(IOUserAudioClockDevice * device) {
    std::lock_guard lock(ivars->lock);
    const size_t removed =
        std::erase_if(ivars->contents, [device](auto & each) { return each.get() == device; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

kern_return_t IOUserAudioBox::AddDevice(IOUserAudioDevice * device) {
    return AddClockDevice(device);
}

kern_return_t IOUserAudioBox::RemoveDevice(IOUserAudioDevice * device) {
    return RemoveClockDevice(device);
}

// ── what it says of itself ──

OSSharedPtr<OSString> IOUserAudioBox::GetUID() {
    return ivars->uid;
}

kern_return_t IOUserAudioBox::SetTransportType(IOUserAudioTransportType type) {
    return put(ivars->transport, type);
}

IOUserAudioTransportType IOUserAudioBox::GetTransportType() {
    return ivars->transport;
}

kern_return_t IOUserAudioBox::SetHasAudio(bool has) {
    return put(ivars->hasAudio, has);
}

bool IOUserAudioBox::HasAudio() {
    return ivars->hasAudio;
}

kern_return_t IOUserAudioBox::SetHasVideo(bool has) {
    return put(ivars->hasVideo, has);
}

bool IOUserAudioBox::HasVideo() {
    return ivars->hasVideo;
}

kern_return_t IOUserAudioBox::SetHasMIDI(bool has) {
    return put(ivars->hasMidi, has);
}

bool IOUserAudioBox::HasMIDI() {
    return ivars->hasMidi;
}

kern_return_t IOUserAudioBox::SetIsProtected(bool is) {
    return put(ivars->isProtected, is);
}

bool IOUserAudioBox::IsProtected() {
    return ivars->isProtected;
}

kern_return_t IOUserAudioBox::SetIsAcquired(bool is) {
    return put(ivars->isAcquired, is);
}

bool IOUserAudioBox::IsAcquired() {
    return ivars->isAcquired;
}

kern_return_t IOUserAudioBox::SetIsAcquirable(bool is) {
    return put(ivars->isAcquirable, is);
}

bool IOUserAudioBox::IsAcquirable() {
    return ivars->isAcquirable;
}

kern_return_t IOUserAudioBox::SetAcquisitionFailure(kern_return_t code) {
    return put(ivars->failure, code);
}

kern_return_t IOUserAudioBox::GetAcquisitionFailure() {
    return ivars->failure;
}

// ── the audio system ──

kern_return_t dextsim::acquireBox(IOUserAudioBox * box, bool acquire) {
    return box->IsAcquirable() ? box->HandleChangeAcquireBox(acquire) : kIOReturnNotPermitted;
}

dextsim::Value dextsim::describeBox(IOUserAudioBox * box) {
    Value devices = Value::array();
    {
        std::lock_guard lock(box->IOUserAudioBox::ivars->lock);
        for (const auto & each : box->IOUserAudioBox::ivars->contents) {
            devices.items().push_back(Value::number(each->GetObjectID()));
        }
    }
    const auto name = box->GetName();
    return Value::dictionary({{"id", Value::number(box->GetObjectID())},
                              {"uid", Value::string(box->GetUID()->getCStringNoCopy())},
                              {"name", Value::string(name ? name->getCStringNoCopy() : "")},
                              {"acquirable", Value::boolean(box->IsAcquirable())},
                              {"acquired", Value::boolean(box->IsAcquired())},
                              {"devices", std::move(devices)}});
}
