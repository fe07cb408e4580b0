// A dext for tests of the kernel process and the client library: speaks the protocol itself,
// without any DriverKit. Its user client's selectors are the experiments of client_*.cpp.
#include "ipc/connection.h"
#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <thread>
#include <unistd.h>

using namespace dextsim;

namespace {

Connection * gKernel;

// As the .iig translator's OSClassDescription begins; the kernel looks for it before it starts us.
struct Description {
    uint32_t size;
    char name[96];
};
__attribute__((used))
const Description kDescriptions[] = {{100, "FakeDriver"}, {100, "FakeUserClient"}};

// Work that makes requests of its own must not run on the thread that reads replies.
class Worker {
  public:
    Worker() {
        std::thread([this] { run(); }).detach();
    }
    void add(std::function<void()> task) {
        std::lock_guard guard(lock_);
        tasks_.push_back(std::move(task));
        arrived_.notify_one();
    }

  private:
    void run() {
        for (;;) {
            std::unique_lock guard(lock_);
            arrived_.wait(guard, [this] { return !tasks_.empty(); });
            auto task = std::move(tasks_.front());
            tasks_.pop_front();
            guard.unlock();
            task();
        }
    }
    std::mutex lock_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> tasks_;
};

struct State {
    std::mutex lock;
    uint64_t service = 0;
    uint64_t interface = 0;
    uint64_t pipe = 0;
    uint64_t memories[8] = {};
    std::map<uint64_t, uint64_t> held; // user client: retained action
    std::atomic<uint64_t> bytes{0};    // that came in on the pipe
    std::atomic<uint64_t> transfers{0};
    std::atomic<int32_t> lastStatus{0};
    bool refuseStart = false;
} gState;

constexpr uint32_t kTransfer = 65536;
constexpr uint32_t kDepth = 4;

Worker * gWorker;

void say(const std::string & text) {
    gKernel->send(MessageType::Log, Writer().u8(0).string(text));
}

uint64_t createMemory(uint64_t size) {
    Reply reply = gKernel->request(MessageType::CreateMemory, Writer().u64(3).u64(size).u64(0));
    return reply.status == 0 ? reply.reader().u64() : 0;
}

void read(uint64_t buffer) {
    Writer body;
    body.u64(gState.pipe).u64(buffer).u32(kTransfer).u64(buffer).u32(0);
    gKernel->request(MessageType::PipeAsyncIO, body);
}

// Opens the interface and keeps transfers under way on IN 1.
void startReading() {
    Writer open;
    open.u64(gState.interface).u64(gState.service).u32(0).u64(0);
    if (gKernel->request(MessageType::UsbOpen, open).status != 0) {
        say("UsbOpen failed");
        return;
    }
    Reply pipe = gKernel->request(MessageType::CopyPipe, Writer().u64(gState.interface).u8(0x81));
    gState.pipe = pipe.status == 0 ? pipe.reader().u64() : 0;
    for (uint32_t i = 0; i < kDepth && gState.pipe != 0; ++i) {
        read(createMemory(kTransfer));
    }
}

void start(uint64_t id, uint64_t object, uint64_t provider, const std::string & providerClass) {
    gState.service = object;
    gState.interface = provider;
    gState.memories[1] = createMemory(1 << 20);
    gState.memories[2] = createMemory(5000);
    Writer part;
    part.u64(3).u64(4096).u64(904).u64(gState.memories[2]);
    gState.memories[6] = gKernel->request(MessageType::CreateSubMemory, part).reader().u64();
    gKernel->request(MessageType::RegisterService, Writer().u64(object));
    gKernel->reply(id, getenv("FAKE_REFUSE") != nullptr ? kIOReturnNoDevice : 0);
    if (providerClass == "IOUSBHostInterface") {
        startReading();
    }
}

void newUserClient(uint64_t id, uint64_t service, uint32_t type) {
    if (type == 9) {
        gKernel->reply(id, kIOReturnExclusiveAccess);
        return;
    }
    const char * key = type == 7   ? "WrongProperties"
                       : type == 8 ? "Missing"
                                   : "UserClientProperties";
    Reply made = gKernel->request(MessageType::Create, Writer().u64(service).string(key));
    uint64_t object = made.status == 0 ? made.reader().u64() : 0;
    gKernel->reply(id, made.status, Writer().u64(object));
}

void copyMemory(uint64_t id, uint64_t type) {
    // 1 writable, 2 read-only, 3 an error, 4 another instance each time, 5 NULL, 6 a part at an
    // offset
    if (type == 3) {
        gKernel->reply(id, kIOReturnNoMemory);
        return;
    }
    uint64_t memory = type == 4 ? createMemory(4096) : type < 8 ? gState.memories[type] : 0;
    gKernel->reply(id, 0, Writer().u64(type == 2 ? 1 : 0).u64(memory));
}

void complete(uint64_t session, uint32_t port, const uint64_t * reference, uint32_t words) {
    Writer body;
    body.u64(session).u32(port).words(reference, kAsyncReferenceWords).i32(0x1234).u32(words);
    for (uint64_t i = 0; i < words; ++i) {
        body.u64(100 + i);
    }
    gKernel->send(MessageType::AsyncCompletion, body);
}

struct Call {
    uint32_t selector;
    uint8_t flags;
    uint32_t scalarOutputs;
    uint64_t structOutput;
    std::vector<uint64_t> scalars;
    std::vector<uint8_t> input;
    uint64_t session = 0;
    uint32_t port = 0;
    uint64_t reference[kAsyncReferenceWords] = {};
};

Call decode(Message & message) {
    Reader reader = message.reader();
    Call call{};
    call.selector = reader.u32();
    call.flags = reader.u8();
    call.scalarOutputs = reader.u32();
    call.structOutput = reader.u64();
    call.scalars.resize(reader.u32());
    reader.words(call.scalars.data(), call.scalars.size());
    call.input.resize(reader.u64());
    if ((call.flags & kCallInputDescriptor) != 0) {
        Fd fd = message.takeFd(0);
        void * bytes = mapShared(fd, call.input.size(), false);
        memcpy(call.input.data(), bytes, call.input.size());
        unmapShared(bytes, call.input.size());
    } else {
        reader.raw(call.input.data(), call.input.size());
    }
    if ((call.flags & kCallAsync) != 0) {
        call.session = reader.u64();
        call.port = reader.u32();
        reader.u32();
        reader.words(call.reference, kAsyncReferenceWords);
    }
    return call;
}

struct Result {
    int32_t status = 0;
    std::vector<uint64_t> scalars;
    bool hasStruct = false;
    std::vector<uint8_t> bytes;
};

// Echo: scalars back, struct back in reverse; through the descriptor when there is one.
Result echo(const Call & call, Message & message) {
    Result result;
    result.scalars = call.scalars;
    std::vector<uint8_t> reversed(call.input.rbegin(), call.input.rend());
    if ((call.flags & kCallOutputDescriptor) != 0) {
        Fd fd = message.takeFd(message.fds.size() - 1);
        void * bytes = mapShared(fd, call.structOutput, true);
        memcpy(bytes, reversed.data(), std::min<size_t>(reversed.size(), call.structOutput));
        unmapShared(bytes, call.structOutput);
    } else {
        result.hasStruct = true;
        result.bytes = std::move(reversed);
    }
    return result;
}

Result perform(uint64_t client, const Call & call, Message & message) {
    uint64_t first = call.scalars.empty() ? 0 : call.scalars[0];
    switch (call.selector) {
    case 0:
        return echo(call, message);
    case 1: // an error, with outputs that must not arrive
        return {static_cast<int32_t>(first), {1, 2, 3}, true, {9, 9}};
    case 2: // `first` words complete at once
        if ((call.flags & kCallAsync) == 0) {
            return {kIOReturnBadArgument, {}, false, {}};
        }
        complete(call.session, call.port, call.reference, static_cast<uint32_t>(first));
        return {};
    case 4:
        _exit(3);
    case 5: // success without a struct; more scalars than were asked for
        return {0, {7, 8, 9}, false, {}};
    case 6: // a struct of `first` bytes, whatever the capacity
        return {0, {}, true, std::vector<uint8_t>(first, 0xab)};
    case 8: { // retain the completion, or release it
        uint64_t action = 77;
        std::lock_guard guard(gState.lock);
        Writer body;
        body.u64(client).u64(action);
        gKernel->send(first != 0 ? MessageType::ActionHeld : MessageType::ActionReleased, body);
        return {};
    }
    case 9: // what came in on the pipe
        return {0,
                {gState.bytes, gState.transfers, static_cast<uint32_t>(gState.lastStatus)},
                false,
                {}};
    default:
        return {kIOReturnUnsupported, {}, false, {}};
    }
}

void serveChannel(uint64_t client, Fd socket) {
    Channel channel(std::move(socket));
    Message message;
    while (channel.receive(message)) {
        Call call = decode(message);
        Result result = perform(client, call, message);
        Writer body;
        body.i32(result.status).u32(static_cast<uint32_t>(result.scalars.size()));
        body.words(result.scalars.data(), result.scalars.size()).u8(result.hasStruct);
        body.bytes(result.bytes);
        if (!channel.send(MessageType::Reply, message.id, body)) {
            return;
        }
    }
}

void pipeComplete(Reader & reader) {
    uint64_t action = reader.u64();
    int32_t status = reader.i32();
    uint32_t bytes = reader.u32();
    gState.lastStatus = status;
    ++gState.transfers;
    gState.bytes += bytes;
    if (status == 0) {
        gWorker->add([action] { read(action); });
    }
}

void handle(void *, Message & message) {
    Reader reader = message.reader();
    uint64_t id = message.id;
    switch (message.type) {
    case MessageType::Instantiate: {
        reader.u64();
        std::string userClass = reader.string();
        gKernel->reply(id, userClass == "FakeDriver" ? 0 : kIOReturnUnsupportedMode);
        break;
    }
    case MessageType::Start: {
        uint64_t object = reader.u64();
        uint64_t provider = reader.u64();
        std::string providerClass = reader.string();
        gWorker->add([=] { start(id, object, provider, providerClass); });
        break;
    }
    case MessageType::Stop: {
        uint64_t object = reader.u64();
        reader.u64();
        say("Stop " + std::string(object == gState.service ? "service" : "client") +
            (reader.u8() != 0 ? " one-way" : " synchronous"));
        gKernel->send(MessageType::DidStop, Writer().u64(object));
        gKernel->reply(id, 0);
        break;
    }
    case MessageType::NewUserClient: {
        uint64_t service = reader.u64();
        uint32_t type = reader.u32();
        gWorker->add([=] { newUserClient(id, service, type); });
        break;
    }
    case MessageType::OpenChannel: {
        uint64_t client = reader.u64();
        std::thread(serveChannel, client, message.takeFd()).detach();
        break;
    }
    case MessageType::CopyClientMemory: {
        reader.u64();
        uint64_t type = reader.u64();
        gWorker->add([=] { copyMemory(id, type); });
        break;
    }
    case MessageType::ClockChanged:
        gKernel->reply(id, 0, Writer().u64(0)); // it has no timers
        break;
    case MessageType::PipeComplete:
        pipeComplete(reader);
        break;
    default:
        break;
    }
}

} // namespace

int main() {
    const char * variable = getenv(kDextFdVariable);
    if (variable == nullptr) {
        return 2;
    }
    gKernel = new Connection(Fd(atoi(variable)));
    gWorker = new Worker();
    gWorker->add([] {
        Writer body;
        body.u32(kProtocolVersion).u32(2).string("FakeDriver").string("FakeUserClient");
        gKernel->request(MessageType::CheckIn, body);
    });
    gKernel->serve(handle, nullptr);
    _exit(0); // other threads still use what destructors would take away
}
