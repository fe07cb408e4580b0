// What the classes of AudioDriverKit know of each other.
#ifndef DEXTSIM_DRIVERKIT_AUDIO_OBJECTS_H
#define DEXTSIM_DRIVERKIT_AUDIO_OBJECTS_H

#include <AudioDriverKit/AudioDriverKit.h>

#include "../library/os_value.h"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

// Setters and getters may come from any queue, and from within each other.
struct IOUserAudioObject_IVars {
    using Place = std::pair<IOUserAudioObjectPropertyElement, IOUserAudioObjectPropertyScope>;
    using Names = std::map<Place, OSSharedPtr<OSString>>;

    std::recursive_mutex lock;
    IOUserAudioDriver * driver = nullptr; // not retained: it retains what was added to it
    OSSharedPtr<IODispatchQueue> queue;
    IOUserAudioObjectID id = 0;
    IOUserAudioObjectID owner = AudioDriverKit::kIOUserAudioObjectIDDriver;
    OSSharedPtr<OSString> name;
    Names elementNames, categoryNames, numberNames;
    std::vector<OSSharedPtr<IOUserAudioCustomProperty>> properties;
};

struct IOUserAudioDevice_IVars;

namespace dextsim {

// One IO operation as the system performs it.
struct AudioOperation {
    IOUserAudioIOOperation operation = 0;
    uint32_t frames = 0;
    uint64_t sampleTime = 0;
    uint64_t hostTime = 0;
};
// kIOReturnNotReady: the device does not run. kIOReturnUnsupported: it has no handler.
kern_return_t performOperation(IOUserAudioDevice * device, const AudioOperation & operation);
// The audio system changes the rate: between stop and start when the device runs.
kern_return_t changeRate(IOUserAudioDevice * device, double rate);
std::vector<OSSharedPtr<IOUserAudioObject>> audioObjects(IOUserAudioDriver * driver);
std::vector<OSSharedPtr<IOUserAudioStream>> audioStreams(IOUserAudioDevice * device);
std::vector<OSSharedPtr<IOUserAudioControl>> audioControls(IOUserAudioClockDevice * device);
std::vector<OSSharedPtr<IOUserAudioCustomProperty>> audioProperties(IOUserAudioDriver * driver);
// The audio system sets a property: kIOReturnNotPermitted when it is not settable.
kern_return_t changeProperty(IOUserAudioCustomProperty * property, OSObject * qualifier,
                             OSObject * data);
// The audio system moves a level, a slider or a pan, or acquires a box or lets it go.
kern_return_t changeNumber(IOUserAudioObject * control, double value);
kern_return_t acquireBox(IOUserAudioBox * box, bool acquire);
Value describeBox(IOUserAudioBox * box);
// From here on the audio system's calls find their way.
void linkAudioCalls();

} // namespace dextsim

#endif
