// Ethernet interfaces: what a driver reports becomes properties; the system's side, which on a Mac
// is the network stack, is played here in the driver's own process. Since DriverKit 21:
// network_interface.cpp.
#include "network_interface.h"

#include "../library/os_value.h"
#include "../runtime/families.h"
#include "../runtime/queues.h"

#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSNumber.h>
#include <NetworkingDriverKit/NetworkingDriverKit.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

using namespace dextsim;

namespace {

void publish(IOService * service, std::initializer_list<std::pair<const char *, uint64_t>> values) {
    OSDictionary * const properties = OSDictionary::withCapacity(4);
    for (const auto & [key, value] : values) {
        OSNumber * const number = OSNumber::withNumber(value, 64);
        properties->setObject(key, number);
        number->release();
    }
    service->SetProperties(properties);
    properties->release();
}

template <typename Queue>
void take(Queue *& place, IOUserNetworkPacketQueue * queue, const OSMetaClass * meta) {
    if (auto * const found = castTo<Queue>(queue, meta); found != nullptr && place == nullptr) {
        found->retain();
        place = found;
    }
}

// Of a pool that both directions share, half is there to send with.
bool mayTake(const IOUserNetworkEthernet_IVars & state) {
    IOUserNetworkPacketBufferPool_IVars & pool =
        *state.rxPool->IOUserNetworkPacketBufferPool::ivars;
    std::lock_guard lock(pool.lock);
    return pool.unused.size() > (state.rxPool == state.txPool ? pool.packets.size() / 2 : 0);
}

// The stack keeps the driver's supply of empty packets full.
void refill(IOUserNetworkEthernet_IVars & state) {
    IOUserNetworkPacket * packet = nullptr;
    while (mayTake(state) && state.rxPool->AllocatePacket(&packet) == kIOReturnSuccess) {
        if (state.toFill->EnqueuePacket(packet) != kIOReturnSuccess) {
            state.rxPool->DeallocatePacket(packet);
            return;
        }
    }
}

// An ARP request for 192.0.2.1, as a host that comes up sends one.
void announce(IOUserNetworkEthernet_IVars & state) {
    IOUserNetworkPacket * packet = nullptr;
    if (state.txPool->AllocatePacket(&packet) != kIOReturnSuccess) {
        return;
    }
    std::array<uint8_t, 60> frame{};
    frame.fill(0);
    std::fill_n(frame.begin(), 6, uint8_t{0xff});
    std::copy(state.address.begin(), state.address.end(), frame.begin() + 6);
    constexpr std::array<uint8_t, 10> kArp{8, 6, 0, 1, 8, 0, 6, 4, 0, 1};
    std::copy(kArp.begin(), kArp.end(), frame.begin() + 12);
    std::copy(state.address.begin(), state.address.end(), frame.begin() + 22);
    constexpr std::array<uint8_t, 4> kAsked{192, 0, 2, 1};
    std::copy(kAsked.begin(), kAsked.end(), frame.begin() + 38);
    if (packet->setDataOffsetAndLength(state.headroom, frame.size()) == kIOReturnSuccess) {
        packet->SetLinkHeaderLength(14);
        auto * const bytes =
            reinterpret_cast<uint8_t *>(packet->IOUserNetworkPacket::ivars->address);
        memcpy(bytes + packet->getDataOffset(), frame.data(), frame.size());
        if (state.toSend->EnqueuePacket(packet) == kIOReturnSuccess) {
            return;
        }
    }
    state.txPool->DeallocatePacket(packet);
}

// Each time that an enabled interface's link becomes active.
void linkChanged(IOUserNetworkEthernet_IVars & state, bool IOUserNetworkEthernet_IVars::*fact,
                 bool value) {
    bool begins;
    {
        std::lock_guard lock(state.linkLock);
        state.*fact = value;
        const bool there = state.active && state.up;
        begins = there && !state.announced;
        state.announced = there;
    }
    if (begins) {
        announce(state);
    }
}

} // namespace

bool IOUserNetworkEthernet::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserNetworkEthernet_IVars;
    return true;
}

