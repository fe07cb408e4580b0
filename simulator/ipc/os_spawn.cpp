// Starting a child process with a chosen set of descriptors, and what this process is called and
// holds.
#include "os.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char ** environ;

namespace dextsim {

namespace {

// The caller's environment with the extra variables on top.
std::vector<std::string> environmentWith(const std::vector<std::string> & extra) {
    std::vector<std::string> result = extra;
    auto isReplaced = [&](const std::string & entry) {
        std::string name = entry.substr(0, entry.find('=') + 1);
        return std::any_of(extra.begin(), extra.end(), [&](const std::string & variable) {
            return variable.compare(0, name.size(), name) == 0;
        });
    };
    for (char ** entry = environ; *entry != nullptr; ++entry) {
        if (!isReplaced(*entry)) {
            result.emplace_back(*entry);
        }
    }
    return result;
}

std::vector<char *> pointersTo(std::vector<std::string> & strings) {
    std::vector<char *> result;
    for (std::string & string : strings) {
        result.push_back(string.data());
    }
    result.push_back(nullptr);
    return result;
}

} // namespace

pid_t spawn(const SpawnRequest & request) {
    std::vector<std::string> arguments = request.arguments;
    std::vector<std::string> environment = environmentWith(request.extraEnvironment);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (request.output != nullptr) {
        posix_spawn_file_actions_adddup2(&actions, request.output->get(), 1);
        posix_spawn_file_actions_adddup2(&actions, request.output->get(), 2);
    }
    // dup2 onto itself would keep close-on-exec on some systems: go through a free number.
    Fd moved;
    if (request.inherited != nullptr) {
        moved.reset(fcntl(request.inherited->get(), F_DUPFD_CLOEXEC, request.inheritedAs + 1));
        posix_spawn_file_actions_adddup2(&actions, moved.get(), request.inheritedAs);
    }
    pid_t child = -1;
    int error = posix_spawn(&child, request.executable.c_str(), &actions, nullptr,
                            pointersTo(arguments).data(), pointersTo(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return child;
}

size_t countDescriptors() {
    size_t count = 0;
    DIR * directory = opendir("/dev/fd");
    if (directory == nullptr) {
        return 0;
    }
    while (readdir(directory) != nullptr) {
        ++count;
    }
    closedir(directory);
    return count - 3; // ".", ".." and the directory itself
}

std::string programName() {
#ifdef __linux__
    return program_invocation_short_name;
#else
    return getprogname();
#endif
}

} // namespace dextsim
