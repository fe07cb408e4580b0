// The bodies of Hops.iig, half of them with IMPL and half written out.
#include "hops.h"

#include <DriverKit/IOLib.h>
#include <cstring>

bool HopWorker::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(HopWorker_IVars, 1);
    ivars->notes = new std::vector<uint32_t>;
    return IODispatchQueue::Create("worker", 0, 0, &ivars->queue) == kIOReturnSuccess &&
           IODispatchQueue::Create("side", 0, 0, &ivars->side) == kIOReturnSuccess &&
           SetDispatchQueue(kIOServiceDefaultQueueName, ivars->queue) == kIOReturnSuccess &&
           SetDispatchQueue("Side", ivars->side) == kIOReturnSuccess;
}

void HopWorker::free() {
    delete ivars->notes;
    OSSafeReleaseNULL(ivars->queue);
    OSSafeReleaseNULL(ivars->side);
    IOSafeDeleteNULL(ivars, HopWorker_IVars, 1);
    super::free();
}

kern_return_t IMPL(HopWorker, Note) {
    ivars->notes->push_back(number);
    ivars->elsewhere += ivars->queue->OnQueue() ? 0 : 1;
    *count = static_cast<uint32_t>(ivars->notes->size());
    return kIOReturnSuccess;
}

kern_return_t HopWorker::WherePlain_Impl(bool * onQueue) {
    *onQueue = ivars->queue->OnQueue();
    return kIOReturnSuccess;
}

kern_return_t HopWorker::WhereLocal_Impl(bool * onQueue) {
    return WherePlain_Impl(onQueue);
}

kern_return_t HopWorker::WhereRemote_Impl(bool * onQueue) {
    return WherePlain_Impl(onQueue);
}

kern_return_t IMPL(HopWorker, WhereHost) {
    return WherePlain_Impl(onQueue);
}

kern_return_t IMPL(HopWorker, WhereAside) {
    *onQueue = ivars->side->OnQueue();
    return kIOReturnSuccess;
}

bool HopWorker::IsOnQueue() {
    return ivars->queue->OnQueue();
}

int HopWorker::Kind() {
    return 41;
}

kern_return_t IMPL(HopWorker, Extra) {
    *value = 11;
    return kIOReturnSuccess;
}

kern_return_t IMPL(HopWorker, Ask) {
    const kern_return_t status = listener->Answer(question, answer);
    *answer += ivars->queue->OnQueue() ? 100 : 0;
    return status;
}

kern_return_t IMPL(HopWorker, Shape) {
    *out = *in;
    out->corners++;
    out->points[2][1] *= 2;
    strlcpy(out->label.name, "seen", sizeof(out->label.name));
    *next = mode == HopMode::kSlow ? HopMode::kFast : HopMode::kSlow;
    return kIOReturnSuccess;
}

double HopWorker::Ratio_Impl(float numerator, double denominator) {
    return static_cast<double>(numerator) / denominator;
}

kern_return_t IMPL(HopWorker, Gather) {
    *all = OSArray::withCapacity(4);
    for (uint32_t i = 0; i < objectsCount; i++) {
        (*all)->setObject(objects[i]);
    }
    if (last != nullptr) {
        (*all)->setObject(last);
    }
    return kIOReturnSuccess;
}

// As a C cast would have it: no array.
kern_return_t IMPL(HopWorker, Mistake) {
    *array = reinterpret_cast<OSArray *>(OSString::withCString("no array"));
    return kIOReturnSuccess;
}

kern_return_t HopWorker::Name_Impl(const char * text, OSString ** name) {
    *name = OSString::withCString(text);
    return kIOReturnSuccess;
}

kern_return_t IMPL(HopWorker, Tell) {
    for (uint32_t i = 0; i < times; i++) {
        const uint64_t words[HOP_WORDS] = {i, i + 1, i + 2, i + 3};
        OSString * const text = OSString::withCString(i % 2 == 0 ? "even" : "odd");
        Told(action, i, text, words, i % 5);
        text->release(); // the message has its own reference
    }
    return kIOReturnSuccess;
}

bool HopListener::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(HopListener_IVars, 1);
    tag = 77;
    ivars->heard = new std::vector<HopHeard>;
    return IODispatchQueue::Create("listener", 0, 0, &ivars->queue) == kIOReturnSuccess &&
           IODispatchQueue::Create("ears", 0, 0, &ivars->ears) == kIOReturnSuccess &&
           SetDispatchQueue(kIOServiceDefaultQueueName, ivars->queue) == kIOReturnSuccess &&
           SetDispatchQueue("Ears", ivars->ears) == kIOReturnSuccess;
}

void HopListener::free() {
    delete ivars->heard;
    OSSafeReleaseNULL(ivars->queue);
    OSSafeReleaseNULL(ivars->ears);
    IOSafeDeleteNULL(ivars, HopListener_IVars, 1);
    super::free();
}

kern_return_t IMPL(HopListener, Answer) {
    *answer = question * 2;
    ivars->answersElsewhere += ivars->queue->OnQueue() ? 0 : 1;
    return kIOReturnSuccess;
}

void IMPL(HopListener, Heard) {
    HopHeard heard{number, text->getCStringNoCopy(), 0, 0, ivars->ears->OnQueue()};
    for (uint32_t i = 0; i < wordsCount; i++) {
        heard.sum += words[i];
    }
    auto * const reference = static_cast<uint64_t *>(action->GetReference());
    heard.reference = (*reference)++;
    ivars->heard->push_back(heard);
}

void HopListener::Ticked_Impl(OSAction *, uint64_t) {}
