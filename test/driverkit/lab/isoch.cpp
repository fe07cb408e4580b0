// Isochronous transfers and bundles over a ring of memory (contract §10.2).
#include "lab.h"

static kern_return_t buffer(uint64_t size, uint8_t value, IOBufferMemoryDescriptor ** made,
                            void ** bytes) {
    IOAddressSegment range = {};
    kern_return_t status = IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, size, 0, made);
    if (status == kIOReturnSuccess) {
        status = (*made)->GetAddressRange(&range);
        *bytes = reinterpret_cast<void *>(range.address);
        memset(*bytes, value, size);
    }
    return status;
}

// in: endpoint, frames, bytes of each, first frame, whether to wait. Frame n is filled with n + 1.
// The data becomes the lab's memory, the frame list its map.
kern_return_t labIsoch(const LabCall & call) {
    const uint64_t count = call.in(1);
    const auto each = static_cast<uint32_t>(call.in(2));
    IOBufferMemoryDescriptor * data = nullptr;
    IOBufferMemoryDescriptor * list = nullptr;
    void * bytes = nullptr;
    void * frames = nullptr;
    IOUSBHostPipe * pipe = nullptr;
    OSAction * done = nullptr;
    kern_return_t status = buffer(count * each + 1, 0, &data, &bytes);
    if (status == kIOReturnSuccess) {
        status = buffer(count * sizeof(IOUSBIsochronousFrame) + (count == 0), 0, &list, &frames);
    }
    for (uint64_t i = 0; i < count && status == kIOReturnSuccess; i++) {
        static_cast<IOUSBIsochronousFrame *>(frames)[i].requestCount = each;
        memset(static_cast<uint8_t *>(bytes) + i * each, static_cast<int>(i + 1), each);
    }
    if (status == kIOReturnSuccess) {
        status = call.state().interface->CopyPipe(static_cast<uint8_t>(call.in(0)), &pipe);
    }
    if (status == kIOReturnSuccess && call.in(4) == 0) {
        status = call.driver->CreateActionIsochDone(0, &done);
    }
    if (status == kIOReturnSuccess) {
        status = pipe->IsochIO(data, list, call.in(3), done);
    }
    OSSafeReleaseNULL(call.state().memory);
    OSSafeReleaseNULL(call.state().map);
    call.state().memory = data;
    if (list != nullptr) {
        list->CreateMapping(0, 0, 0, 0, 0, &call.state().map);
        list->release();
    }
    OSSafeReleaseNULL(done);
    OSSafeReleaseNULL(pipe);
    return status;
}

void LabDriver::IsochDone_Impl(LabDriver_IsochDone_Args) {
    (void)action;
    labNote(*ivars, {status, 0, 0});
}

// in: which frame; out: its status, bytes and time, and the first byte of its data
kern_return_t labFrames(const LabCall & call) {
    const auto & frame =
        reinterpret_cast<IOUSBIsochronousFrame *>(call.state().map->GetAddress())[call.in(0)];
    IOMemoryMap * data = nullptr;
    const kern_return_t status = call.state().memory->CreateMapping(0, 0, 0, 0, 0, &data);
    if (status == kIOReturnSuccess) {
        call.out(0, static_cast<uint32_t>(frame.status));
        call.out(1, frame.completeCount);
        call.out(2, frame.timeStamp);
        call.out(3,
                 reinterpret_cast<uint8_t *>(data->GetAddress())[call.in(0) * frame.requestCount]);
        data->release();
    }
    return status;
}

// in: endpoint, places, bytes of each. Place n is filled with n + 1.
kern_return_t labMakeRing(const LabCall & call) {
    LabDriver_IVars & state = call.state();
    OSSafeReleaseNULL(state.ringPipe);
    kern_return_t status =
        state.interface->CopyPipe(static_cast<uint8_t>(call.in(0)), &state.ringPipe);
    if (status == kIOReturnSuccess) {
        status = state.ringPipe->CreateMemoryDescriptorRing(static_cast<uint32_t>(call.in(1)));
    }
    for (uint32_t i = 0; i < call.in(1) && status == kIOReturnSuccess; i++) {
        IOBufferMemoryDescriptor * place = nullptr;
        void * bytes = nullptr;
        status = buffer(call.in(2), static_cast<uint8_t>(i + 1), &place, &bytes);
        if (status == kIOReturnSuccess) {
            status = state.ringPipe->SetMemoryDescriptor(place, i);
            place->release();
        }
    }
    call.out(0, static_cast<uint32_t>(state.ringPipe == nullptr
                                          ? kIOReturnNotOpen
                                          : state.ringPipe->CreateMemoryDescriptorRing(4)));
    return status;
}

// in: first place, how many, bytes of each; out: how many were accepted
kern_return_t labBundle(const LabCall & call) {
    uint32_t lengths[kIOUSBHostPipeBundlingMax];
    for (uint32_t & length : lengths) {
        length = static_cast<uint32_t>(call.in(2));
    }
    OSAction * done = nullptr;
    uint32_t accepted = 0;
    kern_return_t status = call.driver->CreateActionBundleDone(0, &done);
    if (status == kIOReturnSuccess) {
        status = call.state().ringPipe->AsyncIOBundled(
            static_cast<uint32_t>(call.in(0)), static_cast<uint32_t>(call.in(1)), &accepted,
            lengths, static_cast<int>(call.in(1)), done, 0);
        done->release();
    }
    call.out(0, accepted);
    return status;
}

void LabDriver::BundleDone_Impl(LabDriver_BundleDone_Args) {
    (void)action;
    ivars->bundleCount++;
    for (uint32_t i = 0; i < ioCompletionCount; i++) {
        const bool both = static_cast<int>(i) < actualByteCountArrayCount &&
                          static_cast<int>(i) < statusArrayCount;
        labNote(*ivars, {both ? statusArray[i] : kIOReturnError, both ? actualByteCountArray[i] : 0,
                         ioCompletionIndex + i});
    }
}
