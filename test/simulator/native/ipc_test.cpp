// Bodies, values and channels: what goes in comes out, and nonsense is refused.
#include "check.h"

#include "ipc/channel.h"
#include "ipc/connection.h"
#include "ipc/os.h"

#include <cstring>
#include <thread>

using namespace dextsim;

static Value sample() {
    return Value::dictionary({
        {"flag", Value::boolean(true)},
        {"number", Value::number(0x0957, 16)},
        {"text", Value::string("Oszilloskop µ")},
        {"data", Value::data({1, 2, 255})},
        {"list", Value::array({Value::string("a"), Value::number(2), Value()})},
        {"set", Value::set({Value::number(7)})},
        {"inner", Value::dictionary({{"deep", Value::array({Value::dictionary()})}})},
    });
}

static void testValues() {
    Writer writer;
    writer.value(sample()).u8(42);
    Reader reader(writer.body());
    Value copy = reader.value();
    CHECK(copy == sample());
    CHECK(copy.find("number")->bits() == 16);
    CHECK(reader.u8() == 42 && reader.done());
    CHECK(Value::number(5, 8) == Value::number(5, 64));
    CHECK(!(Value::number(5) == Value::string("5")));
}

// Every truncation of a good body fails and none reads past the end.
static void testTruncation() {
    Writer writer;
    writer.value(sample());
    for (size_t size = 0; size < writer.body().size(); ++size) {
        std::vector<uint8_t> part(writer.body().begin(),
                                  writer.body().begin() + static_cast<ptrdiff_t>(size));
        Reader reader(part);
        reader.value();
        CHECK(!reader.done());
    }
}

static void testHostileValues() {
    Writer deep;
    for (int i = 0; i < 100; ++i) {
        deep.u8(static_cast<uint8_t>(Value::Kind::Array)).u32(1);
    }
    deep.u8(0);
    Reader deepReader(deep.body());
    deepReader.value();
    CHECK(!deepReader.ok());
    Writer huge;
    huge.u8(static_cast<uint8_t>(Value::Kind::Array)).u32(0xffffffff);
    Reader hugeReader(huge.body());
    hugeReader.value();
    CHECK(!hugeReader.ok());
    Writer tag;
    tag.u8(99);
    Reader tagReader(tag.body());
    tagReader.value();
    CHECK(!tagReader.ok());
}

static void testDescriptors() {
    Fd one;
    Fd other;
    CHECK(createSocketPair(one, other));
    Fd memory = createSharedMemory(4096);
    auto * bytes = static_cast<char *>(mapShared(memory, 4096, true));
    strcpy(bytes, "shared");
    int fds[] = {memory.get()};
    CHECK(sendMessage(one.get(), MessageType::Log, 7, {}, fds));
    CHECK(sendMessage(one.get(), MessageType::Log, 8, {}));
    Channel channel(std::move(other));
    Message first;
    Message second;
    CHECK(channel.receive(first) && channel.receive(second));
    CHECK(first.id == 7 && first.fds.size() == 1 && second.id == 8 && second.fds.empty());
    Fd received = first.takeFd();
    auto * again = static_cast<char *>(mapShared(received, 4096, false));
    CHECK(strcmp(again, "shared") == 0);
    Fd readOnly = reopenReadOnly(memory);
    CHECK(readOnly.valid());
    CHECK(mapShared(readOnly, 4096, true) == nullptr);
    CHECK(!first.takeFd(3).valid());
    unmapShared(bytes, 4096);
    unmapShared(again, 4096);
}

// A long message through a socket that takes a part at a time.
static void testLongMessages() {
    Fd one;
    Fd other;
    CHECK(createSocketPair(one, other));
    std::vector<uint8_t> body(3u << 20);
    for (size_t i = 0; i < body.size(); ++i) {
        body[i] = static_cast<uint8_t>(i * 7);
    }
    BufferedChannel sender(std::move(one));
    Writer writer;
    writer.raw(body.data(), body.size());
    for (uint64_t id = 1; id <= 3; ++id) {
        sender.send(MessageType::Log, id, writer);
    }
    CHECK(sender.wantsWrite());
    Channel receiver(std::move(other));
    std::thread pump([&] {
        while (sender.wantsWrite()) {
            CHECK(sender.flush());
            std::this_thread::yield();
        }
    });
    for (uint64_t id = 1; id <= 3; ++id) {
        Message message;
        CHECK(receiver.receive(message));
        CHECK(message.id == id && message.body == body);
    }
    pump.join();
    CHECK(sender.queuedBytes() == 0);
}

static void testNonsense() {
    Fd one;
    Fd other;
    CHECK(createSocketPair(one, other));
    BufferedChannel channel(std::move(other));
    uint32_t bad[4] = {3, 0, 0, 0}; // smaller than its own header
    CHECK(write(one.get(), bad, sizeof bad) == sizeof bad);
    CHECK(channel.fill());
    Message message;
    CHECK(!channel.next(message) && channel.broken());
}

static void testRequests() {
    Fd one;
    Fd other;
    CHECK(createSocketPair(one, other));
    Connection server(std::move(one));
    Connection client(std::move(other));
    std::thread serving([&] {
        server.serve(
            [](void * context, Message & message) {
                auto & self = *static_cast<Connection *>(context);
                uint32_t number = message.reader().u32();
                if (number == 99999) {
                    self.shutdown();
                } else {
                    self.reply(message.id, -1, Writer().u32(number * 2));
                }
            },
            &server);
    });
    std::thread reading([&] { client.serve([](void *, Message &) {}, nullptr); });
    std::vector<std::thread> callers;
    for (uint32_t i = 0; i < 4; ++i) {
        callers.emplace_back([&client, i] {
            for (uint32_t n = 0; n < 200; ++n) {
                uint32_t number = 1000 * i + n;
                Reply reply = client.request(MessageType::Log, Writer().u32(number));
                CHECK(reply.delivered && reply.status == -1);
                CHECK(reply.reader().u32() == number * 2);
            }
        });
    }
    for (std::thread & caller : callers) {
        caller.join();
    }
    CHECK(!client.request(MessageType::Log, Writer().u32(99999)).delivered);
    CHECK(!client.request(MessageType::Log, Writer().u32(1)).delivered);
    serving.join();
    reading.join();
}

int main() {
    testValues();
    testTruncation();
    testHostileValues();
    testDescriptors();
    testLongMessages();
    testNonsense();
    testRequests();
    printf("ok %d\n", gChecks.load());
}
