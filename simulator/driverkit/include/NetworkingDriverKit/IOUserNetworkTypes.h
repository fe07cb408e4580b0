// Media, link states and addresses of network interfaces.
#ifndef NETWORKINGDRIVERKIT_IOUSERNETWORKTYPES_H
#define NETWORKINGDRIVERKIT_IOUSERNETWORKTYPES_H

#include <net/ethernet.h>
#include <stdint.h>

// Mark the version of the framework that a function came with.
#define NDK_20
#define NDK_21
#define NDK_22
#define NDK_23
#define NDK_24

struct IOUserNetworkMACAddress {
    uint8_t octet[6];
};

typedef uint32_t IOUserNetworkMediaType;
typedef uint32_t IOUserNetworkLinkStatus;
typedef uint32_t IOUserNetworkLinkQuality;
typedef IOUserNetworkMediaType MediaWord;
typedef IOUserNetworkLinkStatus LinkStatus;
typedef IOUserNetworkLinkQuality LinkQuality;
typedef uint32_t IOUserNetworkServiceClass;
typedef uint32_t IOUserNetworkPacketQueueId;

// The names are DriverKit's; of their numbers no public source tells, and these are what the kernel
// has for the same classes (xnu's MBUF_SC_…).
enum {
    kIOUserNetworkPacketServiceClassNone = -1,
    kIOUserNetworkPacketServiceClassBE = 0x00000000,
    kIOUserNetworkPacketServiceClassBKSYS = 0x00080090,
    kIOUserNetworkPacketServiceClassBK = 0x00100080,
    kIOUserNetworkPacketServiceClassRD = 0x00180010,
    kIOUserNetworkPacketServiceClassOAM = 0x00200020,
    kIOUserNetworkPacketServiceClassAV = 0x00280120,
    kIOUserNetworkPacketServiceClassRV = 0x00300110,
    kIOUserNetworkPacketServiceClassVI = 0x00380100,
    kIOUserNetworkPacketServiceClassVO = 0x00400180,
    kIOUserNetworkPacketServiceClassCTL = 0x00480190
};

enum {
    kIOUserNetworkLinkStatusInvalid = 0x00000000,
    kIOUserNetworkLinkStatusInactive = 0x00000001,
    kIOUserNetworkLinkStatusActive = 0x00000003,
    kIOUserNetworkLinkStatusWakeSameNet = 0x00000004
};

enum {
    kIOUserNetworkLinkQualityOff = -2,
    kIOUserNetworkLinkQualityUnknown = -1,
    kIOUserNetworkLinkQualityBad = 10,
    kIOUserNetworkLinkQualityPoor = 50,
    kIOUserNetworkLinkQualityGood = 100
};

enum {
    kIOUserNetworkMediaOptionFullDuplex = 0x00100000,
    kIOUserNetworkMediaOptionHalfDuplex = 0x00200000,
    kIOUserNetworkMediaOptionFlowControl = 0x00400000,
    kIOUserNetworkMediaOptionEEE = 0x00800000,
    kIOUserNetworkMediaOptionLoopback = 0x08000000
};

enum {
    kIOUserNetworkMediaEthernetAuto = 0x00000020,
    kIOUserNetworkMediaEthernetManual = 0x00000021,
    kIOUserNetworkMediaEthernetNone = 0x00000022,
    kIOUserNetworkMediaEthernet10BaseT = 0x00000023,
    kIOUserNetworkMediaEthernet10Base2 = 0x00000024,
    kIOUserNetworkMediaEthernet10Base5 = 0x00000025,
    kIOUserNetworkMediaEthernet100BaseTX = 0x00000026,
    kIOUserNetworkMediaEthernet100BaseFX = 0x00000027,
    kIOUserNetworkMediaEthernet100BaseT4 = 0x00000028,
    kIOUserNetworkMediaEthernet100BaseVG = 0x00000029,
    kIOUserNetworkMediaEthernet100BaseT2 = 0x0000002a,
    kIOUserNetworkMediaEthernet1000BaseSX = 0x0000002b,
    kIOUserNetworkMediaEthernet10BaseSTP = 0x0000002c,
    kIOUserNetworkMediaEthernet10BaseFL = 0x0000002d,
    kIOUserNetworkMediaEthernet1000BaseLX = 0x0000002e,
    kIOUserNetworkMediaEthernet1000BaseCX = 0x0000002f,
    kIOUserNetworkMediaEthernet1000BaseT = 0x00000030,
    kIOUserNetworkMediaEthernetHomePNA1 = 0x00000031,
    kIOUserNetworkMediaEthernet10GBaseSR = 0x00000032,
    kIOUserNetworkMediaEthernet10GBaseLR = 0x00000033,
    kIOUserNetworkMediaEthernet10GBaseCX4 = 0x00000034,
    kIOUserNetworkMediaEthernet10GBaseT = 0x00000035,
    kIOUserNetworkMediaEthernet2500BaseT = 0x00000036,
    kIOUserNetworkMediaEthernet5000BaseT = 0x00000037,
    kIOUserNetworkMediaEthernet1000BaseCX_SGMII = 0x00000038,
    kIOUserNetworkMediaEthernet1000BaseKX = 0x00000039,
    kIOUserNetworkMediaEthernet10GBaseKX4 = 0x0000003a,
    kIOUserNetworkMediaEthernet10GBaseKR = 0x0000003b,
    kIOUserNetworkMediaEthernet10GBaseCR1 = 0x0000003c,
    kIOUserNetworkMediaEthernet10GBaseER = 0x0000003d,
    kIOUserNetworkMediaEthernet20GBaseKR2 = 0x0000003e,
    kIOUserNetworkMediaEthernet25GBaseCR = 0x0000003f,
    kIOUserNetworkMediaEthernet25GBaseKR = 0x00000820,
    kIOUserNetworkMediaEthernet25GBaseSR = 0x00000821,
    kIOUserNetworkMediaEthernet25GBaseLR = 0x00000822,
    kIOUserNetworkMediaEthernet40GBaseCR4 = 0x00000823,
    kIOUserNetworkMediaEthernet40GBaseSR4 = 0x00000824,
    kIOUserNetworkMediaEthernet40GBaseLR4 = 0x00000825,
    kIOUserNetworkMediaEthernet40GBaseKR4 = 0x00000826,
    kIOUserNetworkMediaEthernet50GBaseCR2 = 0x00000827,
    kIOUserNetworkMediaEthernet50GBaseKR2 = 0x00000828,
    kIOUserNetworkMediaEthernet50GBaseSR2 = 0x00000829,
    kIOUserNetworkMediaEthernet50GBaseLR2 = 0x0000082a,
    kIOUserNetworkMediaEthernet56GBaseR4 = 0x0000082b,
    kIOUserNetworkMediaEthernet100GBaseCR4 = 0x0000082c,
    kIOUserNetworkMediaEthernet100GBaseSR4 = 0x0000082d,
    kIOUserNetworkMediaEthernet100GBaseKR4 = 0x0000082e,
    kIOUserNetworkMediaEthernet100GBaseLR4 = 0x0000082f,
    kIOUserNetworkMediaEthernetMask = 0x00000fff
};

