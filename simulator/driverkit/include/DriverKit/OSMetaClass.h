// The root of all objects: counted references, classes known at run time, and messages to objects.
// Without C++ RTTI: OSDynamicCast asks the metaclasses (contract §9.1).
#ifndef DRIVERKIT_OSMETACLASS_H
#define DRIVERKIT_OSMETACLASS_H

#include <stddef.h>
#include <stdint.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/IORPC.h>

class IODispatchQueue;
class OSMetaClass;
class OSObject;

struct OSClassLoadInformation {
    const OSClassDescription * description;
    OSMetaClass ** metaPointer;
    OSMetaClass ** superPointer; // NULL for the root
    uint32_t version;
    uint32_t instanceSize;
};

class OSMetaClassBase {
  public:
    mutable int32_t refcount; // atomic; 1 after allocation
    int32_t reserved;         // kOSObjectIsRemote
    OSMetaClass * meta;

    // Only in memory from OSObjectAllocate.
    static void * operator new(size_t, void * placed) noexcept { return placed; }

    // `anObject`, or NULL when that is no instance of `toMeta` or its subclasses.
    static OSMetaClassBase * safeMetaCast(const OSMetaClassBase * anObject,
                                          const OSMetaClass * toMeta);

    // The same, but ends the process when the class does not fit.
    static OSMetaClassBase * requiredMetaCast(const OSMetaClassBase * anObject,
                                              const OSMetaClass * toMeta);

    // The object lives in the kernel; this is its proxy.
    bool IsRemote();

    const OSMetaClass * GetClass();

    const char * GetClassName();

    virtual const OSMetaClass * getMetaClass() const;

    virtual void retain() const;

    virtual void release() const;

    virtual bool isEqualTo(const OSMetaClassBase * anObject) const;

    // Runs the implementation of a message on this thread.
    virtual kern_return_t Dispatch(IORPC invoke);

    // Runs it where it belongs: on the object's queue, waiting for it; a message to an action on
    // the queue of the action's target, without waiting (contract §9.3, §9.5).
    kern_return_t Invoke(IORPC invoke);
};

struct OSMetaClassPrivate;

enum {
    kOSObjectIsRemote = 0x00000001, // lives in the kernel
};

class OSMetaClass : public OSMetaClassBase {
  public:
    OSMetaClassPrivate * metaClassPrivate;

    // Constructs an instance in zeroed memory; kIOReturnUnsupported for an abstract class.
    virtual kern_return_t New(OSObject * instance) = 0;
};

class OSInterface {};

// For the last parameter of a message: run the implementation of the superclass instead.
template <typename Class> kern_return_t OSSuperDispatch(OSMetaClassBase * self, const IORPC rpc) {
    return Class::_Dispatch(static_cast<Class *>(self), rpc);
}
#define SUPERDISPATCH (&OSSuperDispatch<super>)

extern kern_return_t OSObjectAllocate(OSMetaClass * meta, OSObject ** pObject);

#define OSTypeID(type) g##type##MetaClass
#define OSTypeIDInst(inst) (inst)->GetClass()
#define OSMTypeID(type) OSTypeID(type)

// NULL for NULL and for an object of another class.
#define OSDynamicCast(type, inst) ((type *)OSMetaClassBase::safeMetaCast((inst), OSTypeID(type)))

// NULL for NULL; ends the process for an object of another class.
#define OSRequiredCast(type, inst)                                                                 \
    ((type *)OSMetaClassBase::requiredMetaCast((inst), OSTypeID(type)))

// Allocated and constructed, not initialised; NULL on failure.
#define OSTypeAlloc(type)                                                                          \
    ({                                                                                             \
        OSObject * allocated_ = NULL;                                                              \
        OSObjectAllocate(OSTypeID(type), &allocated_) == kIOReturnSuccess                          \
            ? reinterpret_cast<type *>(allocated_)                                                 \
            : NULL;                                                                                \
    })

#define APPLE_KEXT_OVERRIDE override

#ifndef OSSafeReleaseNULL
#define OSSafeReleaseNULL(inst)                                                                    \
    {                                                                                              \
        if (NULL != (inst)) {                                                                      \
            (inst)->release();                                                                     \
            (inst) = NULL;                                                                         \
        }                                                                                          \
    }
#endif
#ifndef OSSafeRelease
#define OSSafeRelease(inst)                                                                        \
    {                                                                                              \
        if (NULL != (inst)) {                                                                      \
            (inst)->release();                                                                     \
        }                                                                                          \
    }
#endif

// ── for translated .iig files only ──

// Makes a class known by name. Constructed before main(), one per class.
class OSClassRegistration {
  public:
    explicit OSClassRegistration(const OSClassLoadInformation * information);

    const OSClassLoadInformation * information;
    OSClassRegistration * next;
};

template <typename Class> kern_return_t OSObjectConstruct(OSObject * instance) {
    if constexpr (__is_abstract(Class)) {
        return kIOReturnUnsupported;
    } else {
        new (static_cast<void *>(instance)) Class();
        return kIOReturnSuccess;
    }
}

#endif
