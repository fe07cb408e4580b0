// One notification port and the serial queue on which the platform calls back: completions, the end
// of a service, services that come and go. Callbacks copy what they get into letters and touch
// nothing else.
#ifndef DEXTGEN_ADDON_NOTIFIER_H
#define DEXTGEN_ADDON_NOTIFIER_H

#include "listeners.h"
#include "resources.h"

#include <IOKit/OSMessageNotification.h>

#include <memory>

namespace dextgen {

class Notifier {
  public:
    /// Null when the platform gives no port.
    static std::shared_ptr<Notifier> Create();
    ~Notifier();

    dispatch_queue_t EventQueue() const { return queue_.Get(); }
    mach_port_t WakePort() const { return IONotificationPortGetMachPort(port_); }

    /// Hears when the service is terminated (contract §4.6, §7.4). Any thread.
    kern_return_t AddInterest(io_service_t service, ListenerId listener, IoObject * interest);

    /// Services of a name, those that exist first; `kind` is kIOPublishNotification or
    /// kIOTerminatedNotification. On the event queue, so that nobody else drains the iterator.
    kern_return_t AddMatching(const io_name_t kind, const char * name, ListenerId listener,
                              IoObject * iterator);

  private:
    Notifier(IONotificationPortRef port, Queue queue) : port_(port), queue_(std::move(queue)) {}

    IONotificationPortRef port_;
    Queue queue_;
};

/// The reference words of an async call whose completions go to `listener`. Their number of words
/// picks the prototype that is called back: 0, 1, 2, or more (contract §7.6).
struct AsyncReference {
    AsyncReference(ListenerId listener, uint32_t count);
    uint64_t words[kIOAsyncCalloutCount];
};

} // namespace dextgen

#endif