enum {
    kIOUserNetworkHWAssistTxChecksumIPHdr = 0x00000001,
    kIOUserNetworkHWAssistTxChecksumTCP = 0x00000002,
    kIOUserNetworkHWAssistTxChecksumUDP = 0x00000004,
    kIOUserNetworkHWAssistSoftwareVlan = 0x00020000,
    kIOUserNetworkHWAssistTSO4 = 0x00200000,
    kIOUserNetworkHWAssistTSO6 = 0x00400000,
    kIOUserNetworkHWAssistHWTimeStamp = 0x01000000,
    kIOUserNetworkHWAssistSWTimeStamp = 0x02000000,
    kIOUserNetworkHWAssistWOMP = 0x04000000,
    kIOUserNetworkHWAssistNicProxy = 0x08000000,
    kIOUserNetworkHWAssistLRO = 0x10000000,
    kIOUserNetworkHWAssistRxChecksum = 0x20000000,
    kIOUserNetworkHWAssistLRONumSeg = 0x40000000
};

// The longest packets that the hardware divides, or the longest segments; it means what the driver
// says.
typedef struct {
    union {
        uint32_t tso_mtu4;
        uint32_t mss4;
    };
    union {
        uint32_t tso_mtu6;
        uint32_t mss6;
    };
    uint32_t reserved[14];
} IOUserNetworkTSOOptions;

typedef uint32_t IOUserNetworkPacketTxChecksumFlags;
enum {
    kIOUserNetworkPacketTxCsumIPHdr = 0x00000001,
    kIOUserNetworkPacketTxCsumTCPIPV4 = 0x00000002,
    kIOUserNetworkPacketTxCsumUDPIPV4 = 0x00000004,
    kIOUserNetworkPacketTxCsumTCPIPV6 = 0x00000020,
    kIOUserNetworkPacketTxCsumUDPIPV6 = 0x00000040,
    kIOUserNetworkPacketTxCsumPartial = 0x00001000,
    kIOUserNetworkPacketTxCsumZeroInvert = 0x00002000
};

typedef uint32_t IOUserNetworkPacketRxChecksumFlags;
enum {
    kIOUserNetworkPacketRxCsumIPChecked = 0x00000100,
    kIOUserNetworkPacketRxCsumIPValid = 0x00000200,
    kIOUserNetworkPacketRxCsumDataValid = 0x00000400,
    kIOUserNetworkPacketRxCsumPseudoHdr = 0x00000800
};

typedef uint32_t IOUserNetworkPacketLROFlags;
typedef uint32_t IOUserNetworkPacketTSOFlags;
enum { kIOUserNetworkPacketTSOIPV4 = 0x00100000, kIOUserNetworkPacketTSOIPV6 = 0x00200000 };

// What packets of an interface are tapped, and of which link.
#ifndef BPF_MODE_INPUT
#define BPF_MODE_DISABLED 0
#define BPF_MODE_INPUT 1
#define BPF_MODE_OUTPUT 2
#define BPF_MODE_INPUT_OUTPUT 3
#endif
#ifndef DLT_EN10MB
#define DLT_EN10MB 1
#endif

enum {
    kIOUserNetworkFeatureFlagSoftwareVlan = 0x00020000,
    kIOUserNetworkFeatureHWTimeStamp = 0x01000000,
    kIOUserNetworkFeatureSWTimeStamp = 0x02000000,
    kIOUserNetworkFeatureFlagWOMP = 0x04000000,
    kIOUserNetworkFeatureFlagNicProxy = 0x08000000
};

#endif
