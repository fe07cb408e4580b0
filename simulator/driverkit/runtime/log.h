// Lines for the kernel's log.
#ifndef DEXTSIM_DRIVERKIT_LOG_H
#define DEXTSIM_DRIVERKIT_LOG_H

#include <cstdint>
#include <string_view>

namespace dextsim {

enum LogLevel : uint8_t { kLogOs = 0, kLogIO = 1, kLogFault = 2 };

// Sends a line; to standard error while there is no kernel.
void writeLog(uint8_t level, std::string_view line);
// A fault of the driver that the real system would not survive, or only by luck.
void reportFault(std::string_view line);
// Reports, then ends the process, as the real runtime does.
[[noreturn]] void dieOfFault(std::string_view line);

} // namespace dextsim

#endif
