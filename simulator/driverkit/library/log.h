// Formats of os_log. The runtime takes the lines (runtime/log.h).
#ifndef DEXTSIM_LIBRARY_LOG_H
#define DEXTSIM_LIBRARY_LOG_H

#include <string>

namespace dextsim {

// An os_log format as printf understands it: annotations like %{public}s go. A string (%s) that is
// not public prints as <private>, as in a Mac's log (contract §9.8).
struct LogFormat {
    std::string format;
    bool isValid;
};
LogFormat plainFormat(const char * format);

} // namespace dextsim

#endif
