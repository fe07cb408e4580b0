// Numbers and structures of AudioDriverKit. The codes of four characters are those of CoreAudio.
#ifndef AUDIODRIVERKIT_AUDIODRIVERKITTYPES_H
#define AUDIODRIVERKIT_AUDIODRIVERKITTYPES_H

#include <DriverKit/IOLib.h>

// The open type of the audio system's own connection.
#define kIOUserAudioDriverUserClientType 1128363364

// Each class of audio object has an init of its own, which hides those above it.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Woverloaded-virtual"
#endif

namespace AudioDriverKit {

enum class IOUserAudioReservedConfigChangeAction : uint64_t {
    SampleRate = 1,
    RingBufferFrameSize = 2,
    StreamFormat = 3,
};

enum class IOUserAudioStartStopFlags : uint64_t {
    None = 0,
    Prewarm = 1,
};

enum class IOUserAudioDeviceTransportState : uint64_t {
    Stopped = 0,
    Prewarmed = 1,
    Running = 2,
};

typedef uint32_t IOUserAudioObjectID;
constexpr IOUserAudioObjectID kIOUserAudioObjectIDDriver = 1;

typedef uint32_t IOUserAudioObjectPropertySelector;
typedef uint32_t IOUserAudioObjectPropertyElement;
constexpr IOUserAudioObjectPropertyElement IOUserAudioObjectPropertyElementMain = 0;

enum class IOUserAudioObjectPropertyScope : uint32_t {
    Global = 0x676c6f62 /* glob */,
    Input = 0x696e7074 /* inpt */,
    Output = 0x6f757470 /* outp */,
    PlayThrough = 0x70747275 /* ptru */,
};

struct IOUserAudioObjectPropertyAddress {
    IOUserAudioObjectPropertySelector mSelector;
    IOUserAudioObjectPropertyScope mScope;
    IOUserAudioObjectPropertyElement mElement;
};

enum class IOUserAudioCustomPropertyDataType : uint32_t {
    None = 0,
    String = 0x63667374 /* cfst */,
    Dictionary = 0x706c7374 /* plst */,
};

struct IOUserAudioCustomPropertyInfo {
    IOUserAudioObjectPropertySelector mSelector;
    IOUserAudioCustomPropertyDataType mPropertyDataType;
    IOUserAudioCustomPropertyDataType mQualifierDataType;
};

enum class IOUserAudioTransportType : uint32_t {
    Unknown = 0,
    BuiltIn = 0x626c746e /* bltn */,
    PCI = 0x70636920 /* pci  */,
    USB = 0x75736220 /* usb  */,
    FireWire = 0x31333934 /* 1394 */,
    Bluetooth = 0x626c7565 /* blue */,
    BluetoothLE = 0x626c6561 /* blea */,
    HDMI = 0x68646d69 /* hdmi */,
    DisplayPort = 0x64707274 /* dprt */,
    AirPlay = 0x61697270 /* airp */,
    AVB = 0x65617662 /* eavb */,
    Thunderbolt = 0x7468756e /* thun */,
};

enum class IOUserAudioStreamTerminalType : uint32_t {
    Unknown = 0,
    Line = 0x6c696e65 /* line */,
    DigitalAudioInterface = 0x73706466 /* spdf */,
    Speaker = 0x73706b72 /* spkr */,
    Headphones = 0x68647068 /* hdph */,
    LFESpeaker = 0x6c666573 /* lfes */,
    ReceiverSpeaker = 0x7273706b /* rspk */,
    Microphone = 0x6d696372 /* micr */,
    HeadsetMicrophone = 0x686d6963 /* hmic */,
    ReceiverMicrophone = 0x726d6963 /* rmic */,
    TTY = 0x7474795f /* tty_ */,
    HDMI = 0x68646d69 /* hdmi */,
    DisplayPort = 0x64707274 /* dprt */,
};

enum class IOUserAudioClockAlgorithm : uint32_t {
    Raw = 0x72617777 /* raww */,
    SimpleIIR = 0x69697266 /* iirf */,
    TwelvePtMovingWindowAverage = 0x6d617667 /* mavg */,
};

enum class IOUserAudioClassID : uint32_t {
    Object = 0x616f626a /* aobj */,
    Driver = 0x61706c67 /* aplg */,
    Box = 0x61626f78 /* abox */,
    Clock = 0x61636c6b /* aclk */,
    Device = 0x61646576 /* adev */,
    Stream = 0x61737472 /* astr */,
    Control = 0x6163746c /* actl */,
    SliderControl = 0x736c6472 /* sldr */,
    LevelControl = 0x6c65766c /* levl */,
    VolumeControl = 0x766c6d65 /* vlme */,
    LFEVolumeControl = 0x73756276 /* subv */,
    BooleanControl = 0x746f676c /* togl */,
    MuteControl = 0x6d757465 /* mute */,
    SoloControl = 0x736f6c6f /* solo */,
    JackControl = 0x6a61636b /* jack */,
    LFEMuteControl = 0x7375626d /* subm */,
    PhantomPowerControl = 0x7068616e /* phan */,
    PhaseInvertControl = 0x70687369 /* phsi */,
    ClipLightControl = 0x636c6970 /* clip */,
    TalkbackControl = 0x74616c62 /* talb */,
    ListenbackControl = 0x6c736e62 /* lsnb */,
    SelectorControl = 0x736c6374 /* slct */,
    DataSourceControl = 0x64737263 /* dsrc */,
    DataDestinationControl = 0x64657374 /* dest */,
    ClockSourceControl = 0x636c636b /* clck */,
    LineLevelControl = 0x6e6c766c /* nlvl */,
    HighPassFilterControl = 0x68697066 /* hipf */,
    StereoPanControl = 0x7370616e /* span */,
};

enum class IOUserAudioStreamDirection : uint32_t {
    Output = 0,
    Input = 1,
};

enum class IOUserAudioFormatID : uint32_t {
    LinearPCM = 0x6c70636d /* lpcm */,
    AC3 = 0x61632d33 /* ac-3 */,
    AC360958 = 0x63616333 /* cac3 */,
    AppleIMA4 = 0x696d6134 /* ima4 */,
    MPEG4AAC = 0x61616320 /* aac  */,
    ULaw = 0x756c6177 /* ulaw */,
    ALaw = 0x616c6177 /* alaw */,
    MPEGLayer3 = 0x2e6d7033 /* .mp3 */,
    MIDIStream = 0x6d696469 /* midi */,
    AppleLossless = 0x616c6163 /* alac */,
    FLAC = 0x666c6163 /* flac */,
    Opus = 0x6f707573 /* opus */,
};

enum IOUserAudioFormatFlags : uint32_t {
    FormatFlagIsFloat = 1u << 0,
    FormatFlagIsBigEndian = 1u << 1,
    FormatFlagIsSignedInteger = 1u << 2,
    FormatFlagIsPacked = 1u << 3,
    FormatFlagIsAlignedHigh = 1u << 4,
    FormatFlagIsNonInterleaved = 1u << 5,
    FormatFlagIsNonMixable = 1u << 6,
    FormatFlagsAreAllClear = 0x80000000,
    LinearPCMFormatFlagIsFloat = FormatFlagIsFloat,
    LinearPCMFormatFlagIsBigEndian = FormatFlagIsBigEndian,
    LinearPCMFormatFlagIsSignedInteger = FormatFlagIsSignedInteger,
    LinearPCMFormatFlagIsPacked = FormatFlagIsPacked,
    LinearPCMFormatFlagIsAlignedHigh = FormatFlagIsAlignedHigh,
    LinearPCMFormatFlagIsNonInterleaved = FormatFlagIsNonInterleaved,
    LinearPCMFormatFlagIsNonMixable = FormatFlagIsNonMixable,
    FormatFlagsNativeEndian = 0,
    FormatFlagsNativeFloatPacked = FormatFlagIsFloat | FormatFlagsNativeEndian | FormatFlagIsPacked,
};

struct IOUserAudioStreamBasicDescription {
    double mSampleRate;
    IOUserAudioFormatID mFormatID;
    IOUserAudioFormatFlags mFormatFlags;
    uint32_t mBytesPerPacket;
    uint32_t mFramesPerPacket;
    uint32_t mBytesPerFrame;
    uint32_t mChannelsPerFrame;
    uint32_t mBitsPerChannel;
    uint32_t mReserved;
};

enum class IOUserAudioChannelLabel : uint32_t {
    Unknown = 0xffffffff,
    Unused = 0,
    UseCoordinates = 100,
    Left = 1,
    Right = 2,
    Center = 3,
    LFEScreen = 4,
    LeftSurround = 5,
    RightSurround = 6,
    LeftCenter = 7,
    RightCenter = 8,
    CenterSurround = 9,
    LeftSurroundDirect = 10,
    RightSurroundDirect = 11,
    TopCenterSurround = 12,
    VerticalHeightLeft = 13,
    VerticalHeightCenter = 14,
    VerticalHeightRight = 15,
    TopBackLeft = 16,
    TopBackCenter = 17,
    TopBackRight = 18,
    RearSurroundLeft = 33,
    RearSurroundRight = 34,
    LeftWide = 35,
    RightWide = 36,
    LFE2 = 37,
    LeftTotal = 38,
    RightTotal = 39,
    HearingImpaired = 40,
    Narration = 41,
    Mono = 42,
    DialogCentricMix = 43,
    CenterSurroundDirect = 44,
    Haptic = 45,
    LeftTopFront = VerticalHeightLeft,
    CenterTopFront = VerticalHeightCenter,
    RightTopFront = VerticalHeightRight,
    LeftTopMiddle = 49,
    CenterTopMiddle = TopCenterSurround,
    RightTopMiddle = 51,
    LeftTopRear = 52,
    CenterTopRear = 53,
    RightTopRear = 54,
    Ambisonic_W = 200,
    Ambisonic_X = 201,
    Ambisonic_Y = 202,
    Ambisonic_Z = 203,
    MS_Mid = 204,
    MS_Side = 205,
    XY_X = 206,
    XY_Y = 207,
    BinauralLeft = 208,
    BinauralRight = 209,
    HeadphonesLeft = 301,
    HeadphonesRight = 302,
    ClickTrack = 304,
    ForeignLanguage = 305,
    Discrete = 400,
    Discrete_0 = 1u << 16 | 0,
    Discrete_1 = 1u << 16 | 1,
    Discrete_2 = 1u << 16 | 2,
    Discrete_3 = 1u << 16 | 3,
    Discrete_4 = 1u << 16 | 4,
    Discrete_5 = 1u << 16 | 5,
    Discrete_6 = 1u << 16 | 6,
    Discrete_7 = 1u << 16 | 7,
    Discrete_8 = 1u << 16 | 8,
    Discrete_9 = 1u << 16 | 9,
    Discrete_10 = 1u << 16 | 10,
    Discrete_11 = 1u << 16 | 11,
    Discrete_12 = 1u << 16 | 12,
    Discrete_13 = 1u << 16 | 13,
    Discrete_14 = 1u << 16 | 14,
    Discrete_15 = 1u << 16 | 15,
    Discrete_65535 = 1u << 16 | 65535,
    HOA_ACN = 500,
    HOA_ACN_0 = 2u << 16 | 0,
    HOA_ACN_1 = 2u << 16 | 1,
    HOA_ACN_2 = 2u << 16 | 2,
    HOA_ACN_3 = 2u << 16 | 3,
    HOA_ACN_4 = 2u << 16 | 4,
    HOA_ACN_5 = 2u << 16 | 5,
    HOA_ACN_6 = 2u << 16 | 6,
    HOA_ACN_7 = 2u << 16 | 7,
    HOA_ACN_8 = 2u << 16 | 8,
    HOA_ACN_9 = 2u << 16 | 9,
    HOA_ACN_10 = 2u << 16 | 10,
    HOA_ACN_11 = 2u << 16 | 11,
    HOA_ACN_12 = 2u << 16 | 12,
    HOA_ACN_13 = 2u << 16 | 13,
    HOA_ACN_14 = 2u << 16 | 14,
    HOA_ACN_15 = 2u << 16 | 15,
    HOA_ACN_65024 = 2u << 16 | 65024,
    BeginReserved = 0xf0000000,
    EndReserved = 0xfffffffe,
};

// Before data are read from the input streams, after data were written to the output streams.
typedef uint32_t IOUserAudioIOOperation;
constexpr IOUserAudioIOOperation IOUserAudioIOOperationBeginRead = 0;
constexpr IOUserAudioIOOperation IOUserAudioIOOperationWriteEnd = 1;

#if __BLOCKS__
typedef kern_return_t (^IOOperationHandler)(IOUserAudioObjectID in_device,
                                            IOUserAudioIOOperation in_io_operation,
                                            uint32_t in_io_buffer_frame_size,
                                            uint64_t in_sample_time, uint64_t in_host_time);
#else
typedef struct OSBlockUnavailable_IOOperationHandler * IOOperationHandler;
#endif

} // namespace AudioDriverKit

#endif
