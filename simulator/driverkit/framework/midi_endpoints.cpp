// Sources and destinations: words of Universal MIDI Packets from a driver, and to it.
#include "midi_objects.h"

#include "../runtime/service_calls.h"

#include <cstring>
#include <deque>
#include <functional>
#include <span>

#if __BLOCKS__
#include <Block.h>
#endif

using namespace dextsim;
using Words = std::vector<IOUserMIDIUMPWord>;
using Handler = std::function<kern_return_t(const Words & words)>;

// What a source may have sent that nobody has read, in words.
constexpr size_t kMostUnread = 65536;

struct IOUserMIDISource_IVars {
    bool enabled = false;
    size_t unread = 0;
    std::deque<Words> sent;
    std::deque<uint64_t> reads; // calls that wait
};

struct IOUserMIDIDestination_IVars {
    Handler handler;
};

// ── both ──

bool IOUserMIDIEndpoint::init(IOUserMIDIDriver * driver, OSString * name,
                              IOUserMIDIProtocolID protocol) {
    if (!IOUserMIDIObject::init(driver)) {
        return false;
    }
    const OSSharedPtr number(OSNumber::withNumber(static_cast<uint32_t>(protocol), 32), OSNoRetain);
    SetProperty(IOUserMIDIProperty::ProtocolID, number.get());
    return name == nullptr || SetName(name) == kIOReturnSuccess;
}

void IOUserMIDIEndpoint::free() {
    IOUserMIDIObject::free();
}

IOUserMIDIClassID IOUserMIDIEndpoint::GetClassID() const {
    return IOUserMIDIClassID::Endpoint;
}

IOUserMIDIClassID IOUserMIDIEndpoint::GetBaseClassID() const {
    return IOUserMIDIClassID::Object;
}

bool dextsim::midiRuns(IOUserMIDIEndpoint * endpoint) {
    MidiDriverState & state = *endpoint->IOUserMIDIObject::ivars->state;
    std::lock_guard lock(state.lock);
    const auto entity = findMidiObject(state, endpoint->GetOwnerObjectID());
    const auto owner = entity ? findMidiObject(state, entity->GetOwnerObjectID()) : nullptr;
    auto * const device = OSDynamicCast(IOUserMIDIDevice, owner.get());
    return device != nullptr && device->GetDeviceIsRunning();
}

// ── sources ──

OSSharedPtr<IOUserMIDISource> IOUserMIDISource::Create(IOUserMIDIDriver * driver, OSString * name,
                                                       IOUserMIDIProtocolID protocol) {
    OSSharedPtr made(OSTypeAlloc(IOUserMIDISource), OSNoRetain);
    if (made && !made->init(driver, name, protocol)) {
        made.reset();
    }
    return made;
}

bool IOUserMIDISource::init(IOUserMIDIDriver * driver, OSString * name,
                            IOUserMIDIProtocolID protocol) {
    if (!IOUserMIDIEndpoint::init(driver, name, protocol)) {
        return false;
    }
    ivars = new IOUserMIDISource_IVars;
    return true;
}

void IOUserMIDISource::free() {
    if (ivars != nullptr) {
        abortMidiReads(this);
    }
    delete ivars;
    ivars = nullptr;
    IOUserMIDIEndpoint::free();
}

IOUserMIDIClassID IOUserMIDISource::GetClassID() const {
    return IOUserMIDIClassID::Source;
}

IOUserMIDIClassID IOUserMIDISource::GetBaseClassID() const {
    return IOUserMIDIClassID::Endpoint;
}

namespace {

void answerRead(uint64_t call, const Words & words) {
    const auto * const bytes = reinterpret_cast<const uint8_t *>(words.data());
    answerServiceCall(call, kIOReturnSuccess,
                      Writer().bytes(std::span(bytes, words.size() * sizeof(words[0]))));
}

std::recursive_mutex & lockOf(IOUserMIDIObject * object) {
    return object->IOUserMIDIObject::ivars->state->lock;
}

} // namespace

