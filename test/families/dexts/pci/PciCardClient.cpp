#include "PciCardClient.h"

#include "PciCard.h"

#include <DriverKit/IODMACommand.h>
#include <DriverKit/IOEventLink.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOWorkGroup.h>
#include <DriverKit/OSString.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSData.h>
#include <PCIDriverKit/PCIDriverKit.h>

struct PciCardClient_IVars {
    PciCard * card;
    IOBufferMemoryDescriptor * buffer;
    IODMACommand * command;
};

bool PciCardClient::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(PciCardClient_IVars, 1);
    return ivars != nullptr;
}

void PciCardClient::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->command);
        OSSafeReleaseNULL(ivars->buffer);
        IOSafeDeleteNULL(ivars, PciCardClient_IVars, 1);
    }
    super::free();
}

kern_return_t IMPL(PciCardClient, Start) {
    const kern_return_t ret = Start(provider, SUPERDISPATCH);
    ivars->card = OSDynamicCast(PciCard, provider);
    return ivars->card == nullptr ? kIOReturnBadArgument : ret;
}

// 0 bar → index, size, type · 1 offset, width → value · 2 offset, width, value · 3 index, offset,
// width → value · 4 index, offset, width, value · 5 capability → offset · 6 bytes, direction, fill
// → address, length, segments, flags · 7 → bytes · 8 → bus, device, function
kern_return_t PciCardClient::ExternalMethod(uint64_t selector,
                                            IOUserClientMethodArguments * arguments,
                                            const IOUserClientMethodDispatch *, OSObject *,
                                            void *) {
    IOPCIDevice * const device = ivars->card->Device();
    const uint64_t * const in = arguments->scalarInput;
    uint64_t * const out = arguments->scalarOutput;
    switch (selector) {
    case 0: {
        uint8_t index = 0;
        uint8_t type = 0;
        const kern_return_t ret =
            device->GetBARInfo(static_cast<uint8_t>(in[0]), &index, &out[1], &type);
        out[0] = index;
        out[2] = type;
        return ret;
    }
    case 1: {
        uint32_t word = 0;
        uint16_t half = 0;
        uint8_t byte = 0;
        if (in[1] == 4) {
            device->ConfigurationRead32(in[0], &word);
        } else if (in[1] == 2) {
            device->ConfigurationRead16(in[0], &half);
        } else {
            device->ConfigurationRead8(in[0], &byte);
        }
        out[0] = in[1] == 4 ? word : in[1] == 2 ? half : byte;
        return kIOReturnSuccess;
    }
    case 2:
        if (in[1] == 4) {
            device->ConfigurationWrite32(in[0], static_cast<uint32_t>(in[2]));
        } else if (in[1] == 2) {
            device->ConfigurationWrite16(in[0], static_cast<uint16_t>(in[2]));
        } else {
            device->ConfigurationWrite8(in[0], static_cast<uint8_t>(in[2]));
        }
        return kIOReturnSuccess;
    case 3: {
        const auto index = static_cast<uint8_t>(in[0]);
        uint32_t word = 0;
        uint16_t half = 0;
        uint8_t byte = 0;
        if (in[2] == 8) {
            device->MemoryRead64(index, in[1], &out[0]);
        } else if (in[2] == 4) {
            device->MemoryRead32(index, in[1], &word);
            out[0] = word;
        } else if (in[2] == 2) {
            device->MemoryRead16(index, in[1], &half);
            out[0] = half;
        } else {
            device->MemoryRead8(index, in[1], &byte);
            out[0] = byte;
        }
        return kIOReturnSuccess;
    }
    case 4: {
        const auto index = static_cast<uint8_t>(in[0]);
        if (in[2] == 8) {
            device->MemoryWrite64(index, in[1], in[3]);
        } else if (in[2] == 4) {
            device->MemoryWrite32(index, in[1], static_cast<uint32_t>(in[3]));
        } else if (in[2] == 2) {
            device->MemoryWrite16(index, in[1], static_cast<uint16_t>(in[3]));
        } else {
            device->MemoryWrite8(index, in[1], static_cast<uint8_t>(in[3]));
        }
        return kIOReturnSuccess;
    }
    case 5:
        return device->FindPCICapability(static_cast<uint32_t>(in[0]), 0, &out[0]);
    case 6:
        return Prepare(arguments);
    case 7:
        return Complete(arguments);
    case 8: {
        uint8_t bus = 0;
        uint8_t number = 0;
        uint8_t function = 0;
        const kern_return_t ret = device->GetBusDeviceFunction(&bus, &number, &function);
        out[0] = bus;
        out[1] = number;
        out[2] = function;
        return ret;
    }
    case 9:
        return device->Reset(static_cast<IOOptionBits>(in[0]));
    case 10:
        return TryLinks(arguments);
    default:
        return kIOReturnUnsupported;
    }
}

