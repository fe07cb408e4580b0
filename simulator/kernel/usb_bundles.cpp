// Bundles: several transfers for one message each way (contract §10.2).
#include "kernel.h"

namespace dextsim {

namespace {

// Tells the results that are there, in order; those behind one that is missing wait.
void tell(Kernel & kernel, uint64_t id) {
    auto found = kernel.usb.bundles.find(id);
    if (found == kernel.usb.bundles.end()) {
        return;
    }
    UsbBundle & bundle = found->second;
    bundle.telling = false;
    size_t end = bundle.told;
    while (end < bundle.results.size() && bundle.results[end].ended) {
        ++end;
    }
    if (end == bundle.told) {
        return;
    }
    const bool last = end == bundle.results.size();
    Writer body;
    body.u64(bundle.action).u32(static_cast<uint32_t>(bundle.told));
    body.u32(static_cast<uint32_t>(end - bundle.told));
    for (; bundle.told < end; ++bundle.told) {
        body.u32(bundle.results[bundle.told].bytes).i32(bundle.results[bundle.told].status);
    }
    DextProcess * process = kernel.process(bundle.process);
    if (process != nullptr && process->link) {
        process->link->send(MessageType::BundleComplete, body.u8(last ? 1 : 0));
    }
    if (last) {
        kernel.usb.bundles.erase(found);
    }
}

} // namespace

UsbBundle & openBundle(Kernel & kernel, uint32_t process, uint64_t action) {
    const uint64_t id = kernel.usb.nextBundle++;
    UsbBundle & bundle = kernel.usb.bundles[id];
    bundle.id = id;
    bundle.process = process;
    bundle.action = action;
    return bundle;
}

void endBundled(Kernel & kernel, const UsbTransfer & transfer, int32_t status, uint32_t bytes) {
    auto found = kernel.usb.bundles.find(transfer.bundle);
    if (found == kernel.usb.bundles.end()) {
        return;
    }
    UsbBundle & bundle = found->second;
    bundle.results[transfer.inBundle] = {true, bytes, status};
    // What else ends in this turn goes with it.
    if (!bundle.telling) {
        bundle.telling = true;
        kernel.loop.later([&kernel, id = bundle.id] { tell(kernel, id); });
    }
}

} // namespace dextsim
