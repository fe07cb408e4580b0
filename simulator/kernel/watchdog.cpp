// See watchdog.h.
#include "watchdog.h"

namespace dextsim {

namespace {

std::string seconds(uint64_t milliseconds) {
    const uint64_t tenths = milliseconds / 100;
    const std::string whole = std::to_string(tenths / 10);
    return whole + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
}

std::string nameOf(const DextProcess * process) {
    return process == nullptr ? "a dext that is gone"
                              : process->serverName + " (pid " + std::to_string(process->pid) + ")";
}

const char * nameOf(LastingCall what) {
    switch (what) {
    case LastingCall::Close:
        return "IOServiceClose";
    case LastingCall::Map:
        return "IOConnectMapMemory64";
    case LastingCall::AddClient:
        return "IOConnectAddClient";
    case LastingCall::SetNotificationPort:
        return "IOConnectSetNotificationPort";
    default:
        return "IOConnectUnmapMemory64";
    }
}

} // namespace

void callLasts(Kernel & kernel, Session & session, Reader & reader) {
    const uint64_t connect = reader.u64();
    const auto what = static_cast<LastingCall>(reader.u8());
    const std::string selector = std::to_string(reader.u32());
    const std::string time = seconds(reader.u64());
    const Entry * entry = kernel.registry.find(connect);
    const std::string client = session.name + " (pid " + std::to_string(session.peer.process) + ")";
    const std::string userClient = entry == nullptr ? "a user client" : entry->name;
    const std::string method = nameOf(kernel.processOf(connect)) + ": " + userClient +
                               "::ExternalMethod (selector " + selector + ")";
    switch (what) {
    case LastingCall::Method:
        kernel.say(method + " has not returned for " + time + "; its caller in " + client +
                   " hangs until it does (contract §1.8)");
        return;
    case LastingCall::Returned:
        kernel.say(method + " has come to an end after " + time + "; " + client + " goes on");
        return;
    case LastingCall::Close:
    case LastingCall::Map:
    case LastingCall::Unmap:
    case LastingCall::AddClient:
    case LastingCall::SetNotificationPort:
        kernel.say(std::string(nameOf(what)) + " of " + client + " has been waiting for " + time +
                   " for the calls of " + userClient + " that are under way (contract §1.8)");
        return;
    }
}

std::function<void()> watchAnswer(Kernel & kernel, const DextProcess & process,
                                  const std::string & method, const std::string & consequence) {
    const unsigned limit = kernel.options.watchdogSeconds;
    if (limit == 0) {
        return [] {};
    }
    const std::string sentence = nameOf(&process) + ": " + method + " has not returned for " +
                                 std::to_string(limit) + " s; " + consequence;
    const Clock::TimerId timer = kernel.clock.after(std::chrono::seconds(limit),
                                                    [&kernel, sentence] { kernel.say(sentence); });
    return [&kernel, timer] { kernel.clock.cancel(timer); };
}

} // namespace dextsim