// Out: creating one, another of its name, one after that is free again, one of too long a name;
// what a link says that no application has joined; the same of work groups; the size of a token.
kern_return_t PciCardClient::TryLinks(IOUserClientMethodArguments * arguments) {
    uint64_t * const out = arguments->scalarOutput;
    OSString * const name = OSString::withCString("link");
    OSString * const longName = OSString::withCString(
        "a name of more than sixty-four characters, which is the most that there can be");
    IOEventLink * link = nullptr;
    IOEventLink * other = nullptr;
    out[0] = static_cast<uint32_t>(IOEventLink::Create(name, this, &link));
    out[1] = static_cast<uint32_t>(IOEventLink::Create(name, this, &other));
    out[2] = static_cast<uint32_t>(link->Invalidate());
    out[3] = static_cast<uint32_t>(IOEventLink::Create(name, this, &other));
    out[4] = static_cast<uint32_t>(other->Signal());
    other->release(); // its name is free with it
    other = nullptr;
    out[5] = static_cast<uint32_t>(IOEventLink::Create(longName, this, &other));
    link->release();
    IOWorkGroup * group = nullptr;
    out[6] = static_cast<uint32_t>(IOWorkGroup::Create(name, this, &group));
    uint8_t token[64] = {};
    out[7] = static_cast<uint32_t>(group->Join(token));
    out[8] = group->GetTokenSize();
    group->release();
    IOWorkGroup * again = nullptr;
    out[9] = static_cast<uint32_t>(IOWorkGroup::Create(name, this, &again));
    OSSafeRelease(again);
    longName->release();
    name->release();
    return kIOReturnSuccess;
}

kern_return_t PciCardClient::Prepare(IOUserClientMethodArguments * arguments) {
    const uint64_t * const in = arguments->scalarInput;
    IOAddressSegment range{};
    IOAddressSegment segments[32]{};
    uint32_t count = 32;
    uint64_t flags = 0;
    const uint64_t bits = arguments->scalarInputCount > 3 ? in[3] : 64;
    const IODMACommandSpecification specification{
        .options = 0, .maxAddressBits = bits, ._resv = {}};
    kern_return_t ret = IOBufferMemoryDescriptor::Create(in[1], in[0], 0, &ivars->buffer);
    if (ret == kIOReturnSuccess) {
        ivars->buffer->GetAddressRange(&range);
        memset(reinterpret_cast<void *>(range.address), static_cast<int>(in[2]), range.length);
        ret = IODMACommand::Create(ivars->card->Device(), kIODMACommandCreateNoOptions,
                                   &specification, &ivars->command);
    }
    if (ret == kIOReturnSuccess) {
        ret = ivars->command->PrepareForDMA(kIODMACommandPrepareForDMANoOptions, ivars->buffer, 0,
                                            0, &flags, &count, segments);
    }
    arguments->scalarOutput[0] = segments[0].address;
    arguments->scalarOutput[1] = segments[0].length;
    arguments->scalarOutput[2] = count;
    arguments->scalarOutput[3] = flags;
    if (ret != kIOReturnSuccess) {
        OSSafeReleaseNULL(ivars->command);
        OSSafeReleaseNULL(ivars->buffer);
    }
    return ret;
}

kern_return_t PciCardClient::Complete(IOUserClientMethodArguments * arguments) {
    IOAddressSegment range{};
    ivars->buffer->GetAddressRange(&range);
    arguments->structureOutput =
        OSData::withBytes(reinterpret_cast<const void *>(range.address), range.length);
    const kern_return_t ret = ivars->command->CompleteDMA(kIODMACommandCompleteDMANoOptions);
    OSSafeReleaseNULL(ivars->command);
    OSSafeReleaseNULL(ivars->buffer);
    return ret;
}

kern_return_t IMPL(PciCardClient, CopyClientMemoryForType) {
    *options = 0;
    return ivars->card->Device()->_CopyDeviceMemoryWithIndex(type, memory, ivars->card);
}
