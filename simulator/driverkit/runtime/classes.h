// The classes of this process, known by name.
#ifndef DEXTSIM_DRIVERKIT_CLASSES_H
#define DEXTSIM_DRIVERKIT_CLASSES_H

#include <DriverKit/OSMetaClass.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dextsim {

// Null: no such class in this process.
OSMetaClass * findClass(std::string_view name);
std::vector<std::string> classNames();
bool isSubclass(const OSMetaClass * meta, const OSMetaClass * of);
const OSClassDescription * descriptionOf(const OSMetaClass * meta);
uint32_t instanceSizeOf(const OSMetaClass * meta);
// Null for the root.
OSMetaClass * superclassOf(const OSMetaClass * meta);

// Where an implementation of a message runs: nothing when the class has none.
struct MethodPlace {
    bool isKernel;         // on the thread of the caller
    std::string queueName; // empty: the default queue
};
std::optional<MethodPlace> findMethod(const OSMetaClass * meta, uint64_t messageId);
// "?": neither the class nor one above it has such a message.
std::string methodName(const OSMetaClass * meta, uint64_t messageId);
// Whether a class, or one above it, names this queue in a QUEUENAME.
bool hasQueueName(const OSMetaClass * meta, std::string_view name);

} // namespace dextsim

#endif
