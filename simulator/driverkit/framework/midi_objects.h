// What the classes of MIDIDriverKit know of each other.
#ifndef DEXTSIM_DRIVERKIT_MIDI_OBJECTS_H
#define DEXTSIM_DRIVERKIT_MIDI_OBJECTS_H

#include <MIDIDriverKit/MIDIDriverKit.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dextsim {

// Of a driver and of all its objects, which may outlive it. The lock is that of every object, too:
// getters and setters come from any queue, and from within each other.
struct MidiDriverState {
    std::recursive_mutex lock;
    std::vector<OSSharedPtr<IOUserMIDIObject>> objects;
    OSSharedPtr<IODispatchQueue> queue;
    OSSharedPtr<OSString> name;
    IOUserMIDIObjectID last = kIOUserMIDIObjectIDDriver;
    bool started = false; // by the MIDI system
};
using MidiState = std::shared_ptr<MidiDriverState>;

} // namespace dextsim

struct IOUserMIDIObject_IVars {
    dextsim::MidiState state;
    IOUserMIDIObjectID id = 0;
    IOUserMIDIObjectID owner = kIOUserMIDIObjectIDDriver;
    std::map<std::string, OSSharedPtr<OSObject>> properties;
};

namespace dextsim {

MidiState midiState(IOUserMIDIDriver * driver);
std::vector<OSSharedPtr<IOUserMIDIDevice>> midiDevices(MidiDriverState & state);
std::vector<OSSharedPtr<IOUserMIDIEntity>> midiEntities(IOUserMIDIDevice * device);
std::vector<OSSharedPtr<IOUserMIDISource>> midiSources(IOUserMIDIEntity * entity);
std::vector<OSSharedPtr<IOUserMIDIDestination>> midiDestinations(IOUserMIDIEntity * entity);
// Any object of the driver, or null.
OSSharedPtr<IOUserMIDIObject> findMidiObject(MidiDriverState & state, IOUserMIDIObjectID id);
// CoreMIDI's name of a property; of one whose name no public source tells, its four characters.
std::string midiPropertyName(IOUserMIDIProperty property);
// Applies each dictionary of an array to the object at the same place.
kern_return_t setEach(OSObject * dictionaries,
                      const std::vector<OSSharedPtr<IOUserMIDIObject>> & objects);

// ── the MIDI system's side ──

// A source that is not enabled sends nothing, and forgets what nobody has read.
void enableMidiSource(IOUserMIDISource * source, bool on);
bool isMidiSourceEnabled(IOUserMIDISource * source);
// Answers the call with the words of one Send, when there are some.
void readMidiSource(IOUserMIDISource * source, uint64_t call);
void abortMidiReads(IOUserMIDISource * source);
// kIOReturnNotReady: the device does not run. kIOReturnUnsupported: there is no block.
kern_return_t sendToMidiDestination(IOUserMIDIDestination * destination,
                                    const std::vector<IOUserMIDIUMPWord> & words);
// Whether the device of an endpoint runs.
bool midiRuns(IOUserMIDIEndpoint * endpoint);
kern_return_t startMidi(IOUserMIDIDriver * driver);
kern_return_t stopMidi(IOUserMIDIDriver * driver);
// From here on the MIDI system's calls find their way.
void linkMidiCalls();

} // namespace dextsim

#endif
