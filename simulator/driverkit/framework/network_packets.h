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
    uint64_t address;                     // in this process, whether the driver may know it or not
    bool mapped;                          // PoolFlagMapToDext
    uint32_t size;                        // of the buffer
    uint32_t index;
    uint32_t length;
    uint16_t offset;
    uint8_t headroom;
    uint8_t linkHeader;
    IOReturn status; // of its completion
    IOUserNetworkPacketRxChecksumFlags checked;
    uint16_t checksum;
    uint16_t vlanTag;
    uint64_t timestamp;
    bool stamped, tagged, multicast; // multicast: as the driver has said
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
    // Of a queue that calls the driver's functions (withPool):
    IODispatchQueue * worker = nullptr;
    OSObject * target = nullptr; // not retained: the driver holds the queue
    void * refCon = nullptr;
    DequeueAction dequeue = nullptr;
    QueryFreeSpaceAction freeSpace = nullptr;
    EnqueueAction enqueue = nullptr;
};

// What the kinds of queue have in common.
struct QueuePlan {
    IOUserNetworkPacketBufferPool * pool;
    uint32_t capacity;
    IODispatchQueue * dispatchQueue;
    IOUserNetworkPacketDirection direction;
};
kern_return_t setUpQueue(IOUserNetworkPacketQueue * queue, const QueuePlan & plan);

#endif
