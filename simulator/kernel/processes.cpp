// See processes.h.
#include "processes.h"

#include "lifecycle.h"

#include "ipc/starved.h"

#include <IOKit/IOReturn.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace dextsim {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kDextFd = 3;
constexpr milliseconds kExitGrace = seconds(10); // sanitizers check for leaks at exit

// The bundle identifier's first two dotted components and the dot; "" when it has none behind them.
std::string organisationPrefix(const std::string & identifier) {
    size_t first = identifier.find('.');
    size_t second = first == std::string::npos ? first : identifier.find('.', first + 1);
    return second == std::string::npos ? "" : identifier.substr(0, second + 1);
}

bool mayShare(Kernel & kernel, const Placement & placement) {
    if (!placement.oneProcess) {
        return false;
    }
    std::string prefix = organisationPrefix(placement.bundle->identifier);
    if (!prefix.empty() && placement.serverName.starts_with(prefix)) {
        return true;
    }
    kernel.say("IOUserServerName " + placement.serverName +
               (prefix.empty() ? " shares no process, since the bundle identifier " +
                                     placement.bundle->identifier + " has less than three parts"
                               : " does not begin with " + prefix) +
               ": IOUserServerOneProcess is ignored");
    return false;
}

// Of that name, whether it was launched to be shared or not (contract §5.3).
DextProcess * runningProcess(Kernel & kernel, const Placement & placement) {
    for (auto & [id, process] : kernel.processes) {
        if (process->serverName == placement.serverName && !process->bundle->superseded &&
            process->state != DextProcess::State::Retired) {
            return process.get();
        }
    }
    return nullptr;
}

void announce(DextProcess & process, bool running) {
    auto waiting = std::move(process.waiting);
    process.waiting.clear();
    for (auto & ready : waiting) {
        ready(running);
    }
}

} // namespace

bool signalProcess(pid_t process, int signal) {
    return process > 0 && kill(process, signal) == 0;
}

namespace {

void killLate(Kernel & kernel, uint32_t id) {
    if (DextProcess * late = kernel.process(id)) {
        late->timer = 0;
        kernel.say("dext " + late->serverName + " did not exit and is killed");
        signalProcess(late->pid, SIGKILL);
    }
}

void processGone(Kernel & kernel, uint32_t id) {
    DextProcess * process = kernel.process(id);
    if (process == nullptr) {
        return;
    }
    bool expected = process->state == DextProcess::State::Retired;
    if (takeStarvation()) {
        kernel.say("no file descriptor is left for what " + process->serverName +
                   " passes: it is cut off");
    }
    if (!expected) {
        kernel.say("dext " + process->serverName + " (pid " + std::to_string(process->pid) +
                   ") is gone");
        // It may have closed its socket and still run.
        signalProcess(process->pid, SIGKILL);
    }
    process->died = !expected;
    process->state = DextProcess::State::Retired;
    kernel.clock.cancel(process->checkIn);
    kernel.loop.cancel(process->timer);
    process->checkIn = process->timer = 0;
    process->link.reset();
    announceStruckFaults(kernel);
    announce(*process, false);
    dropProcess(kernel, *process, !expected && !kernel.shuttingDown);
    if (process->pid > 0) {
        // reapChildren deletes it; should it not end by itself, it is killed.
        process->timer = kernel.loop.after(kExitGrace, [&kernel, id] { killLate(kernel, id); });
    } else {
        kernel.processes.erase(id);
    }
}

bool spawnProcess(Kernel & kernel, DextProcess & process) {
    Fd ours;
    Fd theirs;
    if (!createSocketPair(ours, theirs)) {
        kernel.say("no file descriptor is left to start " + process.bundle->executable + ": " +
                   strerror(errno));
        return false;
    }
    SpawnRequest request;
    request.executable = process.bundle->executable;
    request.arguments = {process.bundle->executable, process.serverName};
    request.extraEnvironment = {std::string(kDextFdVariable) + "=" + std::to_string(kDextFd)};
    request.inherited = &theirs;
    request.inheritedAs = kDextFd;
    process.pid = spawn(request);
    if (process.pid < 0) {
        kernel.say("cannot start " + process.bundle->executable + ": " + strerror(errno));
        return false;
    }
    uint32_t id = process.id;
    process.link = std::make_unique<Link>(
        kernel.loop, std::move(ours),
        [&kernel, id](Message & message) {
            if (DextProcess * sender = kernel.process(id)) {
                handleDext(kernel, *sender, message);
            }
        },
        [&kernel, id] { processGone(kernel, id); });
    return true;
}

DextProcess * launch(Kernel & kernel, const Placement & placement) {
    auto made = std::make_unique<DextProcess>();
    DextProcess & process = *made;
    process.id = kernel.nextProcess++;
    process.serverName = placement.serverName;
    process.bundle = placement.bundle;
    process.started = EventLoop::Clock::now();
    if (!spawnProcess(kernel, process)) {
        return nullptr;
    }
    kernel.say("launched " + process.serverName + " (pid " + std::to_string(process.pid) + ")");
    uint32_t id = process.id;
    process.checkIn = kernel.clock.after(seconds(kernel.options.checkInSeconds), [&kernel, id] {
        if (DextProcess * late = kernel.process(id)) {
            late->checkIn = 0;
            kernel.say("user server timeout: " + late->serverName + " did not check in");
            late->link->close();
        }
    });
    kernel.processes.emplace(id, std::move(made));
    return &process;
}

// A provider that is itself served by a dext of the same name must share with it.
bool mustReuse(Kernel & kernel, const Placement & placement, DextProcess *& process) {
    DextProcess * providers = kernel.processOf(placement.provider);
    bool must = placement.oneProcess && providers != nullptr &&
                providers->serverName == placement.serverName;
    if (must) {
        process = providers;
    }
    return must;
}

} // namespace

