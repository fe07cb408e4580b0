// Classes register themselves before main(); the list is only read afterwards.
#include "classes.h"

namespace {
// Constant-initialised, so it is there for the registrations of any translation unit.
OSClassRegistration * registrations = nullptr;
} // namespace

// A metaclass keeps its information where the real one has its private part.
struct OSMetaClassPrivate {
    OSClassLoadInformation information;
};

OSClassRegistration::OSClassRegistration(const OSClassLoadInformation * of)
    : information(of), next(registrations) {
    registrations = this;
    // The structure has one member, so it may be seen as that.
    (*of->metaPointer)->metaClassPrivate =
        reinterpret_cast<OSMetaClassPrivate *>(const_cast<OSClassLoadInformation *>(of));
}

namespace dextsim {

namespace {

const OSClassLoadInformation & informationOf(const OSMetaClass * meta) {
    return meta->metaClassPrivate->information;
}

// The n-th name of a list with a length byte in front of each, counted from 1.
std::string_view pascalString(const char * list, uint32_t size, uint64_t number) {
    const char * at = list;
    const char * end = list + size - 1;
    while (at < end) {
        const auto length = static_cast<unsigned char>(*at);
        if (--number == 0) {
            return {at + 1, length};
        }
        at += 1 + length;
    }
    return {};
}

} // namespace

OSMetaClass * findClass(std::string_view name) {
    for (const auto * each = registrations; each != nullptr; each = each->next) {
        if (name == each->information->description->name) {
            return *each->information->metaPointer;
        }
    }
    return nullptr;
}

std::vector<std::string> classNames() {
    std::vector<std::string> names;
    for (const auto * each = registrations; each != nullptr; each = each->next) {
        names.emplace_back(each->information->description->name);
    }
    return names;
}

const OSClassDescription * descriptionOf(const OSMetaClass * meta) {
    return informationOf(meta).description;
}

uint32_t instanceSizeOf(const OSMetaClass * meta) {
    return informationOf(meta).instanceSize;
}

OSMetaClass * superclassOf(const OSMetaClass * meta) {
    OSMetaClass ** const super = informationOf(meta).superPointer;
    return super != nullptr ? *super : nullptr;
}

bool isSubclass(const OSMetaClass * meta, const OSMetaClass * of) {
    for (; meta != nullptr; meta = superclassOf(meta)) {
        if (meta == of) {
            return true;
        }
    }
    return false;
}

std::optional<MethodPlace> findMethod(const OSMetaClass * meta, uint64_t messageId) {
    for (; meta != nullptr; meta = superclassOf(meta)) {
        const OSClassDescription & description = *descriptionOf(meta);
        for (uint32_t i = 0; i < description.methodCount; i++) {
            if (description.methodOptions[2 * i] != messageId) {
                continue;
            }
            const uint64_t options = description.methodOptions[2 * i + 1];
            const std::string_view queue = pascalString(
                description.queueNames, description.queueNamesSize, options & kOSMethodQueueMask);
            return MethodPlace{(options & kOSMethodKernel) != 0, std::string(queue)};
        }
    }
    return std::nullopt;
}

std::string methodName(const OSMetaClass * meta, uint64_t messageId) {
    for (; meta != nullptr; meta = superclassOf(meta)) {
        const OSClassDescription & description = *descriptionOf(meta);
        for (uint32_t i = 0; i < description.methodCount; i++) {
            if (description.methodOptions[2 * i] == messageId) {
                return std::string(
                    pascalString(description.methodNames, description.methodNamesSize, i + 1));
            }
        }
    }
    return "?";
}

bool hasQueueName(const OSMetaClass * meta, std::string_view name) {
    for (; meta != nullptr; meta = superclassOf(meta)) {
        const OSClassDescription & description = *descriptionOf(meta);
        for (uint64_t number = 1;; number++) {
            const std::string_view each =
                pascalString(description.queueNames, description.queueNamesSize, number);
            if (each.empty()) {
                break;
            }
            if (each == name) {
                return true;
            }
        }
    }
    return false;
}

} // namespace dextsim
