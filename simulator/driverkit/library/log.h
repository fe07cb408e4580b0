// Where log lines go. The runtime supplies dextsimLog; this library only makes the lines.
#ifndef DEXTSIM_LIBRARY_LOG_H
#define DEXTSIM_LIBRARY_LOG_H

#include <string>

// `level` is an os_log_type_t. The text has no line end.
void dextsimLog(int level, const char * text);

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
