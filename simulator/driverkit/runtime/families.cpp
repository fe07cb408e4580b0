// See families.h.
#include "families.h"

namespace dextsim {

Writer familyBody(FamilyOp operation, uint64_t object) {
    Writer body;
    body.u16(static_cast<uint16_t>(operation)).u64(object);
    return body;
}

Reply askFamily(const Writer & body) {
    return askKernel(MessageType::FamilyRequest, body);
}

int32_t tellFamily(const Writer & body) {
    return askFamily(body).status;
}

} // namespace dextsim
