// All of MIDIDriverKit.
#ifndef MIDIDRIVERKIT_MIDIDRIVERKIT_H
#define MIDIDRIVERKIT_MIDIDRIVERKIT_H

#include <DriverKit/OSCollections.h>
#include <MIDIDriverKit/IOUserMIDIDestination.h>
#include <MIDIDriverKit/IOUserMIDIDevice.h>
#include <MIDIDriverKit/IOUserMIDIDriver.h>
#include <MIDIDriverKit/IOUserMIDIEndpoint.h>
#include <MIDIDriverKit/IOUserMIDIEntity.h>
#include <MIDIDriverKit/IOUserMIDIObject.h>
#include <MIDIDriverKit/IOUserMIDISource.h>
#include <MIDIDriverKit/IOUserMIDIUtils.h>
#include <MIDIDriverKit/MIDIDriverKitTypes.h>

#endif
