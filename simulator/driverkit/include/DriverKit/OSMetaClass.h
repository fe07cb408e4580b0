// The class system: reference counts, classes known by name, casts without C++ RTTI (contract §9.1).
#ifndef DRIVERKIT_OSMETACLASS_H
#define DRIVERKIT_OSMETACLASS_H

#include <stddef.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/IORPC.h>

class IODispatchQueue;
class OSMetaClass;
class OSObject;
struct OSMetaClassPrivate;

#define APPLE_KEXT_OVERRIDE override

// What the runtime needs to make objects of a class. `New` constructs the class's own meta object.
struct OSClassLoadInformation {
    const OSClassDescription * description;
    OSMetaClass ** metaPointer;
    uint32_t version;
    uint32_t instanceSize;
    uint64_t resv2[8];

    kern_return_t (*New)(OSMetaClass * instance);
    uint64_t resv3[8];
};

class OSMetaClassBase {
  public:
    // Set by the runtime when an object is made, not by constructors.
    mutable int32_t refcount;
    int32_t reserved; // kOSObjectIsRemote
    OSMetaClass * meta;

    // Objects come from OSTypeAlloc; there is no plain `new`.
    static void * operator new(size_t, void * placed) { return placed; }

    static OSMetaClassBase * safeMetaCast(const OSMetaClassBase * anObject,
                                          const OSMetaClass * toMeta);
    static OSMetaClassBase * requiredMetaCast(const OSMetaClassBase * anObject,
                                              const OSMetaClass * toMeta);

    // Whether the object lives in another process and this is its proxy.
    bool IsRemote();
    const OSMetaClass * GetClass();
    const char * GetClassName();

    virtual const OSMetaClass * getMetaClass() const;
    virtual void retain() const;
    virtual void release() const;
    virtual bool isEqualTo(const OSMetaClassBase * anObject) const;

    // Runs a message here, whatever the queue; translator output overrides it.
    virtual kern_return_t Dispatch(IORPC invoke);
    // Brings a message to the object: to its queue, or to the process where it lives.
    kern_return_t Invoke(IORPC invoke);
};

enum {
    kOSObjectIsRemote = 0x00000001,
};

class OSMetaClass : public OSMetaClassBase {
  public:
    OSMetaClassPrivate * metaClassPrivate;

    // Constructs an object of the class in memory of instanceSize zero bytes.
    virtual kern_return_t New(OSObject * instance) = 0;
};

class OSInterface {};

// Makes a class known; translator output holds one static instance for every class.
struct OSClassRegistration {
    explicit OSClassRegistration(const OSClassLoadInformation * information);
};

#define SUPERDISPATCH ((OSDispatchMethod) & super::_Dispatch)

extern kern_return_t OSObjectAllocate(OSMetaClass * meta, OSObject ** pObject);

#define OSTypeID(type) g##type##MetaClass
#define OSTypeIDInst(inst) (inst)->GetClass()
#define OSMTypeID(type) OSTypeID(type)

// NULL for an object of another class, and for NULL.
#define OSDynamicCast(type, inst) \
    (static_cast<type *>(OSMetaClassBase::safeMetaCast((inst), OSTypeID(type))))

// Ends the process for an object of another class; NULL stays NULL.
#define OSRequiredCast(type, inst) \
    (static_cast<type *>(OSMetaClassBase::requiredMetaCast((inst), OSTypeID(type))))

// A new object with one reference, not yet initialised, or NULL.
#define OSTypeAlloc(type)                                                         \
    ({                                                                            \
        OSObject * __object = NULL;                                               \
        OSObjectAllocate(OSTypeID(type), &__object) == kIOReturnSuccess           \
            ? static_cast<type *>(__object)                                       \
            : static_cast<type *>(NULL);                                          \
    })

#ifndef OSSafeReleaseNULL
#define OSSafeReleaseNULL(inst) { if (NULL != (inst)) { (inst)->release(); (inst) = NULL; } }
#endif
#ifndef OSSafeRelease
#define OSSafeRelease(inst) { if (NULL != (inst)) { (inst)->release(); } }
#endif

#endif
