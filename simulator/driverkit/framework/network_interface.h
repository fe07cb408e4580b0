// What an Ethernet interface holds; its older functions and its newer ones lie in files of their
// own.
#ifndef DEXTSIM_DRIVERKIT_NETWORK_INTERFACE_H
#define DEXTSIM_DRIVERKIT_NETWORK_INTERFACE_H

#include "network_packets.h"

#include <array>
#include <mutex>

struct IOUserNetworkEthernet_IVars {
    IOUserNetworkPacketBufferPool * txPool = nullptr; // retained, as are the other and the queues
    IOUserNetworkPacketBufferPool * rxPool = nullptr;
    IOUserNetworkTxSubmissionQueue * toSend = nullptr;
    IOUserNetworkTxCompletionQueue * sent = nullptr;
    IOUserNetworkRxSubmissionQueue * toFill = nullptr;
    IOUserNetworkRxCompletionQueue * received = nullptr;
    OSAction * returned = nullptr;
    std::array<uint8_t, ETHER_ADDR_LEN> address{};
    uint64_t packetsIn = 0, bytesIn = 0, packetsOut = 0, errorsIn = 0;
    uint16_t headroom = 0;
    std::array<char, 16> name{}; // as ifconfig has it
    // The link, as the driver last reported it; whether the interface is enabled, and whether the
    // host has said that it is there since both were so.
    std::mutex linkLock;
    bool active = false, up = false, announced = false;
};

#endif
