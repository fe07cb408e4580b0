#include "Nic.h"

#include <DriverKit/IOLib.h>
#include <NetworkingDriverKit/NetworkingDriverKit.h>
#include <os/log.h>

#define SAY(format, ...) os_log(OS_LOG_DEFAULT, "nic: " format, ##__VA_ARGS__)

// Each kind of packet has its own queue of the framework; the lock is for what they share.
struct Nic_IVars {
    IOUserNetworkPacketBufferPool * txPool;
    IOUserNetworkPacketBufferPool * rxPool;
    IOUserNetworkTxSubmissionQueue * toSend;
    IOUserNetworkTxCompletionQueue * sent;
    IOUserNetworkRxSubmissionQueue * toFill;
    IOUserNetworkRxCompletionQueue * received;
    IOLock * lock;
    IOUserNetworkPacket * empty[4];
    IOUserNetworkPacket * filled;
    IOUserNetworkPacket * done;
    uint32_t empties;
};

bool Nic::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(Nic_IVars, 1);
    ivars->lock = IOLockAlloc();
    return true;
}

void Nic::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->toSend);
        OSSafeReleaseNULL(ivars->sent);
        OSSafeReleaseNULL(ivars->toFill);
        OSSafeReleaseNULL(ivars->received);
        OSSafeReleaseNULL(ivars->txPool);
        OSSafeReleaseNULL(ivars->rxPool);
        IOLockFreeZero(ivars->lock);
    }
    IOSafeDeleteNULL(ivars, Nic_IVars, 1);
    super::free();
}

static uint32_t TakeEmpty(OSObject * target, IOUserNetworkPacketQueue *,
                          IOUserNetworkPacket ** packets, uint32_t count, void *) {
    Nic_IVars & state = *static_cast<Nic *>(target)->ivars;
    uint32_t taken = 0;
    IOLockLock(state.lock);
    while (taken < count && state.empties < 4) {
        state.empty[state.empties++] = packets[taken++];
    }
    const bool full = state.empties == 4;
    IOLockUnlock(state.lock);
    if (full) {
        state.toSend->requestDequeue(); // frames wait for a packet to be received in
    }
    return taken;
}

static uint32_t Room(OSObject * target, IOUserNetworkPacketQueue *, uint32_t * bytes) {
    Nic_IVars & state = *static_cast<Nic *>(target)->ivars;
    IOLockLock(state.lock);
    const uint32_t room = state.empties > 0 && state.done == nullptr ? 1 : 0;
    IOLockUnlock(state.lock);
    *bytes = room * 2048;
    return room;
}

// What a packet is marked with: nothing at first, then what the driver has set.
static void Mark(IOUserNetworkPacket * packet) {
    uint64_t stamp = 5;
    uint16_t tag = 5, start = 5, stuff = 5, size = 5;
    uint32_t flags = 5;
    SAY("tag %d, stamp 0x%x, expires 0x%x", packet->getVlanTag(&tag), packet->getTimestamp(&stamp),
        packet->getExpiryTime(&stamp));
    packet->setVlanTag(0);
    packet->setTimestamp(77);
    const bool tagged = packet->getVlanTag(&tag);
    const kern_return_t stamped = packet->getTimestamp(&stamp);
    SAY("tag %d %u, stamp 0x%x %llu", tagged, tag, stamped, stamp);
    packet->clearTimestamp();
    packet->getTxChecksumInfo(&flags, &start, &stuff);
    packet->getTSOInfo(&size, &flags);
    SAY("cleared 0x%x, checksum %u at %u and %u, segments %u", packet->getTimestamp(&stamp), flags,
        start, stuff, size);
    const bool before = packet->isLinkMulticast();
    packet->setIsLinkMulticast(true);
    SAY("multicast %d %d, offset 0x%x 0x%x %zu", before, packet->isLinkMulticast(),
        packet->setDataOff(70000), packet->setDataOffAndLen(0, 3000), packet->getDataOff());
}

