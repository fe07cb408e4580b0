// The structs of one call: measured, copied in before they are validated, carried out, freed.
// What their bytes mean is the rules' business (values.h, records.h), and when is call.cpp's.
#ifndef DEXTGEN_CALL_STRUCTS_H
#define DEXTGEN_CALL_STRUCTS_H

#include "call.h"

namespace dextgen {

/// False with a fault: the app's struct does not have a size that the schema allows.
bool StructMeasureInput(Call * call, Fault * fault);
/// The same for the room that it offers.
bool StructMeasureOutput(Call * call, Fault * fault);

kern_return_t StructCopyInput(Call * call);
/// Zeroed memory for the hook to write.
kern_return_t StructMakeOutput(Call * call);
kern_return_t StructWriteOutput(Call * call);
/// The copies; in any state of the call.
void StructFree(Call * call);

} // namespace dextgen

#endif
