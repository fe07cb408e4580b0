// Calls of sessions that play the system above a driver: passed on to the process of the service,
// and its answer back, both as they are (ipc/service_calls.h).
#include "families.h"
#include "kernel.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

std::vector<uint8_t> restOf(Reader & reader) {
    std::vector<uint8_t> rest(reader.remaining());
    reader.raw(rest.data(), rest.size());
    return rest;
}

} // namespace

bool handleDeviceService(DeviceRequest & request, FamilyOp operation) {
    if (operation != FamilyOp::ServiceAsk) {
        return false;
    }
    DextProcess * process = request.kernel.processOf(request.object);
    if (process == nullptr || !process->link) {
        request.refuse(kIOReturnOffline, "the service is gone");
        return true;
    }
    Writer body = familyBody(FamilyOp::ServiceAsked, request.object);
    std::vector<uint8_t> call = restOf(request.reader);
    body.raw(call.data(), call.size());
    process->link->request(
        MessageType::FamilyCall, body,
        [&kernel = request.kernel, session = request.session.id, id = request.id](Answer & answer) {
            Session * asker = kernel.session(session);
            if (asker == nullptr) {
                return;
            }
            if (!answer.delivered) {
                asker->link->reply(id, kIOReturnOffline, Writer().string("the dext is gone"));
                return;
            }
            Reader reader = answer.reader();
            std::vector<uint8_t> values = restOf(reader);
            Writer reply;
            reply.raw(values.data(), values.size());
            asker->link->reply(id, answer.status, reply);
        });
    return true;
}

} // namespace dextsim
