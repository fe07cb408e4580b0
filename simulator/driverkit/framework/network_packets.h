// Packets and their pools, as the classes of NetworkingDriverKit share them.
#ifndef DEXTSIM_DRIVERKIT_NETWORK_PACKETS_H
#define DEXTSIM_DRIVERKIT_NETWORK_PACKETS_H

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <NetworkingDriverKit/NetworkingDriverKit.h>

#include <mutex>
#include <vector>

struct IOUserNetworkPacket_IVars {
    IOUserNetworkPacketBufferPool * pool; // not retained: the pool holds its packets
    uint64_t segmentOffset;               // of the buffer in the pool's memory
    uint64_t address;
    uint32_t size; // of the buffer
    uint32_t index;
    uint32_t length;
    uint16_t offset;
    uint8_t headroom;
    uint8_t linkHeader;
};

struct IOUserNetworkPacketBufferPool_IVars {
    IOBufferMemoryDescriptor * memory = nullptr;
    std::mutex lock;
    std::vector<IOUserNetworkPacket *> packets; // each retained
    std::vector<uint32_t> unused;
    std::vector<bool> used;
};

struct IOUserNetworkPacketQueue_IVars {
    IOUserNetworkPacketBufferPool * pool = nullptr; // retained
    IODataQueueDispatchSource * data = nullptr;
    std::mutex lock;
    std::vector<uint32_t> packets; // indices, oldest first
    uint32_t capacity = 0;
    IOUserNetworkPacketDirection direction = kIOUserNetworkPacketDirectionNone;
    bool enabled = false;
};

#endif
