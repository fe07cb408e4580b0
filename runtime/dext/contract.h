// The contract selectors: what every generated dext answers besides the methods of its interface.
#ifndef DEXTGEN_CONTRACT_H
#define DEXTGEN_CONTRACT_H

#include "interface.h"

namespace dextgen {

/// The row of a contract selector; null when `selector` is none or the interface has no contract.
const Method * ContractMethod(const Interface & interface, uint64_t selector);

} // namespace dextgen

#endif
