// dextsim: sets the kernel up from its command line, says that it is ready, and runs until it is
// told to end.
#include "kernel.h"
#include "processes.h"
#include "services.h"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace dextsim;

int fail(const std::string & message) {
    fprintf(stderr, "dextsim: %s\n", message.c_str());
    return 1;
}

// Descriptors and connections need one each: take what the system gives.
void raiseDescriptorLimit() {
    rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::string directoryOf(const std::string & path) {
    size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// The socket must lie in a directory that only its owner can enter.
std::string checkDirectory(const std::string & path) {
    std::string directory = directoryOf(path);
    struct stat status;
    if (stat(directory.c_str(), &status) != 0) {
        return "the directory of the socket " + path + ": " + strerror(errno);
    }
    if (status.st_uid != geteuid() || (status.st_mode & 077) != 0) {
        return "the directory " + directory +
               " of the socket must belong to the user alone (chmod 700)";
    }
    return "";
}

std::string listenOn(const std::string & path, Fd & listener) {
    if (path.size() > maxSocketPath()) {
        return "the socket path " + path + " has " + std::to_string(path.size()) +
               " bytes; the system allows " + std::to_string(maxSocketPath());
    }
    std::string problem = checkDirectory(path);
    if (problem.empty()) {
        if (int error = listenLocal(path, listener)) {
            problem = "cannot listen on the socket " + path + ": " + strerror(error);
        }
    }
    return problem;
}

void watchSignals(Kernel & kernel, const Fd & signals) {
    kernel.loop.watch(signals.get(), [&kernel, &signals] {
        uint8_t numbers[64];
        ssize_t size = read(signals.get(), numbers, sizeof numbers);
        for (ssize_t i = 0; i < size; ++i) {
            if (numbers[i] == SIGCHLD) {
                reapChildren(kernel);
            } else {
                kernel.loop.stop();
            }
        }
    });
}

void watchStdin(Kernel & kernel) {
    kernel.loop.watch(STDIN_FILENO, [&kernel] {
        char ignored[256];
        if (read(STDIN_FILENO, ignored, sizeof ignored) <= 0) {
            kernel.loop.stop();
        }
    });
}

int run(const Options & options) {
    Fd listener;
    Fd signals = signalDescriptor();
    Kernel kernel(options);
    if (!signals.valid() || !kernel.loop.usable() || !kernel.machinePage.valid()) {
        return fail(std::string("no file descriptor is left to start with: ") + strerror(errno));
    }
    if (!options.logPath.empty() && !kernel.log.openFile(options.logPath)) {
        return fail("cannot write the log " + options.logPath + ": " + strerror(errno));
    }
    if (!options.recordPath.empty()) {
        if (const int failed = kernel.recorder.open(options.recordPath)) {
            return fail("cannot write the recording " + options.recordPath + ": " +
                        strerror(failed));
        }
    }
    std::string error;
    for (const std::string & path : options.dexts) {
        if (!addBundle(kernel, path, error)) {
            return fail(error);
        }
    }
    error = listenOn(options.socketPath, listener);
    if (!error.empty()) {
        return fail(error);
    }
    watchSignals(kernel, signals);
    kernel.loop.watch(listener.get(), [&] { acceptSessions(kernel, listener); });
    if (options.exitWithStdin) {
        watchStdin(kernel);
    }
    printf("dextsim ready on %s\n", options.socketPath.c_str());
    fflush(stdout);
    kernel.loop.run();
    const bool well = endAllProcesses(kernel);
    unlink(options.socketPath.c_str());
    if (options.exitWithStdin) {
        // Whoever made the folder may be gone; it goes if nothing else is in it.
        rmdir(directoryOf(options.socketPath).c_str());
    }
    return well ? 0 : 1;
}

} // namespace

int main(int count, char ** arguments) {
    Options options;
    std::string error;
    if (!parseOptions(count, arguments, options, error)) {
        fprintf(stderr, "dextsim: %s\n%s", error.c_str(), usage().c_str());
        return 2;
    }
    if (options.help) {
        printf("%s", usage().c_str());
        return 0;
    }
    raiseDescriptorLimit();
    return run(options);
}
