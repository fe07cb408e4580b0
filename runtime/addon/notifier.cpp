// Callbacks of the platform, all on the event queue of their port.
#include "notifier.h"

#include "letters.h"

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOMessage.h>

#include <cstring>

namespace dextgen {
namespace {

void DestroyPort(void * context) {
    IONotificationPortDestroy(static_cast<IONotificationPortRef>(context));
}

void OnInterest(void * refcon, io_service_t, uint32_t type, void *) {
    if (type != kIOMessageServiceIsTerminated)
        return;
    if (auto mailbox = TakeListener(ListenerOf(refcon)))
        mailbox->Post(std::make_unique<TerminatedLetter>(ListenerOf(refcon)));
}

// Draining to the end arms the notification again (contract §7.3).
void DrainServices(ListenerId listener, io_iterator_t iterator, bool published) {
    auto mailbox = TakeListener(listener);
    while (io_service_t service = IOIteratorNext(iterator)) {
        IoObject object(service);
        if (mailbox == nullptr)
            continue;
        if (auto found = Service::Adopt(std::move(object)))
            mailbox->Post(std::make_unique<ServiceLetter>(listener, std::move(found), published));
    }
}

void OnPublished(void * refcon, io_iterator_t iterator) {
    DrainServices(ListenerOf(refcon), iterator, true);
}

void OnTerminated(void * refcon, io_iterator_t iterator) {
    DrainServices(ListenerOf(refcon), iterator, false);
}

// The prototype of three and more words (contract §7.6).
void OnCompletion(void * refcon, IOReturn status, void ** words, uint32_t count) {
    if (auto mailbox = TakeListener(ListenerOf(refcon)))
        mailbox->Post(std::make_unique<CompletionLetter>(ListenerOf(refcon), status, words, count));
}

// Those of fewer, which only interfaces without our header have.
void OnCompletion0(void * refcon, IOReturn status) {
    OnCompletion(refcon, status, nullptr, 0);
}

void OnCompletion1(void * refcon, IOReturn status, void * word) {
    OnCompletion(refcon, status, &word, 1);
}

void OnCompletion2(void * refcon, IOReturn status, void * first, void * second) {
    void * words[] = {first, second};
    OnCompletion(refcon, status, words, 2);
}

uintptr_t CallbackOf(uint32_t words) {
    switch (words) {
    case 0:
        return reinterpret_cast<uintptr_t>(&OnCompletion0);
    case 1:
        return reinterpret_cast<uintptr_t>(&OnCompletion1);
    case 2:
        return reinterpret_cast<uintptr_t>(&OnCompletion2);
    default:
        return reinterpret_cast<uintptr_t>(&OnCompletion);
    }
}

} // namespace

std::shared_ptr<Notifier> Notifier::Create() {
    IONotificationPortRef port = IONotificationPortCreate(MACH_PORT_NULL);
    if (port == nullptr)
        return nullptr;
    Queue queue(dispatch_queue_create("dextgen.events", nullptr));
    IONotificationPortSetDispatchQueue(port, queue.Get());
    return std::shared_ptr<Notifier>(new Notifier(port, std::move(queue)));
}

// On the queue itself: there no callback can be running (contract §7.5).
Notifier::~Notifier() {
    dispatch_async_f(queue_.Get(), port_, DestroyPort);
}

kern_return_t Notifier::AddInterest(io_service_t service, ListenerId listener,
                                    IoObject * interest) {
    return IOServiceAddInterestNotification(port_, service, kIOGeneralInterest, OnInterest,
                                            RefconOf(listener), interest->Receive());
}

kern_return_t Notifier::AddMatching(const io_name_t kind, const char * name, ListenerId listener,
                                    IoObject * iterator) {
    const bool published = std::strcmp(kind, kIOPublishNotification) == 0;
    // Consumes the dictionary, whatever it returns (contract §7.2).
    const kern_return_t result = IOServiceAddMatchingNotification(
        port_, kind, IOServiceNameMatching(name), published ? OnPublished : OnTerminated,
        RefconOf(listener), iterator->Receive());
    if (result == kIOReturnSuccess)
        DrainServices(listener, iterator->Get(), published);
    return result;
}

AsyncReference::AsyncReference(ListenerId listener, uint32_t count) : words{} {
    words[kIOAsyncCalloutFuncIndex] = CallbackOf(count);
    words[kIOAsyncCalloutRefconIndex] = listener;
}

} // namespace dextgen
