// The dext's runtime with the test at the kernel's end of its socket.
#include "support.h"

#include "driverkit/runtime/kernel.h"
#include "driverkit/runtime/objects.h"
#include "driverkit/runtime/requests.h"
#include "ipc/os.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOMemoryMap.h>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

using namespace dextsim;

namespace {

class Kernel {
  public:
    Kernel() {
        Fd dext;
        CHECK(createSocketPair(own_, dext));
        setenv(kDextFdVariable, std::to_string(dext.release()).c_str(), 1);
        CHECK(connectToKernel());
        channel_ = Channel(std::move(own_));
        std::thread([] {
            kernelConnection()->serve(
                [](void *, Message & message) { handleKernelMessage(message); }, nullptr);
        }).detach();
    }
    Message expect(MessageType type) {
        Message message;
        CHECK(channel_.receive(message));
        CHECK(message.type == type);
        return message;
    }
    void answer(const Message & to, int32_t status, const Writer & body = {},
                std::span<const int> fds = {}) {
        Writer whole;
        whole.i32(status).raw(body.body().data(), body.body().size());
        CHECK(channel_.send(MessageType::Reply, to.id, whole, fds));
    }
    void ask(MessageType type, const Writer & body, std::span<const int> fds = {}) {
        CHECK(channel_.send(type, ++lastId_, body, fds));
    }
    // The next reply; its status.
    Reader reply(Message & message) {
        message = expect(MessageType::Reply);
        CHECK(message.id == lastId_);
        return message.reader();
    }

  private:
    Fd own_;
    Channel channel_;
    uint64_t lastId_ = 0;
};

void testCompletion(Kernel & kernel, SampleClient * client) {
    gRecord.keepCompletion = true;
    call(client, {.flags = kCallAsync});
    CHECK(gRecord.seen.hasCompletion);
    kernel.expect(MessageType::ActionHeld);
    OSAction * const completion = gRecord.completion;
    CHECK(completion->GetReference() == nullptr); // not its creator (contract §1.7)
    const uint64_t words[17] = {11, 12, 13};
    client->AsyncCompletion(completion, kIOReturnSuccess, words, 3);
    client->AsyncCompletion(completion, kIOReturnAborted, words, 17); // never sent
    client->AsyncCompletion(completion, kIOReturnAborted, words, 16); // any number of times
    Message message = kernel.expect(MessageType::AsyncCompletion);
    Reader body = message.reader();
    CHECK(body.u64() == 8 && body.u32() == 9 && body.u64() == 1);
    for (int i = 0; i < 7; i++) {
        body.u64();
    }
    CHECK(body.i32() == kIOReturnSuccess && body.u32() == 3 && body.u64() == 11);
    message = kernel.expect(MessageType::AsyncCompletion);
    CHECK(message.body.size() == 8 + 4 + 64 + 4 + 4 + 128);
    completion->release();
    kernel.expect(MessageType::ActionReleased);
    gRecord.keepCompletion = false;
    call(client, {.flags = kCallAsync}); // not kept: the kernel hears nothing of it
}

// Where mappings are, and what is around them (contract §2.5).
void testPlaces(IOBufferMemoryDescriptor * buffer) {
    IOMemoryMap * map = nullptr;
    CHECK(buffer->CreateMapping(0, 1, 0, 0, 0, &map) == kIOReturnSuccess); // no flag, no address
    const uint64_t address = map->GetAddress();
    CHECK(address != 1);
    auto * const bytes = reinterpret_cast<volatile char *>(address);
    CHECK(dies([bytes] { (void)bytes[-1]; }));
    CHECK(dies([bytes] { (void)bytes[pageSize()]; }));
    IOMemoryMap * other = nullptr;
    CHECK(buffer->CreateMapping(kIOMemoryMapFixedAddress, address, 0, 0, 0, &other) ==
          kIOReturnError); // taken
    map->release();
    CHECK(buffer->CreateMapping(kIOMemoryMapFixedAddress, address, 0, 0, 0, &other) ==
          kIOReturnSuccess);
    CHECK(other->GetAddress() == address && bytes[0] == 's');
    other->release();
    CHECK(buffer->CreateMapping(kIOMemoryMapFixedAddress, address + 1, 0, 0, 0, &other) ==
          kIOReturnError); // no page
    CHECK(buffer->CreateMapping(kIOMemoryMapFixedAddress, 0, 0, 0, 0, &other) == kIOReturnError);
}

// A length above the capacity is a success that changes nothing (contract §2.5).
void testLength(Kernel & kernel, IOBufferMemoryDescriptor * buffer, uint64_t wanted,
                uint64_t expected) {
    std::thread setter([&] { CHECK(buffer->SetLength(wanted) == kIOReturnSuccess); });
    const Message request = kernel.expect(MessageType::SetMemoryLength);
    CHECK(request.reader().u64() == 77);
    kernel.answer(request, 0, Writer());
    setter.join();
    uint64_t length = 0;
    CHECK(buffer->GetLength(&length) == kIOReturnSuccess && length == expected);
}

void testMemory(Kernel & kernel) {
    IOBufferMemoryDescriptor * buffer = nullptr;
    CHECK(IOBufferMemoryDescriptor::Create(8, 100, 0, &buffer) == kIOReturnBadArgument);
    CHECK(IOBufferMemoryDescriptor::Create(kIOMemoryDirectionIn, 0, 0, &buffer) ==
          kIOReturnNoMemory);
    std::thread maker([&] {
        CHECK(IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 100, 0, &buffer) ==
              kIOReturnSuccess);
    });
    const Message request = kernel.expect(MessageType::CreateMemory);
    const Fd memory = createSharedMemory(pageSize());
    const int fds[] = {memory.get()};
    kernel.answer(request, 0, Writer().u64(77).u64(100).u64(pageSize()), fds);
    maker.join();
    uint64_t length = 0;
    CHECK(buffer->GetLength(&length) == kIOReturnSuccess && length == 100);
    IOAddressSegment range{};
    CHECK(buffer->GetAddressRange(&range) == kIOReturnSuccess && range.length == 100);
    memcpy(reinterpret_cast<void *>(range.address), "shared", 6);

