// The scalars of a call: how many there are, what they may be, and what stands for those left out.
#ifndef DEXTGEN_SCALARS_H
#define DEXTGEN_SCALARS_H

#include "call.h"

namespace dextgen {

/// Numbers of scalars in both directions, which the platform has left open or not.
bool ScalarsCount(Call * call, Fault * fault);

/// Copies the inputs, fills in what was left out, and checks every value.
bool ScalarsRead(Call * call, Fault * fault);

/// Hands over as many outputs as the app asked for.
void ScalarsWrite(const Call & call);

} // namespace dextgen

#endif