void IOUserNetworkEthernet::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->returned);
        OSSafeRelease(ivars->toSend);
        OSSafeRelease(ivars->sent);
        OSSafeRelease(ivars->toFill);
        OSSafeRelease(ivars->received);
        OSSafeRelease(ivars->txPool);
        OSSafeRelease(ivars->rxPool);
        delete ivars;
        ivars = nullptr;
    }
    IOService::free();
}

kern_return_t IOUserNetworkEthernet::SetTxPacketHeadroom(uint16_t numBytes) {
    ivars->headroom = numBytes;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::SetTxPacketTailroom(uint16_t) {
    return kIOReturnSuccess; // buffers are longer than frames
}

kern_return_t IOUserNetworkEthernet::SetWakeOnMagicPacketSupport(bool isSupported) {
    publish(this, {{"WakeOnMagicPacketSupport", isSupported}});
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::SetSoftwareVlanSupport(bool isSupported) {
    publish(this, {{"SoftwareVlanSupport", isSupported}});
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::RegisterEthernetInterface(ether_addr_t macAddress,
                                                               IOUserNetworkPacketBufferPool * pool,
                                                               IOUserNetworkPacketQueue ** queues,
                                                               uint32_t count) {
    IOUserNetworkMACAddress address;
    memcpy(address.octet, macAddress.octet, sizeof address.octet);
    return RegisterEthernetInterface(address, pool, queues, count);
}

kern_return_t IOUserNetworkEthernet::RegisterEthernetInterface(IOUserNetworkMACAddress macAddress,
                                                               IOUserNetworkPacketBufferPool * pool,
                                                               IOUserNetworkPacketQueue ** queues,
                                                               uint32_t count) {
    ether_addr_t address;
    memcpy(address.octet, macAddress.octet, sizeof address.octet);
    return registerEthernetInterface(address, queues, count, pool, pool);
}

kern_return_t IOUserNetworkEthernet::registerEthernetInterface(
    ether_addr_t macAddress, IOUserNetworkPacketQueue ** queues, uint32_t count,
    IOUserNetworkPacketBufferPool * txPool, IOUserNetworkPacketBufferPool * rxPool) {
    if (txPool == nullptr || rxPool == nullptr || queues == nullptr || count != 4 ||
        ivars->txPool != nullptr) {
        return kIOReturnBadArgument;
    }
    for (uint32_t i = 0; i < count; ++i) {
        take(ivars->toSend, queues[i], OSTypeID(IOUserNetworkTxSubmissionQueue));
        take(ivars->sent, queues[i], OSTypeID(IOUserNetworkTxCompletionQueue));
        take(ivars->toFill, queues[i], OSTypeID(IOUserNetworkRxSubmissionQueue));
        take(ivars->received, queues[i], OSTypeID(IOUserNetworkRxCompletionQueue));
    }
    if (ivars->toSend == nullptr || ivars->sent == nullptr || ivars->toFill == nullptr ||
        ivars->received == nullptr) {
        return kIOReturnBadArgument;
    }
    txPool->retain();
    rxPool->retain();
    ivars->txPool = txPool;
    ivars->rxPool = rxPool;
    memcpy(ivars->address.data(), macAddress.octet, sizeof macAddress.octet);
    const kern_return_t status = CreateActionPacketsReturned(0, &ivars->returned);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->sent->IOUserNetworkPacketQueue::ivars->data->SetDataAvailableHandler(ivars->returned);
    ivars->received->IOUserNetworkPacketQueue::ivars->data->SetDataAvailableHandler(
        ivars->returned);
    const int32_t unit = getBSDUnitNumber();
    snprintf(ivars->name.data(), ivars->name.size(), "%s%d", getBSDNamePrefix(),
             unit < 0 ? 0 : unit);
    publish(this, {{"EthernetInterface", 1}});
    // Not before Start has returned: the driver's queue is busy with it.
    retain();
    runForObject(this, kIOServiceDefaultQueueName, [this] {
        bringUp();
        release();
    });
    return kIOReturnSuccess;
}

void IOUserNetworkEthernet::bringUp() {
    std::array<MediaWord, 256> media{};
    uint32_t count = 0; // how many there are, not how many there is room for
    if (getSupportedMediaArray(media.data(), &count) == kIOReturnSuccess) {
        publish(this, {{"AvailableMediaTypes", count}});
    }
    ether_addr_t address;
    if (getHardwareAddress(&address) == kIOReturnSuccess) {
        memcpy(ivars->address.data(), address.octet, sizeof address.octet);
    }
    ivars->headroom = std::max(ivars->headroom, getTxDataOffset());
    const uint32_t mtu = getMaxTransferUnit();
    const uint32_t assists = getHardwareAssists();
    setHardwareAssists(assists, assists);
    setMaxTransferUnit(mtu != 0 && mtu < ETHERMTU ? mtu : ETHERMTU);
    handleChosenMedia(getInitialMedia());
    if (setInterfaceEnable(true) != kIOReturnSuccess) {
        return;
    }
    refill(*ivars);
    linkChanged(*ivars, &IOUserNetworkEthernet_IVars::up, true);
}

void IOUserNetworkEthernet::PacketsReturned_Impl(IODataQueueDispatchSource_DataAvailable_Args) {
    static_cast<void>(action);
    IOUserNetworkPacket * packet = nullptr;
    while (ivars->sent->DequeuePacket(&packet) == kIOReturnSuccess) {
        ivars->packetsOut += 1;
        packet->getPacketBufferPool()->DeallocatePacket(packet);
    }
    while (ivars->received->DequeuePacket(&packet) == kIOReturnSuccess) {
        if (packet->IOUserNetworkPacket::ivars->status == kIOReturnSuccess) {
            ivars->packetsIn += 1;
            ivars->bytesIn += packet->getDataLength();
        } else {
            ivars->errorsIn += 1;
        }
        packet->getPacketBufferPool()->DeallocatePacket(packet);
    }
    refill(*ivars);
    publish(this, {{"PacketsOut", ivars->packetsOut},
                   {"PacketsIn", ivars->packetsIn},
                   {"BytesIn", ivars->bytesIn},
                   {"ErrorsIn", ivars->errorsIn}});
}

kern_return_t
IOUserNetworkEthernet::ReportLinkStatus_Impl(IOUserNetworkEthernet_ReportLinkStatus_Args) {
    publish(this, {{"LinkStatus", linkStatus}, {"ActiveMediaType", activeMediaType}});
    linkChanged(*ivars, &IOUserNetworkEthernet_IVars::active,
                linkStatus == kIOUserNetworkLinkStatusActive);
    return kIOReturnSuccess;
}

kern_return_t
IOUserNetworkEthernet::ReportLinkQuality_Impl(IOUserNetworkEthernet_ReportLinkQuality_Args) {
    publish(this, {{"LinkQuality", linkQuality}});
    return kIOReturnSuccess;
}

kern_return_t
IOUserNetworkEthernet::ReportDataBandwidths_Impl(IOUserNetworkEthernet_ReportDataBandwidths_Args) {
    publish(this, {{"MaxInputBandwidth", maxInputBandwidth},
                   {"MaxOutputBandwidth", maxOutputBandwidth},
                   {"EffectiveInputBandwidth", effectiveInputBandwidth},
                   {"EffectiveOutputBandwidth", effectiveOutputBandwidth}});
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::ReportAvailableMediaTypes(const IOUserNetworkMediaType * types,
                                                               uint32_t count) {
    if (types == nullptr || count == 0) {
        return kIOReturnBadArgument;
    }
    publish(this, {{"AvailableMediaTypes", count}});
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::SetMulticastAddresses_Impl(
    IOUserNetworkEthernet_SetMulticastAddresses_Args) {
    static_cast<void>(addresses);
    static_cast<void>(count);
    return kIOReturnUnsupported;
}

kern_return_t IOUserNetworkEthernet::SetPowerState_Impl(IOService_SetPowerState_Args) {
    setPowerState(powerFlags, this);
    return SetPowerState(powerFlags, SUPERDISPATCH);
}
