// Look-ups in the kernel's tables, and their end.
#include "kernel.h"

#include "ipc/machine.h"
#include "processes.h"

namespace dextsim {

namespace {

void ping(Kernel & kernel, PortRef port, uint64_t notification) {
    if (Session * session = kernel.session(port.session)) {
        Writer body;
        body.u32(port.port).u8(static_cast<uint8_t>(PortMessageKind::Matching)).u64(notification);
        session->link->send(MessageType::PortMessage, body);
    }
}

} // namespace

Kernel::Kernel(Options chosen)
    : options(std::move(chosen)), machinePage(createMachine()),
      notifications(
          registry, [this](PortRef port, uint64_t id) { ping(*this, port, id); },
          [this](PortRef port, uint64_t id, uint64_t entry, uint32_t type, uint64_t argument) {
              if (Session * to = session(port.session)) {
                  Writer body;
                  body.u32(port.port).u8(static_cast<uint8_t>(PortMessageKind::Interest));
                  body.u64(id).u64(entry).u32(type).u64(argument);
                  to->link->send(MessageType::PortMessage, body);
              }
          }) {
    if (machinePage.valid()) {
        machine()->assumptions = options.assumptions;
    }
}

Kernel::~Kernel() {
    shuttingDown = true;
    endAllProcesses(*this);
}

Value granted(const Kernel & kernel, Value entitlements) {
    for (const std::string & denied : kernel.deniedEntitlements) {
        entitlements.entries().erase(denied);
    }
    return entitlements;
}

DextObject * Kernel::object(uint64_t id) {
    auto found = objects.find(id);
    return found == objects.end() ? nullptr : &found->second;
}

DextProcess * Kernel::process(uint32_t id) {
    auto found = processes.find(id);
    return found == processes.end() ? nullptr : found->second.get();
}

Session * Kernel::session(uint64_t id) {
    auto found = sessions.find(id);
    return found == sessions.end() ? nullptr : found->second.get();
}

DextProcess * Kernel::processOf(uint64_t id) {
    DextObject * found = object(id);
    DextProcess * host = found == nullptr ? nullptr : process(found->process);
    return host != nullptr && host->link ? host : nullptr;
}

} // namespace dextsim
