// All of PCIDriverKit.
#ifndef PCIDRIVERKIT_PCIDRIVERKIT_H
#define PCIDRIVERKIT_PCIDRIVERKIT_H

#include <PCIDriverKit/IOPCIDevice.h>
#include <PCIDriverKit/IOPCIFamilyDefinitions.h>

#endif
