#include "NetCard.h"

#include <DriverKit/IOLib.h>
#include <NetworkingDriverKit/NetworkingDriverKit.h>
#include <os/log.h>

struct NetCard_IVars {
    IODispatchQueue * queue;
    IOUserNetworkPacketBufferPool * pool;
    IOUserNetworkTxSubmissionQueue * toSend;
    IOUserNetworkTxCompletionQueue * sent;
    IOUserNetworkRxSubmissionQueue * toFill;
    IOUserNetworkRxCompletionQueue * received;
    OSAction * action;
};

bool NetCard::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(NetCard_IVars, 1);
    return true;
}

void NetCard::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->action);
        OSSafeReleaseNULL(ivars->toSend);
        OSSafeReleaseNULL(ivars->sent);
        OSSafeReleaseNULL(ivars->toFill);
        OSSafeReleaseNULL(ivars->received);
        OSSafeReleaseNULL(ivars->pool);
        OSSafeReleaseNULL(ivars->queue);
    }
    IOSafeDeleteNULL(ivars, NetCard_IVars, 1);
    super::free();
}

kern_return_t NetCard::MakeQueues() {
    IOUserNetworkPacketBufferPoolOptions options = {};
    options.packetCount = options.bufferCount = 4;
    options.bufferSize = 2048;
    options.maxBuffersPerPacket = 1;
    options.poolFlags = PoolFlagMapToDext;
    kern_return_t status =
        IOUserNetworkPacketBufferPool::CreateWithOptions(this, "NetCard", &options, &ivars->pool);
    auto ok = [&status] { return status == kIOReturnSuccess; };
    auto * const pool = ivars->pool;
    auto * const queue = ivars->queue;
    if (ok()) {
        status = IOUserNetworkTxSubmissionQueue::Create(pool, this, 4, 0, queue, &ivars->toSend);
    }
    if (ok()) {
        status = IOUserNetworkTxCompletionQueue::Create(pool, this, 4, 0, queue, &ivars->sent);
    }
    if (ok()) {
        status = IOUserNetworkRxSubmissionQueue::Create(pool, this, 4, 0, queue, &ivars->toFill);
    }
    return ok() ? IOUserNetworkRxCompletionQueue::Create(pool, this, 4, 0, queue, &ivars->received)
                : status;
}

kern_return_t NetCard::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        status = CopyDispatchQueue(kIOServiceDefaultQueueName, &ivars->queue);
    }
    if (status == kIOReturnSuccess) {
        status = MakeQueues();
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    IODataQueueDispatchSource * data = nullptr;
    ivars->toSend->CopyDataQueue(&data);
    CreateActionFramesToSend(0, &ivars->action);
    data->SetDataAvailableHandler(ivars->action);
    data->release();
    IOUserNetworkPacketQueue * queues[] = {ivars->received, ivars->toFill, ivars->sent,
                                           ivars->toSend};
    const IOUserNetworkMACAddress address = {{2, 0, 0, 0, 0, 7}};
    SetTxPacketHeadroom(16);
    os_log(OS_LOG_DEFAULT, "net: three queues 0x%x",
           RegisterEthernetInterface(address, ivars->pool, queues, 3));
    status = RegisterEthernetInterface(address, ivars->pool, queues, 4);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

// After the interface has come up, as a cable that is plugged in later.
static void FindLink(void * card) {
    static_cast<NetCard *>(card)->ReportLinkStatus(kIOUserNetworkLinkStatusActive,
                                                   kIOUserNetworkMediaEthernet1000BaseT);
}

kern_return_t NetCard::SetInterfaceEnable_Impl(bool isEnable) {
    IOUserNetworkPacketQueue * const queues[] = {ivars->received, ivars->toFill, ivars->sent,
                                                 ivars->toSend};
    for (IOUserNetworkPacketQueue * each : queues) {
        each->SetEnable(isEnable);
    }
    if (isEnable) {
        ivars->queue->DispatchAsync_f(this, FindLink);
    }
    return ReportLinkStatus(kIOUserNetworkLinkStatusInactive, kIOUserNetworkMediaEthernet1000BaseT);
}

void NetCard::FramesToSend_Impl(OSAction *) {
    IOUserNetworkPacket * packet = nullptr;
    while (ivars->toSend->DequeuePacket(&packet) == kIOReturnSuccess) {
        auto * const frame = reinterpret_cast<const uint8_t *>(packet->getDataVirtualAddress()) +
                             packet->getDataOffset();
        os_log(OS_LOG_DEFAULT, "net: %u bytes at %u, type %02x%02x", packet->getDataLength(),
               packet->getDataOffset(), frame[12], frame[13]);
        Receive(frame, packet->getDataLength());
        if (ivars->sent->EnqueuePacket(packet) != kIOReturnSuccess) {
            ivars->pool->DeallocatePacket(packet);
        }
    }
}

void NetCard::Receive(const uint8_t * frame, uint32_t length) {
    IOUserNetworkPacket * packet = nullptr;
    if (ivars->toFill->DequeuePacket(&packet) != kIOReturnSuccess) {
        return;
    }
    memcpy(reinterpret_cast<void *>(packet->getDataVirtualAddress()), frame, length);
    os_log(OS_LOG_DEFAULT, "net: too long 0x%x", packet->setDataLength(2049));
    packet->setDataOffsetAndLength(0, length);
    ivars->received->EnqueuePacket(packet);
}

kern_return_t NetCard::SetPromiscuousModeEnable_Impl(bool) {
    return kIOReturnSuccess;
}
kern_return_t NetCard::SetAllMulticastModeEnable_Impl(bool) {
    return kIOReturnSuccess;
}
kern_return_t NetCard::SelectMediaType_Impl(IOUserNetworkMediaType) {
    return kIOReturnSuccess;
}
kern_return_t NetCard::SetWakeOnMagicPacketEnable_Impl(bool) {
    return kIOReturnSuccess;
}
kern_return_t NetCard::SetMTU_Impl(uint32_t mtu) {
    os_log(OS_LOG_DEFAULT, "net: mtu %u", mtu);
    return kIOReturnSuccess;
}
kern_return_t NetCard::GetMaxTransferUnit_Impl(uint32_t * mtu) {
    *mtu = 1400;
    return kIOReturnSuccess;
}
kern_return_t NetCard::SetHardwareAssists_Impl(uint32_t) {
    return kIOReturnSuccess;
}
kern_return_t NetCard::GetHardwareAssists_Impl(uint32_t * hardwareAssists) {
    *hardwareAssists = 0;
    return kIOReturnSuccess;
}
