// The character data of property lists: integers, base64, characters by number.
#ifndef DEXTSIM_IPC_PLIST_TEXT_H
#define DEXTSIM_IPC_PLIST_TEXT_H

#include "value.h"

#include <string>

namespace dextsim {

// Decimal or 0x…, with an optional sign. False: not an integer of 64 bits.
bool parsePlistInteger(const std::string & text, Value & value);
// False: a character that is not base64.
bool parsePlistData(const std::string & text, Value & value);
void appendUtf8(std::string & text, uint32_t code);

} // namespace dextsim

#endif