    IOMemoryMap * map = nullptr;
    CHECK(buffer->CreateMapping(kIOMemoryMapReadOnly, 0, 2, 4, 0, &map) == kIOReturnSuccess);
    CHECK(map->GetLength() == 4 && map->GetOffset() == 2);
    CHECK(memcmp(reinterpret_cast<void *>(map->GetAddress()), "ared", 4) == 0);
    auto * const readOnly = reinterpret_cast<volatile char *>(map->GetAddress());
    CHECK(dies([readOnly] { *readOnly = 'x'; }));
    map->release();
    CHECK(buffer->CreateMapping(0, 0, 90, 11, 0, &map) == kIOReturnError);
    CHECK(buffer->CreateMapping(0, 0, 2, 0, 0, &map) == kIOReturnError); // 0 is the whole length
    for (const uint64_t mode : {0x1000, 0x8000, 0x300, 0xa00}) {
        CHECK(buffer->CreateMapping(mode, 0, 0, 0, 0, &map) == kIOReturnBadArgument);
    }
    for (const uint64_t mode : {0x100, 0x200, 0x400, 0x800, 4, 8, 0xc}) {
        CHECK(buffer->CreateMapping(mode, 0, 0, 0, 0, &map) == kIOReturnSuccess);
        CHECK(map->GetLength() == 100);
        map->release();
    }
    testPlaces(buffer);
    testLength(kernel, buffer, 101, 100);
    testLength(kernel, buffer, 40, 40);
    buffer->release();
    CHECK(kernel.expect(MessageType::ReleaseMemory).reader().u64() == 77);
}

// A service's whole life, and a user client's with calls through a socket.
void testLife(Kernel & kernel) {
    Message message;
    kernel.ask(MessageType::Instantiate, Writer().u64(5).string("NoSuchClass").u64(0).string(""));
    kernel.expect(MessageType::Log);
    CHECK(kernel.reply(message).i32() == kIOReturnUnsupportedMode);
    kernel.ask(MessageType::Instantiate,
               Writer().u64(5).string("SampleDerived").u64(1).string("X"));
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    gRecord.order.clear();
    kernel.ask(MessageType::Start, Writer().u64(5).u64(1).string("IOUSBHostInterface"));
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    CHECK(gRecord.order == "DS");
    OSObject * const object = copyObject(5);
    auto * const service = OSDynamicCast(IOService, object);
    CHECK(strcmp(service->GetProvider()->GetClassName(), "IOUSBHostInterface") == 0);
    CHECK(service->GetProvider()->IsRemote());
    object->release();

    kernel.ask(MessageType::NewUserClient, Writer().u64(5).u32(0).value(Value::dictionary()));
    CHECK(kernel.reply(message).i32() == kIOReturnError); // the base class refuses (contract §4.1)
    kernel.ask(MessageType::CopyClientMemory, Writer().u64(6).u64(0));
    CHECK(kernel.reply(message).i32() == kIOReturnNotReady); // no such user client

    kernel.ask(MessageType::Instantiate, Writer().u64(6).string("SampleClient").u64(5).string(""));
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    kernel.ask(MessageType::CopyClientMemory, Writer().u64(6).u64(0));
    CHECK(kernel.reply(message).i32() == kIOReturnBadArgument);
    Fd client;
    Fd dext;
    CHECK(createSocketPair(client, dext));
    const int fds[] = {dext.get()};
    kernel.ask(MessageType::OpenChannel, Writer().u64(6), fds);
    dext.reset();
    Channel calls{std::move(client)};
    Writer body;
    body.u32(3).u8(0).u32(2).u64(0).u32(0).u64(0);
    CHECK(calls.send(MessageType::Call, 1, body));
    CHECK(calls.receive(message));
    Reader outcome = message.reader();
    CHECK(outcome.i32() == kIOReturnSuccess && outcome.u32() == 2 && outcome.u64() == 100);

    kernel.ask(MessageType::Finalized, Writer().u64(6));
    CHECK(!calls.receive(message)); // the dext closes it
    gRecord.order.clear();
    kernel.ask(MessageType::Stop, Writer().u64(5).u64(1).u8(0));
    CHECK(kernel.expect(MessageType::DidStop).reader().u64() == 5);
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    CHECK(gRecord.order == "T");
    const uint32_t before = gRecord.freed;
    kernel.ask(MessageType::Finalized, Writer().u64(5));
    for (int i = 0; i < 500 && gRecord.freed == before; i++) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    CHECK(gRecord.freed == before + 1);
    CHECK(copyObject(5) == nullptr);
}

} // namespace

void testKernel(SampleDerived * sample, SampleClient * client) {
    Kernel kernel;
    testCompletion(kernel, client);
    testMemory(kernel);
    client->release();
    sample->release();
    testLife(kernel);
}