void placeProcess(Kernel & kernel, const Placement & placement,
                  std::function<void(DextProcess *)> ready) {
    DextProcess * process = nullptr;
    if (!mustReuse(kernel, placement, process)) {
        process = mayShare(kernel, placement) ? runningProcess(kernel, placement) : nullptr;
        if (process == nullptr) {
            process = launch(kernel, placement);
        }
    }
    if (process == nullptr) {
        ready(nullptr);
        return;
    }
    ++process->references;
    if (process->state == DextProcess::State::Running) {
        ready(process);
        return;
    }
    process->waiting.push_back([&kernel, id = process->id, ready = std::move(ready)](bool running) {
        ready(running ? kernel.process(id) : nullptr);
    });
}

void releaseProcess(Kernel & kernel, uint32_t id) {
    if (DextProcess * process = kernel.process(id)) {
        --process->references;
        retireIfUnused(kernel, id);
    }
}

void retireIfUnused(Kernel & kernel, uint32_t id) {
    DextProcess * process = kernel.process(id);
    if (process == nullptr || process->state != DextProcess::State::Running ||
        process->references != 0 || kernel.options.assumes(Assumption::IdleDext)) {
        return;
    }
    for (const auto & [entry, object] : kernel.objects) {
        if (object.process == id) {
            return;
        }
    }
    // It finishes what it is about, such as the rest of its last Stop, and ends.
    process->state = DextProcess::State::Retired;
    process->link->send(MessageType::Finalized, Writer().u64(0));
    process->timer = kernel.loop.after(kExitGrace, [&kernel, id] { killLate(kernel, id); });
}

int32_t checkIn(Kernel & kernel, DextProcess & process, Reader & reader) {
    if (reader.u32() != kProtocolVersion || process.state != DextProcess::State::Launching) {
        return kIOReturnUnsupported;
    }
    for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
        process.classes.insert(reader.string());
    }
    kernel.clock.cancel(process.checkIn);
    process.checkIn = 0;
    process.state = DextProcess::State::Running;
    std::vector<Fd> page;
    page.emplace_back(dup(kernel.machinePage.get()));
    process.link->send(MessageType::Machine, Writer().string(process.serverName), std::move(page));
    // After the reply to the check-in.
    kernel.loop.later([&kernel, id = process.id] {
        if (DextProcess * ready = kernel.process(id)) {
            announce(*ready, ready->state == DextProcess::State::Running);
        }
    });
    return kIOReturnSuccess;
}

void reapChildren(Kernel & kernel) {
    std::vector<uint32_t> ended;
    for (auto & [id, process] : kernel.processes) {
        int status = 0;
        if (process->pid <= 0 || waitpid(process->pid, &status, WNOHANG) != process->pid) {
            continue;
        }
        process->pid = -1;
        ended.push_back(id);
        if (WIFSIGNALED(status)) {
            kernel.say("dext " + process->serverName + " was ended by signal " +
                       std::to_string(WTERMSIG(status)));
        } else if (WEXITSTATUS(status) != 0) {
            kernel.say("dext " + process->serverName + " exited with status " +
                       std::to_string(WEXITSTATUS(status)));
        }
    }
    for (uint32_t id : ended) {
        DextProcess & process = *kernel.process(id);
        if (process.link == nullptr) {
            kernel.loop.cancel(process.timer);
            kernel.processes.erase(id);
        } else {
            process.link->close(); // what it still said is handled first
        }
    }
}

namespace {

// What the process ended with, in words; "" when it did well. Who was killed, which nobody does to
// himself, or had died before and been given up then, does not end the simulator badly.
std::string complaintOf(const DextProcess & process, int status) {
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if ((WIFEXITED(status) && WEXITSTATUS(status) == 0) || killed || process.died) {
        return "";
    }
    return "dext " + process.serverName +
           (WIFSIGNALED(status) ? " was ended by signal " + std::to_string(WTERMSIG(status))
                                : " exited with status " + std::to_string(WEXITSTATUS(status)));
}

} // namespace

// A dext exits when its socket ends.
bool endAllProcesses(Kernel & kernel) {
    const auto deadline = EventLoop::Clock::now() + kExitGrace;
    for (auto & [id, process] : kernel.processes) {
        if (process->pid > 0 && process->link != nullptr) {
            process->link->close();
            process->link.reset();
        }
    }
    bool well = true;
    for (auto & [id, process] : kernel.processes) {
        int status = 0;
        pid_t ended = process->pid <= 0 ? -1 : waitpid(process->pid, &status, WNOHANG);
        while (ended == 0 && EventLoop::Clock::now() < deadline) {
            usleep(1000);
            ended = waitpid(process->pid, &status, WNOHANG);
        }
        std::string complaint = ended > 0 ? complaintOf(*process, status) : "";
        if (ended == 0) {
            signalProcess(process->pid, SIGKILL);
            waitpid(process->pid, nullptr, 0);
            complaint = "dext " + process->serverName + " did not exit and was killed";
        }
        well = well && complaint.empty();
        kernel.say(complaint.empty() ? "dext " + process->serverName + " ended" : complaint);
        if (!complaint.empty()) {
            fprintf(stderr, "%s\n", complaint.c_str());
        }
    }
    kernel.processes.clear();
    return well;
}

} // namespace dextsim
