// What a controller of the simulator asks: load, look inside, kill, end. Time, faults and recording
// are in machine_requests.cpp.
#include "ipc/os.h"
#include "kernel.h"
#include "processes.h"
#include "power.h"
#include "registry_tree.h"
#include "services.h"

#include <IOKit/IOReturn.h>

#include <csignal>
#include <unistd.h>

namespace dextsim {

namespace {

Value processList(Kernel & kernel) {
    Value::Array list;
    for (const auto & [id, process] : kernel.processes) {
        if (process->state == DextProcess::State::Retired) {
            continue;
        }
        Value::Array services;
        for (const auto & [entry, object] : kernel.objects) {
            if (object.process == id && object.service && !object.removed) {
                services.push_back(Value::number(entry));
            }
        }
        list.push_back(
            Value::dictionary({{"pid", Value::number(static_cast<uint64_t>(process->pid))},
                               {"name", Value::string(process->serverName)},
                               {"bundle", Value::string(process->bundle->identifier)},
                               {"services", Value::array(std::move(services))}}));
    }
    return Value::array(std::move(list));
}

// Everything that must be back to where it was when nothing is open.
Value counts(Kernel & kernel) {
    size_t clients = 0;
    size_t connections = 0;
    size_t actions = 0;
    for (const auto & [id, object] : kernel.objects) {
        if (object.client) {
            ++clients;
            connections += object.client->session != 0;
            actions += object.client->actions.size();
        }
    }
    Value result;
    auto put = [&](const char * name, size_t count) { result.put(name, Value::number(count)); };
    put("processes", kernel.processes.size());
    put("sessions", kernel.sessions.size());
    put("entries", kernel.registry.size());
    put("services", kernel.objects.size() - clients);
    put("userClients", clients);
    put("connections", connections);
    put("actions", actions);
    put("memory", kernel.memory.size());
    put("notifications", kernel.notifications.size());
    put("devices", kernel.usb.devices.size());
    put("pipes", kernel.usb.pipes.size());
    put("transfers", kernel.usb.transfers.size());
    put("pciDevices", kernel.families.pci.devices.size());
    put("dmaMappings", kernel.families.pci.mappings.size());
    put("hidDevices", kernel.families.hid.devices.size());
    put("hidRequests", kernel.families.hid.requests.size());
    put("scsiControllers", kernel.families.scsi.controllers.size());
    put("interruptSources", kernel.interrupts.sources.size());
    put("timers", kernel.clock.size());
    put("descriptors", countDescriptors());
    return result;
}

Value idList(const std::set<uint64_t> & ids) {
    Value::Array list;
    for (uint64_t id : ids) {
        list.push_back(Value::number(id));
    }
    return Value::array(std::move(list));
}

Value connectionList(const Session & session) {
    Value::Array list;
    for (const auto & [id, slot] : session.connections) {
        list.push_back(Value::number(id));
    }
    return Value::array(std::move(list));
}

Value sessionList(Kernel & kernel) {
    const char * const roles[] = {"", "client", "device", "control"};
    Value::Array list;
    list.push_back(Value::dictionary({{"role", Value::string("kernel")},
                                      {"pid", Value::number(static_cast<uint64_t>(getpid()))},
                                      {"name", Value::string("dextsim")},
                                      {"connections", Value::array()},
                                      {"devices", Value::array()}}));
    for (const auto & [id, session] : kernel.sessions) {
        if (session->greeted) {
            list.push_back(Value::dictionary(
                {{"role", Value::string(roles[static_cast<size_t>(session->role)])},
                 {"pid", Value::number(static_cast<uint64_t>(session->peer.process))},
                 {"name", Value::string(session->name)},
                 {"connections", connectionList(*session)},
                 {"devices", idList(session->devices)}}));
        }
    }
    return Value::array(std::move(list));
}

bool isCalled(Kernel & kernel, const DextProcess & process, const std::string & name) {
    if (name.empty() || process.serverName == name || process.bundle->identifier == name) {
        return true;
    }
    for (const auto & [entry, object] : kernel.objects) {
        const Entry * found = kernel.registry.find(entry);
        if (object.process == process.id && found != nullptr && found->name == name) {
            return true;
        }
    }
    return false;
}

uint32_t killDexts(Kernel & kernel, const std::string & name, uint32_t signal) {
    uint32_t count = 0;
    for (const auto & [id, process] : kernel.processes) {
        if (process->pid > 0 && process->state != DextProcess::State::Retired &&
            isCalled(kernel, *process, name)) {
            count += signalProcess(process->pid, static_cast<int>(signal));
        }
    }
    return count;
}

// Answered when every dext has come to rest, or is awake.
void changeSystemPower(Kernel & kernel, uint64_t id, uint64_t request, bool asleep) {
    setSystemPower(kernel, asleep, [&kernel, id, request](int32_t status, uint32_t told) {
        if (Session * asker = kernel.session(id)) {
            asker->link->reply(request, status, Writer().u32(told));
        }
    });
}

void followLog(Kernel & kernel, uint64_t id) {
    kernel.log.follow(id, [&kernel, id](const std::string & line, uint64_t time) {
        if (Session * follower = kernel.session(id)) {
            follower->link->send(MessageType::LogLine, Writer().string(line).u64(time));
        }
    });
}

} // namespace

void handleControl(Kernel & kernel, Session & session, Message & message) {
    Reader reader = message.reader();
    Writer body;
    int32_t status = kIOReturnSuccess;
    switch (message.type) {
    case MessageType::LoadDext:
    case MessageType::ReplaceDext: {
        std::string error;
        auto load = message.type == MessageType::LoadDext ? addBundle : replaceBundle;
        status = load(kernel, reader.string(), error) ? kIOReturnSuccess : kIOReturnError;
        body.string(error);
        break;
    }
    case MessageType::ListSessions:
        body.value(sessionList(kernel));
        break;
    case MessageType::ListProcesses:
        body.value(processList(kernel));
        break;
    case MessageType::ReadRegistry:
        body.value(registryTree(kernel, kernel.registry.root()));
        break;
    case MessageType::ReadCounts:
        body.value(counts(kernel));
        break;
    case MessageType::KillDext: {
        std::string name = reader.string();
        body.u32(killDexts(kernel, name, reader.u32()));
        break;
    }
    case MessageType::FollowLog:
        session.link->reply(message.id, status);
        return followLog(kernel, session.id);
    case MessageType::SystemPower:
        return changeSystemPower(kernel, session.id, message.id, reader.u8() != 0);
    case MessageType::Shutdown:
        kernel.loop.stop();
        break;
    default:
        handleMachine(kernel, session, message);
        return;
    }
    session.link->reply(message.id, status, body);
}

} // namespace dextsim
