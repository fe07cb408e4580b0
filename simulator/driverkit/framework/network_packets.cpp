// See network_packets.h.
#include "network_packets.h"

#include <algorithm>
#include <cstring>

bool IOUserNetworkPacket::init() {
    ivars = new IOUserNetworkPacket_IVars{};
    return OSObject::init();
}

void IOUserNetworkPacket::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

kern_return_t IOUserNetworkPacket::SetDataLength(uint32_t length) {
    return setDataLength(length);
}

kern_return_t IOUserNetworkPacket::GetDataLength(uint32_t * length) const {
    *length = ivars->length;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::SetDataOffset(uint16_t offset) {
    return setDataOffset(offset);
}

kern_return_t IOUserNetworkPacket::GetDataOffset(uint16_t * offset) const {
    *offset = ivars->offset;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::SetHeadroom(uint8_t headroom) {
    ivars->headroom = headroom;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::GetHeadroom(uint8_t * headroom) const {
    *headroom = ivars->headroom;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::SetLinkHeaderLength(uint8_t length) {
    ivars->linkHeader = length;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::GetLinkHeaderLength(uint8_t * length) const {
    *length = ivars->linkHeader;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::GetMemorySegmentOffset(uint64_t * offset) const {
    *offset = ivars->segmentOffset;
    return kIOReturnSuccess;
}

kern_return_t
IOUserNetworkPacket::GetPacketBufferPool(IOUserNetworkPacketBufferPool ** pool) const {
    *pool = ivars->pool;
    return kIOReturnSuccess;
}

// Of a pool that is not mapped for the driver there is only the place in the pool.
uint64_t IOUserNetworkPacket::getDataVirtualAddress() const {
    return ivars->mapped ? ivars->address : ivars->segmentOffset;
}

// Nothing translates addresses of packets here.
uint64_t IOUserNetworkPacket::getDataIOVirtualAddress() const {
    return ivars->address;
}

IOUserNetworkPacketBufferPool * IOUserNetworkPacket::getPacketBufferPool() const {
    return ivars->pool;
}

uint64_t IOUserNetworkPacket::getMemorySegmentOffset() const {
    return ivars->segmentOffset;
}

kern_return_t IOUserNetworkPacket::setDataLength(uint32_t length) {
    return setDataOffsetAndLength(ivars->offset, length);
}

uint32_t IOUserNetworkPacket::getDataLength() const {
    return ivars->length;
}

kern_return_t IOUserNetworkPacket::setDataOffset(uint16_t offset) {
    if (offset > ivars->size) {
        return kIOReturnBadArgument;
    }
    ivars->offset = offset;
    return kIOReturnSuccess;
}

uint16_t IOUserNetworkPacket::getDataOffset() const {
    return ivars->offset;
}

kern_return_t IOUserNetworkPacket::setDataOffsetAndLength(uint16_t offset, uint32_t length) {
    if (uint64_t{offset} + length > ivars->size) {
        return kIOReturnBadArgument;
    }
    ivars->offset = offset;
    ivars->length = length;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::setLinkHeaderLength(uint8_t length) {
    return SetLinkHeaderLength(length);
}

uint8_t IOUserNetworkPacket::getLinkHeaderLength() const {
    return ivars->linkHeader;
}

kern_return_t IOUserNetworkPacket::prepareWithQueue(IOUserNetworkPacketQueue * queue,
                                                    IOUserNetworkPacketDirection direction) {
    if (queue == nullptr || queue->IOUserNetworkPacketQueue::ivars->direction != direction) {
        return kIOReturnBadArgument;
    }
    if (direction == kIOUserNetworkPacketDirectionRx) {
        ivars->length = 0;
        ivars->offset = 0;
    }
    return kIOReturnSuccess;
}

void IOUserNetworkPacket::setCompletionStatus(IOReturn status) {
    ivars->status = status;
}

kern_return_t IOUserNetworkPacket::setRxChecksumInfo(IOUserNetworkPacketRxChecksumFlags flags,
                                                     uint16_t value) {
    ivars->checked = flags;
    ivars->checksum = value;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::getRxChecksumInfo(IOUserNetworkPacketRxChecksumFlags * flags,
                                                     uint16_t * value) const {
    *flags = ivars->checked;
    *value = ivars->checksum;
    return kIOReturnSuccess;
}

IOUserNetworkPacketTxChecksumFlags IOUserNetworkPacket::getTxCsumFlags() const {
    return 0;
}

IOUserNetworkServiceClass IOUserNetworkPacket::getServiceClass() const {
    return 0;
}

uint16_t IOUserNetworkPacket::getMSS() const {
    return 0;
}

namespace {

// The first byte of the data, which is the destination's when they are a frame.
const uint8_t * frameOf(const IOUserNetworkPacket_IVars & packet) {
    return reinterpret_cast<const uint8_t *>(packet.address) + packet.offset;
}

} // namespace

bool IOUserNetworkPacket::isLinkBroadcast() const {
    const uint8_t * const frame = frameOf(*ivars);
    return ivars->length >= ETHER_ADDR_LEN &&
           std::all_of(frame, frame + ETHER_ADDR_LEN, [](uint8_t each) { return each == 0xff; });
}

bool IOUserNetworkPacket::isLinkMulticast() const {
    return ivars->multicast ||
           (ivars->length >= ETHER_ADDR_LEN && (frameOf(*ivars)[0] & 1) != 0 && !isLinkBroadcast());
}

// ── pools ──

bool IOUserNetworkPacketBufferPool::init() {
    ivars = new IOUserNetworkPacketBufferPool_IVars;
    return OSObject::init();
}

void IOUserNetworkPacketBufferPool::free() {
    if (ivars != nullptr) {
        for (IOUserNetworkPacket * packet : ivars->packets) {
            packet->release();
        }
        OSSafeRelease(ivars->memory);
        delete ivars;
        ivars = nullptr;
    }
    OSObject::free();
}

kern_return_t IOUserNetworkPacketBufferPool::Create(OSObject * owner, const char * name,
                                                    uint32_t packetCount, uint32_t bufferCount,
                                                    uint32_t bufferSize,
                                                    IOUserNetworkPacketBufferPool ** pool) {
    IOUserNetworkPacketBufferPoolOptions options{};
    options.packetCount = packetCount;
    options.bufferCount = bufferCount;
    options.bufferSize = bufferSize;
    options.maxBuffersPerPacket = 1;
    options.poolFlags = PoolFlagMapToDext;
    return CreateWithOptions(OSDynamicCast(IOService, owner), name, &options, pool);
}

namespace {

IOUserNetworkPacket * makePacket(IOUserNetworkPacketBufferPool * pool, uint32_t index,
                                 uint64_t base,
                                 const IOUserNetworkPacketBufferPoolOptions & options) {
    auto * const packet = OSTypeAlloc(IOUserNetworkPacket);
    packet->init();
    IOUserNetworkPacket_IVars & state = *packet->IOUserNetworkPacket::ivars;
    state.pool = pool;
    state.index = index;
    state.segmentOffset = uint64_t{index} * options.bufferSize;
    state.address = base + state.segmentOffset;
    state.mapped = (options.poolFlags & PoolFlagMapToDext) != 0;
    state.size = options.bufferSize;
    return packet;
}

} // namespace

kern_return_t IOUserNetworkPacketBufferPool::CreateWithOptions(
    IOService *, const char *, const IOUserNetworkPacketBufferPoolOptions * options,
    IOUserNetworkPacketBufferPool ** pool) {
    constexpr uint64_t kMost = UINT64_C(1) << 30;
    if (options == nullptr || pool == nullptr || options->packetCount == 0 ||
        options->bufferSize == 0 || uint64_t{options->packetCount} * options->bufferSize > kMost) {
        return kIOReturnBadArgument;
    }
    auto * const made = OSTypeAlloc(IOUserNetworkPacketBufferPool);
    IOAddressSegment range{};
    if (made == nullptr || !made->init() ||
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut,
                                         uint64_t{options->packetCount} * options->bufferSize, 0,
                                         &made->ivars->memory) != kIOReturnSuccess ||
        made->ivars->memory->GetAddressRange(&range) != kIOReturnSuccess) {
        OSSafeRelease(made);
        return kIOReturnNoMemory;
    }
    for (uint32_t i = 0; i < options->packetCount; ++i) {
        made->ivars->packets.push_back(makePacket(made, i, range.address, *options));
        made->ivars->unused.push_back(i);
    }
    made->ivars->used.assign(options->packetCount, false);
    *pool = made;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketBufferPool::AllocatePacket(IOUserNetworkPacket ** packet) {
    std::lock_guard lock(ivars->lock);
    if (ivars->unused.empty()) {
        return kIOReturnNoResources;
    }
    const uint32_t index = ivars->unused.back();
    ivars->unused.pop_back();
    ivars->used[index] = true;
    *packet = ivars->packets[index];
    IOUserNetworkPacket_IVars & state = *(*packet)->IOUserNetworkPacket::ivars;
    state.length = 0;
    state.offset = state.headroom = 0;
    state.linkHeader = 0;
    state.status = kIOReturnSuccess;
    state.checked = 0;
    state.checksum = state.vlanTag = 0;
    state.timestamp = 0;
    state.stamped = state.tagged = state.multicast = false;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketBufferPool::DeallocatePacket(IOUserNetworkPacket * packet) {
    if (packet == nullptr || packet->getPacketBufferPool() != this) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    const uint32_t index = packet->IOUserNetworkPacket::ivars->index;
    if (!ivars->used[index]) {
        return kIOReturnNotPermitted; // it is free already
    }
    ivars->used[index] = false;
    ivars->unused.push_back(index);
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketBufferPool::DeallocatePackets(IOUserNetworkPacket ** packets,
                                                               uint32_t count) {
    kern_return_t status = kIOReturnSuccess;
    for (uint32_t i = 0; i < count && status == kIOReturnSuccess; ++i) {
        status = DeallocatePacket(packets[i]);
    }
    return status;
}

kern_return_t IOUserNetworkPacketBufferPool::allocatePacket(IOUserNetworkPacket ** packet,
                                                            IOOptionBits) {
    return AllocatePacket(packet);
}

kern_return_t IOUserNetworkPacketBufferPool::deallocatePacket(IOUserNetworkPacket * packet) {
    return DeallocatePacket(packet);
}

kern_return_t IOUserNetworkPacketBufferPool::deallocatePackets(IOUserNetworkPacket ** packets,
                                                               uint32_t count) {
    return DeallocatePackets(packets, count);
}

kern_return_t IOUserNetworkPacketBufferPool::CopyMemoryDescriptor_Impl(
    IOUserNetworkPacketBufferPool_CopyMemoryDescriptor_Args) {
    ivars->memory->retain();
    *memory = ivars->memory;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketBufferPool::GetPacketCount_Impl(
    IOUserNetworkPacketBufferPool_GetPacketCount_Args) {
    *count = static_cast<uint32_t>(ivars->packets.size());
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketBufferPool::GetBufferCount_Impl(
    IOUserNetworkPacketBufferPool_GetBufferCount_Args) {
    *count = static_cast<uint32_t>(ivars->packets.size());
    return kIOReturnSuccess;
}
