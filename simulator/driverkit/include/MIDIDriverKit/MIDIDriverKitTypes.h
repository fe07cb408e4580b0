// Numbers and types of MIDIDriverKit. The codes of four characters name properties of CoreMIDI;
// MIDI itself travels as words of Universal MIDI Packets.
#ifndef MIDIDRIVERKIT_MIDIDRIVERKITTYPES_H
#define MIDIDRIVERKIT_MIDIDRIVERKITTYPES_H

#include <DriverKit/IOLib.h>

// The open type of the MIDI system's own connection.
#define kIOUserMIDIDriverUserClientType 1129149796

// Each class of MIDI object has an init of its own, which hides those above it.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Woverloaded-virtual"
#endif

namespace MIDIDriverKit {

typedef uint32_t IOUserMIDIObjectID;
constexpr IOUserMIDIObjectID kIOUserMIDIObjectIDDriver = 1;

typedef uint32_t IOUserMIDIPropertySelector;
typedef uint32_t IOUserMIDIUMPWord;

enum class IOUserMIDIClassID : uint32_t {
    Object = 0,
    Source = 1,
    Destination = 2,
    Endpoint = 3,
    Entity = 4,
    Device = 5,
};

enum class IOUserMIDIProtocolID : uint32_t {
    MIDIProtocol_1_0 = 1,
    MIDIProtocol_2_0 = 2,
};

enum class IOUserMIDIPropertyType : uint32_t {
    String = 0,
    Number = 1,
    Dictionary = 2,
    Data = 3,
};

enum class IOUserMIDIProperty : IOUserMIDIPropertySelector {
    Name = 0x6d6e616d /* mnam */,
    Manufacturer = 0x6d6d616b /* mmak */,
    Model = 0x6d6d6f64 /* mmod */,
    UniqueID = 0x6d756964 /* muid */,
    DeviceID = 0x6d646964 /* mdid */,
    ReceiveChannels = 0x72786368 /* rxch */,
    TransmitChannels = 0x6d746368 /* mtch */,
    MaxSysExSpeed = 0x6d6d7370 /* mmsp */,
    AdvanceScheduleTimeMuSec = 0x6d617374 /* mast */,
    IsEmbeddedEntity = 0x656d6265 /* embe */,
    IsBroadcast = 0x62726361 /* brca */,
    SingleRealtimeEntity = 0x73727465 /* srte */,
    ConnectionUniqueID = 0x63756964 /* cuid */,
    Offline = 0x6d6f6666 /* moff */,
    Private = 0x6d707276 /* mprv */,
    DriverOwner = 0x64726f77 /* drow */,
    FactoryPatchNameFile = 0x66706e66 /* fpnf */,
    UserPatchNameFile = 0x75706e66 /* upnf */,
    NameConfiguration = 0x6e636667 /* ncfg */,
    NameConfigurationDictionary = 0x6e646374 /* ndct */,
    Image = 0x6d696d67 /* mimg */,
    DriverVersion = 0x64766572 /* dver */,
    SupportsGeneralMIDI = 0x73676d64 /* sgmd */,
    SupportsMMC = 0x736d6d63 /* smmc */,
    CanRoute = 0x63616e72 /* canr */,
    ReceivesClock = 0x72636c6b /* rclk */,
    ReceivesMTC = 0x726d7463 /* rmtc */,
    ReceivesNotes = 0x726e7473 /* rnts */,
    ReceivesProgramChanges = 0x72707263 /* rprc */,
    ReceivesBankSelectMSB = 0x7262736d /* rbsm */,
    ReceivesBankSelectLSB = 0x7262736c /* rbsl */,
    TransmitsClock = 0x74636c6b /* tclk */,
    TransmitsMTC = 0x746d7463 /* tmtc */,
    TransmitsNotes = 0x746e7473 /* tnts */,
    TransmitsProgramChanges = 0x74707263 /* tprc */,
    TransmitsBankSelectMSB = 0x7462736d /* tbsm */,
    TransmitsBankSelectLSB = 0x7462736c /* tbsl */,
    PanDisruptsStereo = 0x6d706473 /* mpds */,
    IsSampler = 0x73616d70 /* samp */,
    IsDrumMachine = 0x64726d6d /* drmm */,
    IsMixer = 0x6d6d6978 /* mmix */,
    IsEffectUnit = 0x65666678 /* effx */,
    MaxReceiveChannels = 0x6d787263 /* mxrc */,
    MaxTransmitChannels = 0x6d787463 /* mxtc */,
    DriverDeviceEditorApp = 0x64646561 /* ddea */,
    SupportsShowControl = 0x73736372 /* sscr */,
    DisplayName = 0x646e616d /* dnam */,
    ProtocolID = 0x70726f74 /* prot */,
    UMPActiveGroupBitmap = 0x75616762 /* uagb */,
    UMPCanTransmitGroupless = 0x75637467 /* uctg */,
    AssociatedEndpoint = 0x61657074 /* aept */,
};

// Takes what the MIDI system sends to a destination. Not on the driver's queue.
#if __BLOCKS__
typedef kern_return_t (^MIDIIOBlock)(IOUserMIDIUMPWord const * umpWords, size_t numWords);
#else
typedef struct OSBlockUnavailable_MIDIIOBlock * MIDIIOBlock;
#endif

} // namespace MIDIDriverKit

#endif
