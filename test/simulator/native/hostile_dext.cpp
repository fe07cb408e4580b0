// A dext that goes mad: it checks in and starts as it should, then sends the kernel process
// nonsense in the names of its own objects, and dies. HOSTILE_SEED and HOSTILE_ROUNDS say what and
// how much.
#include "hostile.h"

#include "ipc/connection.h"

#include <atomic>
#include <cstdlib>
#include <thread>
#include <unistd.h>

using namespace hostile;

namespace {

Connection * gKernel;
std::atomic<bool> gRaves{false};

// As the .iig translator's OSClassDescription begins; the kernel looks for it before it starts us.
struct Description {
    uint32_t size;
    char name[96];
};
__attribute__((used))
const Description kDescriptions[] = {{100, "FakeDriver"}, {100, "FakeUserClient"}};

constexpr uint64_t kIds = UINT64_C(1) << 32; // beyond those of the connection's own requests

uint64_t numberFrom(const char * variable, uint64_t otherwise) {
    const char * text = getenv(variable);
    return text == nullptr ? otherwise : strtoull(text, nullptr, 10);
}

// What a good dext would have, so that some of the nonsense gets far.
void makeObjects(Bodies & bodies, uint64_t object, uint64_t provider) {
    bodies.ids.insert(bodies.ids.end(), {object, provider});
    const Writer memory = Writer().u64(3).u64(5000).u64(0);
    for (int i = 0; i < 3; ++i) {
        Reply reply = gKernel->request(MessageType::CreateMemory, memory);
        bodies.ids.push_back(reply.reader().u64());
    }
    gKernel->request(MessageType::UsbOpen, Writer().u64(provider).u64(object).u32(0).u64(0));
    Reply pipe = gKernel->request(MessageType::CopyPipe, Writer().u64(provider).u8(0x81));
    bodies.ids.push_back(pipe.reader().u64());
}

// What would end it early comes late.
bool isEnd(MessageType type) {
    return type == MessageType::Terminate || type == MessageType::DestroyObject ||
           type == MessageType::DidStop;
}

// From now on this is the only thread that writes: a frame in a frame would end it at once.
void rave(uint64_t object, uint64_t provider) {
    Bodies bodies(numberFrom("HOSTILE_SEED", 1));
    makeObjects(bodies, object, provider);
    gRaves = true;
    Channel channel(Fd(dup(static_cast<int>(numberFrom(kDextFdVariable, 0)))));
    const Descriptors descriptors;
    for (uint64_t rounds = numberFrom("HOSTILE_ROUNDS", 1000); rounds > 0; --rounds) {
        // CheckIn to the families, and now and then any number.
        const uint64_t number = bodies.random.below(8) != 0 ? 64 + bodies.random.below(64)
                                                            : bodies.random.below(1 << 16);
        const auto type = static_cast<MessageType>(number);
        if (isEnd(type) && rounds > 50) {
            continue;
        }
        const Writer body = bodies.body(bodies.random.below(4) != 0);
        const uint64_t id = bodies.random.below(3) == 0 ? 0 : kIds + rounds;
        if (!channel.send(type, id, body, descriptors.some(bodies.random))) {
            _exit(0);
        }
        if (rounds % 16 == 0) {
            gKernel->request(MessageType::CopyName, Writer().u64(object));
        }
    }
    gKernel->send(MessageType::Log, Writer().u8(0).string("raved"));
    _exit(0);
}

void handle(void *, Message & message) {
    Reader reader = message.reader();
    if (message.type == MessageType::Start) {
        const uint64_t object = reader.u64();
        const uint64_t provider = reader.u64();
        gKernel->reply(message.id, 0);
        std::thread(rave, object, provider).detach();
    } else if (message.id != 0 && !gRaves) {
        gKernel->reply(message.id, 0);
    }
}

} // namespace

int main() {
    gKernel = new Connection(Fd(static_cast<int>(numberFrom(kDextFdVariable, 0))));
    std::thread([] {
        Writer body;
        body.u32(kProtocolVersion).u32(2).string("FakeDriver").string("FakeUserClient");
        gKernel->request(MessageType::CheckIn, body);
    }).detach();
    gKernel->serve(handle, nullptr);
    _exit(0); // other threads still use what destructors would take away
}
