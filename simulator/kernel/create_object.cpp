// IOService::Create (contract §4.2): a further object of a dext from a dictionary of its service.
#include "services.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

int32_t createObject(Kernel & kernel, DextProcess & process, uint64_t service,
                     const std::string & propertiesKey, Entry *& made) {
    Entry * parent = kernel.registry.find(service);
    DextObject * creator = kernel.object(service);
    if (parent == nullptr || creator == nullptr || creator->process != process.id) {
        return kIOReturnUnsupported;
    }
    // What the dext has published is not among them (contract §4.2).
    const Value * found = parent->properties.find(propertiesKey);
    if (found == nullptr || !found->isDictionary()) {
        kernel.say("Create: " + parent->name + " has no dictionary \"" + propertiesKey +
                   "\" in its personality");
        return kIOReturnBadArgument;
    }
    Value properties = *found;
    const Value * kernelClass = properties.find("IOClass");
    const Value * userClass = properties.find("IOUserClass");
    if (kernelClass == nullptr || !kernelClass->isString()) {
        return kIOReturnBadArgument;
    }
    if (userClass == nullptr || !userClass->isString()) {
        return kIOReturnError;
    }
    std::string className = kernelClass->asString();
    if (!isDextClass(className)) {
        kernel.say("Create: the simulator has no kernel class " + className);
        return kIOReturnUnsupported;
    }
    if (parent->inactive) { // nothing attaches to it any more
        kernel.say("Create: " + parent->name + " is being terminated");
        return kIOReturnUnsupported;
    }
    const Value * bundle = parent->properties.find("CFBundleIdentifier");
    properties.put("CFBundleIdentifier", bundle == nullptr ? Value::string("") : *bundle);
    properties.put("IOUserServerName", Value::string(process.serverName));
    std::string name = userClass->asString();
    made = &kernel.registry.add(service, name, className, std::move(properties));
    DextObject & object = kernel.objects[made->id];
    object.id = made->id;
    object.process = process.id;
    if (className == "IOUserUserClient") {
        object.client = std::make_unique<UserClientPart>();
    } else {
        object.service = std::make_unique<ServicePart>();
        object.service->bundle = process.bundle;
        object.service->startSent = object.service->started = true;
    }
    return kIOReturnSuccess;
}

} // namespace dextsim
