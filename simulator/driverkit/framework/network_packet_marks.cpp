// What a packet is marked with besides its data: stamps, tags, checksums and segments. The system
// asks for none of them here, so a packet has what its driver has set.
#include "network_packets.h"

size_t IOUserNetworkPacket::getDataOff() const {
    return ivars->offset;
}

kern_return_t IOUserNetworkPacket::setDataOff(size_t offset) {
    return offset > UINT16_MAX ? kIOReturnBadArgument
                               : setDataOffset(static_cast<uint16_t>(offset));
}

kern_return_t IOUserNetworkPacket::setDataOffAndLen(size_t offset, size_t length) {
    return offset > UINT16_MAX || length > UINT32_MAX
               ? kIOReturnBadArgument
               : setDataOffsetAndLength(static_cast<uint16_t>(offset),
                                        static_cast<uint32_t>(length));
}

kern_return_t IOUserNetworkPacket::getTimestamp(uint64_t * timestamp) const {
    *timestamp = ivars->timestamp;
    return ivars->stamped ? kIOReturnSuccess : kIOReturnNotFound;
}

kern_return_t IOUserNetworkPacket::setTimestamp(uint64_t timestamp) {
    ivars->timestamp = timestamp;
    ivars->stamped = true;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::clearTimestamp() {
    ivars->timestamp = 0;
    ivars->stamped = false;
    return kIOReturnSuccess;
}

void IOUserNetworkPacket::setWakeFlag() {}

kern_return_t IOUserNetworkPacket::setLROInfo(IOUserNetworkPacketLROFlags, uint8_t) {
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::getTxChecksumInfo(IOUserNetworkPacketTxChecksumFlags * flags,
                                                     uint16_t * start, uint16_t * stuff) const {
    *flags = getTxCsumFlags();
    *start = *stuff = 0;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::getTSOInfo(uint16_t * segsz,
                                              IOUserNetworkPacketTSOFlags * flags) const {
    *segsz = getMSS();
    *flags = 0;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::getExpiryTime(uint64_t * time) const {
    *time = 0;
    return kIOReturnNotFound;
}

bool IOUserNetworkPacket::isTimestampRequested() const {
    return false;
}

bool IOUserNetworkPacket::isTransportTrafficBackground() const {
    return false;
}

bool IOUserNetworkPacket::isTransportTrafficRealtime() const {
    return false;
}

uint32_t IOUserNetworkPacket::getTraceID() const {
    return 0;
}

void IOUserNetworkPacket::traceEvent(uint32_t) const {}

bool IOUserNetworkPacket::getVlanTag(uint16_t * tag) const {
    *tag = ivars->vlanTag;
    return ivars->tagged;
}

kern_return_t IOUserNetworkPacket::setVlanTag(uint16_t tag) {
    ivars->vlanTag = tag;
    ivars->tagged = true;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacket::setIsLinkMulticast(bool isMulticast) {
    ivars->multicast = isMulticast;
    return kIOReturnSuccess;
}
