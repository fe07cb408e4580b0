// The functions of an Ethernet interface since DriverKit 21, as they are when the driver does not
// override them: each asks the older function, which the driver has to have.
#include "network_interface.h"

#include <cstring>

kern_return_t IOUserNetworkEthernet::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess && !start(provider) ? kIOReturnError : status;
}

kern_return_t IOUserNetworkEthernet::Stop_Impl(IOService_Stop_Args) {
    stop(provider);
    return Stop(provider, SUPERDISPATCH);
}

bool IOUserNetworkEthernet::start(IOService *) {
    return true;
}

void IOUserNetworkEthernet::stop(IOService *) {}

kern_return_t IOUserNetworkEthernet::setPowerState(unsigned long, IOService *) {
    return kIOReturnSuccess;
}

const char * IOUserNetworkEthernet::getBSDName() const {
    return ivars->name.data();
}

kern_return_t
IOUserNetworkEthernet::registerEthernetInterface(IOUserNetworkPacketQueue ** queues, uint32_t count,
                                                 IOUserNetworkPacketBufferPool * txPool,
                                                 IOUserNetworkPacketBufferPool * rxPool) {
    ether_addr_t address{};
    const kern_return_t status = getHardwareAddress(&address);
    return status == kIOReturnSuccess
               ? registerEthernetInterface(address, queues, count, txPool, rxPool)
               : status;
}

kern_return_t IOUserNetworkEthernet::reportLinkStatus(LinkStatus linkStatus,
                                                      MediaWord activeMedia) {
    return ReportLinkStatus(linkStatus, activeMedia);
}

kern_return_t IOUserNetworkEthernet::reportLinkQuality(LinkQuality linkQuality) {
    return ReportLinkQuality(linkQuality);
}

kern_return_t IOUserNetworkEthernet::reportDataBandwidths(uint64_t maxInput, uint64_t maxOutput,
                                                          uint64_t effectiveInput,
                                                          uint64_t effectiveOutput) {
    return ReportDataBandwidths(maxInput, maxOutput, effectiveInput, effectiveOutput);
}

kern_return_t IOUserNetworkEthernet::getSupportedMediaArray(MediaWord *, uint32_t *) {
    return kIOReturnUnsupported;
}

MediaWord IOUserNetworkEthernet::getInitialMedia() {
    return kIOUserNetworkMediaEthernetAuto;
}

kern_return_t IOUserNetworkEthernet::handleChosenMedia(MediaWord chosenMedia) {
    return SelectMediaType(chosenMedia);
}

kern_return_t IOUserNetworkEthernet::setInterfaceEnable(bool enable) {
    if (ivars->txPool != nullptr) {
        ivars->toSend->setEnable(enable);
        ivars->sent->setEnable(enable);
        ivars->toFill->setEnable(enable);
        ivars->received->setEnable(enable);
    }
    return SetInterfaceEnable(enable);
}

kern_return_t IOUserNetworkEthernet::setPromiscuousModeEnable(bool enable) {
    return SetPromiscuousModeEnable(enable);
}

kern_return_t IOUserNetworkEthernet::setAllMulticastModeEnable(bool enable) {
    return SetAllMulticastModeEnable(enable);
}

kern_return_t IOUserNetworkEthernet::setMulticastAddresses(const ether_addr_t * addresses,
                                                           uint32_t count) {
    static_assert(sizeof(ether_addr_t) == sizeof(IOUserNetworkMACAddress));
    return SetMulticastAddresses(reinterpret_cast<const IOUserNetworkMACAddress *>(addresses),
                                 count);
}

kern_return_t IOUserNetworkEthernet::setMaxTransferUnit(uint32_t mtu) {
    return SetMTU(mtu);
}

uint32_t IOUserNetworkEthernet::getMaxTransferUnit() {
    uint32_t mtu = 0;
    return GetMaxTransferUnit(&mtu) == kIOReturnSuccess && mtu != 0 ? mtu : ETHERMTU;
}

kern_return_t IOUserNetworkEthernet::setHardwareAssists(uint32_t hardwareAssists) {
    return SetHardwareAssists(hardwareAssists);
}

kern_return_t IOUserNetworkEthernet::setHardwareAssists(uint32_t hardwareAssists, uint32_t mask) {
    return setHardwareAssists(hardwareAssists & mask);
}

uint32_t IOUserNetworkEthernet::getHardwareAssists() {
    uint32_t assists = 0;
    return GetHardwareAssists(&assists) == kIOReturnSuccess ? assists : 0;
}

uint32_t IOUserNetworkEthernet::getFeatureFlags() {
    return 0;
}

kern_return_t IOUserNetworkEthernet::getTSOOptions(IOUserNetworkTSOOptions *) {
    return kIOReturnUnsupported;
}

kern_return_t IOUserNetworkEthernet::getHardwareAddress(ether_addr_t * address) {
    memcpy(address->octet, ivars->address.data(), sizeof address->octet);
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::setHardwareAddress(ether_addr_t *) {
    return kIOReturnUnsupported;
}

uint32_t IOUserNetworkEthernet::getInterfaceSubFamily() {
    return 0;
}

const char * IOUserNetworkEthernet::getBSDNamePrefix() {
    return "en";
}

int32_t IOUserNetworkEthernet::getBSDUnitNumber() {
    return -1;
}

uint16_t IOUserNetworkEthernet::getTxDataOffset() {
    return 0;
}

kern_return_t IOUserNetworkEthernet::bpfAttach(uint32_t, uint32_t) {
    return kIOReturnSuccess;
}

int IOUserNetworkEthernet::bpfTap(uint32_t, uint32_t) {
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::bpfTapInputPacket(uint32_t, IOUserNetworkPacket *, void *,
                                                       size_t) {
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkEthernet::bpfTapOutputPacket(uint32_t, IOUserNetworkPacket *, void *,
                                                        size_t) {
    return kIOReturnSuccess;
}
