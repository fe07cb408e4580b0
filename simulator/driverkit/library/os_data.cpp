// OSData: bytes as an object.
#include "containers.h"
#include <cstring>

OSDataPtr OSData::withCapacity(uint32_t capacity) {
    OSData_IVars ivars;
    ivars.bytes.reserve(capacity);
    return dextsim::makeContainer<OSData>(gOSDataMetaClass, std::move(ivars));
}

OSDataPtr OSData::withBytes(const void * bytes, size_t numBytes) {
    if (bytes == nullptr && numBytes > 0)
        return nullptr;
    const uint8_t * first = static_cast<const uint8_t *>(bytes);
    OSData_IVars ivars;
    if (numBytes > 0)
        ivars.bytes.assign(first, first + numBytes);
    return dextsim::makeContainer<OSData>(gOSDataMetaClass, std::move(ivars));
}

OSDataPtr OSData::withBytesNoCopy(void * bytes, size_t numBytes) {
    return withBytes(bytes, numBytes);
}

OSDataPtr OSData::withData(const OSData * inData) {
    return inData == nullptr ? nullptr : withBytes(inData->getBytesNoCopy(), inData->getLength());
}

OSDataPtr OSData::withData(const OSData * inData, size_t start, size_t numBytes) {
    if (inData == nullptr || start > inData->getLength() || numBytes > inData->getLength() - start)
        return nullptr;
    return withBytes(inData->ivars->bytes.data() + start, numBytes);
}

void OSData::free() {
    delete ivars;
    ivars = nullptr;
    super::free();
}

size_t OSData::getLength() const {
    return ivars->bytes.size();
}

size_t OSData::getCapacity() const {
    return ivars->bytes.capacity();
}

bool OSData::appendBytes(const void * bytes, size_t numBytes) {
    if (numBytes == 0)
        return true;
    if (bytes == nullptr)
        return false;
    // The source may be this object's own bytes, which growing moves.
    const uint8_t * first = static_cast<const uint8_t *>(bytes);
    const std::vector<uint8_t> copy(first, first + numBytes);
    ivars->bytes.insert(ivars->bytes.end(), copy.begin(), copy.end());
    return true;
}

bool OSData::appendBytes(const OSData * aDataObj) {
    return aDataObj != nullptr && appendBytes(aDataObj->getBytesNoCopy(), aDataObj->getLength());
}

const void * OSData::getBytesNoCopy() const {
    return ivars->bytes.empty() ? nullptr : ivars->bytes.data();
}

const void * OSData::getBytesNoCopy(size_t start, size_t numBytes) const {
    const size_t length = ivars->bytes.size();
    if (length == 0 || start >= length || numBytes > length - start)
        return nullptr;
    return ivars->bytes.data() + start;
}

bool OSData::isEqualTo(const void * bytes, size_t numBytes) const {
    if (numBytes != ivars->bytes.size())
        return false;
    return numBytes == 0 || (bytes != nullptr && memcmp(bytes, ivars->bytes.data(), numBytes) == 0);
}

bool OSData::isEqualTo(const OSData * aDataObj) const {
    return aDataObj != nullptr && isEqualTo(aDataObj->getBytesNoCopy(), aDataObj->getLength());
}

bool OSData::isEqualTo(const OSString * aString) const {
    if (aString == nullptr)
        return false;
    const char * text = aString->getCStringNoCopy();
    const size_t length = aString->getLength();
    return isEqualTo(text, length) || isEqualTo(text, length + 1);
}

bool OSData::isEqualTo(const OSMetaClassBase * anObject) const {
    if (const OSData * data = OSDynamicCast(OSData, anObject))
        return isEqualTo(data);
    if (const OSString * string = OSDynamicCast(OSString, anObject))
        return isEqualTo(string);
    return false;
}