// The wire: one frame from a packet to be sent to one that is received.
static uint32_t Transmit(OSObject * target, IOUserNetworkPacketQueue *,
                         IOUserNetworkPacket ** packets, uint32_t count, void * refCon) {
    Nic_IVars & state = *static_cast<Nic *>(target)->ivars;
    const auto * const frame =
        reinterpret_cast<const uint8_t *>(packets[0]->getDataVirtualAddress()) +
        packets[0]->getDataOffset();
    SAY("frame of %u bytes at %u from %02x:%02x, broadcast %d, %u at a time, with %u",
        packets[0]->getDataLength(), packets[0]->getDataOffset(), frame[6], frame[11],
        packets[0]->isLinkBroadcast(), count, *static_cast<const uint32_t *>(refCon));
    Mark(packets[0]);
    IOLockLock(state.lock);
    IOUserNetworkPacket * const packet = state.empty[--state.empties];
    packet->prepareWithQueue(state.toFill, kIOUserNetworkPacketDirectionRx);
    memcpy(reinterpret_cast<void *>(packet->getDataVirtualAddress()), frame,
           packets[0]->getDataLength());
    packet->setDataOffsetAndLength(0, packets[0]->getDataLength());
    packet->setLinkHeaderLength(ETHER_HDR_LEN);
    packet->setRxChecksumInfo(kIOUserNetworkPacketRxCsumDataValid, 0xffff);
    packet->setCompletionStatus(kIOReturnSuccess);
    state.filled = packet;
    state.done = packets[0];
    IOLockUnlock(state.lock);
    state.received->requestEnqueue();
    state.sent->requestEnqueue();
    return 1;
}

static uint32_t HandOver(Nic_IVars & state, IOUserNetworkPacket *& from,
                         IOUserNetworkPacket ** packets) {
    IOLockLock(state.lock);
    packets[0] = from;
    from = nullptr;
    IOLockUnlock(state.lock);
    return packets[0] == nullptr ? 0 : 1;
}

static uint32_t GiveSent(OSObject * target, IOUserNetworkPacketQueue *,
                         IOUserNetworkPacket ** packets, uint32_t, void *) {
    Nic_IVars & state = *static_cast<Nic *>(target)->ivars;
    return HandOver(state, state.done, packets);
}

static uint32_t GiveReceived(OSObject * target, IOUserNetworkPacketQueue *,
                             IOUserNetworkPacket ** packets, uint32_t, void *) {
    Nic_IVars & state = *static_cast<Nic *>(target)->ivars;
    return HandOver(state, state.filled, packets);
}

static kern_return_t MakePool(IOService * owner, IOUserNetworkPacketBufferPool ** pool,
                              uint32_t flags = PoolFlagMapToDext | PoolFlagMapToDevice) {
    IOUserNetworkPacketBufferPoolOptions options = {};
    options.packetCount = options.bufferCount = 8;
    options.bufferSize = 2048;
    options.maxBuffersPerPacket = 1;
    options.poolFlags = flags;
    return IOUserNetworkPacketBufferPool::CreateWithOptions(owner, "Nic", &options, pool);
}

// A pool without an owner, which the driver may not look into: addresses are places in the pool.
static void TryUnmapped() {
    IOUserNetworkPacketBufferPool * pool = nullptr;
    IOUserNetworkPacket * packet = nullptr;
    if (MakePool(nullptr, &pool, 0) == kIOReturnSuccess &&
        pool->allocatePacket(&packet, kIOUserNetworkNonBlocking) == kIOReturnSuccess) {
        SAY("not mapped %d", packet->getDataVirtualAddress() == packet->getMemorySegmentOffset());
    }
    OSSafeReleaseNULL(pool);
}