kern_return_t IOUserMIDISource::Send(IOUserMIDIUMPWord const * words, size_t count) {
    if (words == nullptr || count == 0) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(lockOf(this));
    if (!ivars->enabled || !midiRuns(this)) {
        return kIOReturnNotReady;
    }
    if (!ivars->reads.empty()) {
        answerRead(ivars->reads.front(), Words(words, words + count));
        ivars->reads.pop_front();
        return kIOReturnSuccess;
    }
    if (count > kMostUnread - ivars->unread) {
        return kIOReturnNoSpace;
    }
    ivars->unread += count;
    ivars->sent.emplace_back(words, words + count);
    return kIOReturnSuccess;
}

void dextsim::enableMidiSource(IOUserMIDISource * source, bool on) {
    std::lock_guard lock(lockOf(source));
    IOUserMIDISource_IVars & state = *source->IOUserMIDISource::ivars;
    state.enabled = on;
    if (!on) {
        state.sent.clear();
        state.unread = 0;
        abortMidiReads(source);
    }
}

bool dextsim::isMidiSourceEnabled(IOUserMIDISource * source) {
    std::lock_guard lock(lockOf(source));
    return source->IOUserMIDISource::ivars->enabled;
}

void dextsim::readMidiSource(IOUserMIDISource * source, uint64_t call) {
    std::lock_guard lock(lockOf(source));
    IOUserMIDISource_IVars & state = *source->IOUserMIDISource::ivars;
    if (!state.enabled) {
        answerServiceCall(call, kIOReturnNotReady);
    } else if (state.sent.empty()) {
        state.reads.push_back(call);
    } else {
        state.unread -= state.sent.front().size();
        answerRead(call, state.sent.front());
        state.sent.pop_front();
    }
}

void dextsim::abortMidiReads(IOUserMIDISource * source) {
    std::lock_guard lock(lockOf(source));
    for (const uint64_t call : source->IOUserMIDISource::ivars->reads) {
        answerServiceCall(call, kIOReturnAborted);
    }
    source->IOUserMIDISource::ivars->reads.clear();
}

// ── destinations ──

namespace {

#if __BLOCKS__
Handler keep(MIDIIOBlock block) {
    if (block == nullptr) {
        return {};
    }
    std::shared_ptr<void> copy(reinterpret_cast<void *>(Block_copy(block)), [](void * each) {
        Block_release(reinterpret_cast<MIDIIOBlock>(each));
    });
    return [copy](const Words & words) {
        return reinterpret_cast<MIDIIOBlock>(copy.get())(words.data(), words.size());
    };
}
#else
Handler keep(MIDIIOBlock) {
    return {};
}
#endif

} // namespace

OSSharedPtr<IOUserMIDIDestination> IOUserMIDIDestination::Create(IOUserMIDIDriver * driver,
                                                                 OSString * name,
                                                                 IOUserMIDIProtocolID protocol) {
    OSSharedPtr made(OSTypeAlloc(IOUserMIDIDestination), OSNoRetain);
    if (made && !made->init(driver, name, protocol)) {
        made.reset();
    }
    return made;
}

bool IOUserMIDIDestination::init(IOUserMIDIDriver * driver, OSString * name,
                                 IOUserMIDIProtocolID protocol) {
    if (!IOUserMIDIEndpoint::init(driver, name, protocol)) {
        return false;
    }
    ivars = new IOUserMIDIDestination_IVars;
    return true;
}

void IOUserMIDIDestination::free() {
    delete ivars;
    ivars = nullptr;
    IOUserMIDIEndpoint::free();
}

IOUserMIDIClassID IOUserMIDIDestination::GetClassID() const {
    return IOUserMIDIClassID::Destination;
}

IOUserMIDIClassID IOUserMIDIDestination::GetBaseClassID() const {
    return IOUserMIDIClassID::Endpoint;
}

kern_return_t IOUserMIDIDestination::SetIOBlock(MIDIIOBlock block) {
    Handler handler = keep(block);
    std::lock_guard lock(lockOf(this));
    ivars->handler.swap(handler);
    return kIOReturnSuccess;
}

kern_return_t dextsim::sendToMidiDestination(IOUserMIDIDestination * destination,
                                             const Words & words) {
    if (!midiRuns(destination)) {
        return kIOReturnNotReady;
    }
    Handler handler;
    {
        std::lock_guard lock(lockOf(destination));
        handler = destination->IOUserMIDIDestination::ivars->handler;
    }
    return handler ? handler(words) : kIOReturnUnsupported;
}