kern_return_t Nic::MakeQueues() {
    static const uint32_t kContext = 7;
    if (MakePool(this, &ivars->txPool) != kIOReturnSuccess ||
        MakePool(this, &ivars->rxPool) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    TryUnmapped();
    SAY("without functions %d",
        IOUserNetworkTxCompletionQueue::withPool(ivars->txPool, 4, 0, this, nullptr) != nullptr);
    ivars->toSend = IOUserNetworkTxSubmissionQueue::withPool(
        ivars->txPool, 4, 0, this, Room, Transmit, const_cast<uint32_t *>(&kContext));
    ivars->sent = IOUserNetworkTxCompletionQueue::withPool(ivars->txPool, 4, 0, this, GiveSent);
    ivars->toFill =
        IOUserNetworkRxSubmissionQueue::withPool(ivars->rxPool, 8, 8, 1, this, TakeEmpty);
    ivars->received =
        IOUserNetworkRxCompletionQueue::withPool(ivars->rxPool, 4, 1, this, GiveReceived);
    return ivars->toSend && ivars->sent && ivars->toFill && ivars->received ? kIOReturnSuccess
                                                                            : kIOReturnNoMemory;
}

kern_return_t Nic::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        status = MakeQueues();
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    SAY("no name yet %d", *getBSDName() == 0);
    SAY("dequeue before it is enabled 0x%x", ivars->toSend->requestDequeue());
    IOUserNetworkPacketQueue * queues[] = {ivars->toSend, ivars->sent, ivars->toFill,
                                           ivars->received};
    status = registerEthernetInterface(queues, 4, ivars->txPool, ivars->rxPool);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

bool Nic::start(IOService * provider) {
    SAY("start %d", super::start(provider) && provider != nullptr);
    return true;
}

void Nic::stop(IOService * provider) {
    SAY("stop");
    super::stop(provider);
}

kern_return_t Nic::getHardwareAddress(ether_addr_t * address) {
    const uint8_t octets[] = {2, 0, 0, 0, 0, 9};
    memcpy(address->octet, octets, sizeof octets);
    return kIOReturnSuccess;
}

uint16_t Nic::getTxDataOffset() {
    return 8;
}

kern_return_t Nic::getSupportedMediaArray(MediaWord * mediaArray, uint32_t * mediaCount) {
    SAY("media wanted, %u so far", *mediaCount);
    mediaArray[0] = kIOUserNetworkMediaEthernetAuto;
    mediaArray[1] = kIOUserNetworkMediaEthernet2500BaseT;
    *mediaCount = 2;
    return kIOReturnSuccess;
}

MediaWord Nic::getInitialMedia() {
    return kIOUserNetworkMediaEthernet2500BaseT;
}

kern_return_t Nic::handleChosenMedia(MediaWord chosenMedia) {
    SAY("media 0x%x", chosenMedia);
    return kIOReturnSuccess;
}

kern_return_t Nic::setInterfaceEnable(bool enable) {
    const kern_return_t status = super::setInterfaceEnable(enable);
    SAY("enable %d: 0x%x, name %{public}s", enable, status, getBSDName());
    reportLinkStatus(enable ? kIOUserNetworkLinkStatusActive : kIOUserNetworkLinkStatusInactive,
                     kIOUserNetworkMediaEthernet2500BaseT);
    return kIOReturnSuccess;
}

kern_return_t Nic::setPromiscuousModeEnable(bool) {
    return kIOReturnSuccess;
}

kern_return_t Nic::setMaxTransferUnit(uint32_t mtu) {
    SAY("mtu %u", mtu);
    return kIOReturnSuccess;
}

uint32_t Nic::getMaxTransferUnit() {
    return 1280;
}

kern_return_t Nic::setHardwareAssists(uint32_t hardwareAssists, uint32_t hardwareAssistsMask) {
    SAY("assists 0x%x of 0x%x", hardwareAssists, hardwareAssistsMask);
    return kIOReturnSuccess;
}

uint32_t Nic::getHardwareAssists() {
    return kIOUserNetworkHWAssistRxChecksum;
}

kern_return_t Nic::SetInterfaceEnable_Impl(bool) {
    return kIOReturnUnsupported; // what the base class passes on
}
kern_return_t Nic::SetPromiscuousModeEnable_Impl(bool) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::SetAllMulticastModeEnable_Impl(bool) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::SelectMediaType_Impl(IOUserNetworkMediaType) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::SetWakeOnMagicPacketEnable_Impl(bool) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::SetMTU_Impl(uint32_t) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::GetMaxTransferUnit_Impl(uint32_t *) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::SetHardwareAssists_Impl(uint32_t) {
    return kIOReturnUnsupported;
}
kern_return_t Nic::GetHardwareAssists_Impl(uint32_t *) {
    return kIOReturnUnsupported;
}
