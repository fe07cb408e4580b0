// Connects to a running kernel process, and through it to a dext, and sends nonsense: broken
// frames, strangers' hellos, messages of every number with bodies that fit none of them, calls that
// lie about their sizes.
//   hostile_peer SEED ROUNDS SERVICE
// Prints "ok N" (N messages) when every socket was either cut off or still answers a request that
// is right.
#include "check.h"
#include "hostile.h"

#include <cstring>
#include <set>
#include <sys/socket.h>

using namespace hostile;

namespace {

constexpr int kPatience = 60; // seconds
constexpr uint64_t kProbe = 0xfeed'0000'0000'0000;

size_t gSent;

Fd dial() {
    Fd socket;
    CHECK(connectLocal(getenv(kSocketVariable), socket) == 0);
    setReceiveTimeout(socket);
    return socket;
}

Writer hello(Role role) {
    Writer body;
    body.u32(kProtocolVersion).u8(static_cast<uint8_t>(role)).string("hostile_peer");
    const Value drivers = Value::array({Value::string("com.example.Rule")});
    return body.value(
        Value::dictionary({{"com.apple.developer.driverkit.userclient-access", drivers}}));
}

// False: the peer cut us off. One that leaves us hanging fails the test.
bool receive(Channel & channel, Message & message) {
    for (int second = 0; second < kPatience; ++second) {
        const Channel::Result result = channel.tryReceive(message);
        if (result != Channel::Result::Nothing) {
            return result == Channel::Result::Message;
        }
    }
    CHECK(!"left hanging");
    return false;
}

// Reads until the reply of that id. False: the peer cut us off.
bool awaitReply(Channel & channel, uint64_t id, Message & message) {
    for (;;) {
        if (!receive(channel, message)) {
            return false;
        }
        if (message.type == MessageType::Reply && message.id == id) {
            return true;
        }
    }
}

bool ask(Channel & channel, MessageType type, const Writer & body, Message & reply) {
    const uint64_t id = kProbe + ++gSent;
    return channel.send(type, id, body) && awaitReply(channel, id, reply);
}

// What it says before that does not matter; what we sent may be thrown away (ECONNRESET).
bool isCutOff(Fd socket) {
    Channel channel(std::move(socket));
    Message message;
    while (receive(channel, message)) {
    }
    return true;
}

// ── broken frames ──

std::vector<uint8_t> frame(const Header & header, size_t body) {
    std::vector<uint8_t> bytes(sizeof header + body, 0x5a);
    memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

// Each of them is refused by every reader.
std::vector<std::vector<uint8_t>> brokenFrames(MessageType type) {
    return {
        frame({0, type, 0, 1}, 0),
        frame({sizeof(Header) - 1, type, 0, 1}, 8),
        frame({kMaxMessage + 1, type, 0, 1}, 64),
        frame({UINT32_MAX, type, 0, 1}, 64),
        frame({sizeof(Header) + 8, type, 1, 1}, 8), // its descriptor never comes
        frame({sizeof(Header) + 8, type, kMaxMessageFds + 1, 1}, 8),
    };
}

void sendBytes(const Fd & socket, const std::vector<uint8_t> & bytes) {
    CHECK(send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(bytes.size()));
    ++gSent;
}

// Half a message, and gone: nobody waits for the rest.
void leaveHalfway(Fd socket, MessageType type) {
    sendBytes(socket, frame({sizeof(Header) + 1000, type, 0, 1}, 10));
}

void testFrames() {
    for (const auto & bytes : brokenFrames(MessageType::Hello)) {
        Fd socket = dial();
        sendBytes(socket, bytes);
        CHECK(isCutOff(std::move(socket)));
    }
    leaveHalfway(dial(), MessageType::Hello);
    leaveHalfway(dial(), MessageType::Match);
}

// ── strangers ──

void testStrangers(Bodies & bodies) {
    Writer version;
    version.u32(kProtocolVersion + 1).u8(1).string("x").value(Value());
    Writer role;
    role.u32(kProtocolVersion).u8(9).string("x").value(Value());
    Writer trailing = hello(Role::Client);
    trailing.u8(0);
    for (const Writer & body : {version, role, trailing, Writer()}) {
        Channel channel(dial());
        Message reply;
        CHECK(ask(channel, MessageType::Hello, body, reply));
        CHECK(reply.reader().i32() != 0);
        CHECK(!ask(channel, MessageType::Match, Writer().value(Value::dictionary()), reply));
    }
    for (int i = 0; i < 20; ++i) {
        Channel channel(dial());
        const auto type = static_cast<MessageType>(3 + bodies.random.below(250));
        Message reply;
        CHECK(!ask(channel, type, bodies.body(true), reply));
    }
}

// ── messages of a role ──

// What would end the kernel process, kill its dexts or let its time stand still is no nonsense but
// an order.
const std::set<MessageType> kOrders = {
    MessageType::Shutdown,     MessageType::KillDext,  MessageType::Record,
    MessageType::HoldClock,    MessageType::StepClock, MessageType::SystemPower,
    MessageType::UnplugDevice,
};

MessageType probeOf(Role role) {
    return role == Role::Client ? MessageType::Match : MessageType::ReadClock;
}

Channel enter(Role role) {
    Channel channel(dial());
    Message reply;
    CHECK(ask(channel, MessageType::Hello, hello(role), reply));
    CHECK(reply.reader().i32() == 0);
    return channel;
}

// Numbers near those of the role, and any others.
MessageType typeFor(Role role, Random & random) {
    const uint64_t first = role == Role::Client ? 128 : role == Role::Device ? 192 : 224;
    const uint64_t number = random.below(4) != 0 ? first + random.below(28) : random.below(1 << 16);
    return static_cast<MessageType>(number);
}

// False: it was cut off.
bool stillAnswers(Channel & channel, Role role) {
    Message reply;
    if (!ask(channel, probeOf(role), Writer().value(Value::dictionary()), reply)) {
        return false;
    }
    CHECK(reply.reader().i32() == 0);
    return true;
}

void testRole(Role role, Bodies & bodies, uint64_t rounds) {
    Channel channel = enter(role);
    const Descriptors descriptors;
    for (uint64_t i = 0; i < rounds; ++i) {
        const MessageType type = typeFor(role, bodies.random);
        if (kOrders.contains(type)) {
            continue;
        }
        const auto fds = descriptors.some(bodies.random);
        const bool sent = channel.send(type, bodies.random.below(3) == 0 ? 0 : i + 1,
                                       bodies.body(bodies.random.below(2) != 0), fds);
        ++gSent;
        if (!sent || (i % 16 == 15 && !stillAnswers(channel, role))) {
            channel = enter(role);
        }
    }
    CHECK(stillAnswers(channel, role) || stillAnswers(channel = enter(role), role));
    for (const auto & bytes : brokenFrames(probeOf(role))) {
        Channel broken = enter(role);
        Fd socket(dup(broken.fd()));
        sendBytes(socket, bytes);
        CHECK(isCutOff(std::move(socket)));
    }
}

// ── calls ──

struct Opened {
    Channel session;
    uint64_t connection;
    Channel calls;
};

Channel callsFrom(Message & reply) {
    Fd socket = reply.takeFd();
    CHECK(socket.valid());
    setReceiveTimeout(socket);
    return Channel(std::move(socket));
}

Opened openService(uint64_t service) {
    Opened opened{enter(Role::Client), 0, Channel()};
    Message reply;
    CHECK(ask(opened.session, MessageType::Open, Writer().u64(service).u32(0), reply));
    Reader reader = reply.reader();
    CHECK(reader.i32() == 0);
    opened.connection = reader.u64();
    opened.calls = callsFrom(reply);
    return opened;
}

void reopen(Opened & opened) {
    Message reply;
    CHECK(ask(opened.session, MessageType::AddChannel, Writer().u64(opened.connection), reply));
    CHECK(reply.reader().i32() == 0);
    opened.calls = callsFrom(reply);
}

// A call that is right, but for what `lie` makes of it.
struct Call {
    uint32_t selector = 0;
    uint8_t flags = 0;
    uint32_t scalarOutputs = 0;
    uint64_t structOutput = 0;
    uint32_t scalars = 0;
    uint64_t structInput = 0;
    size_t bytes = 0; // that are there

    Writer body() const {
        Writer made;
        made.u32(selector).u8(flags).u32(scalarOutputs).u64(structOutput).u32(scalars);
        for (uint32_t i = 0; i < std::min(scalars, 64u); ++i) {
            made.u64(i);
        }
        made.u64(structInput);
        const std::vector<uint8_t> input(bytes, 0x5a);
        made.raw(input.data(), input.size());
        if ((flags & kCallAsync) != 0) {
            const uint64_t reference[kAsyncReferenceWords] = {};
            made.u64(UINT64_MAX).u32(7).u32(3).words(reference, kAsyncReferenceWords);
        }
        return made;
    }
};

Call lie(Random & random) {
    static const std::vector<uint64_t> sizes = {
        0, 1, 4096, 4097, 65536, 1 << 20, UINT32_MAX, INT64_MAX - 1, UINT64_MAX};
    static const std::vector<uint32_t> counts = {0, 1, 16, 17, 255, UINT32_MAX};
    Call call;
    call.selector = random.below(2) == 0 ? 0 : 1000 + static_cast<uint32_t>(random.below(4000));
    call.flags = static_cast<uint8_t>(random.below(3) == 0 ? random.below(256) : 0);
    call.scalarOutputs = random.of(counts);
    call.structOutput = random.of(sizes);
    call.scalars = random.of(counts);
    call.structInput = random.of(sizes);
    call.bytes =
        random.below(2) == 0 ? std::min<uint64_t>(call.structInput, 5000) : random.below(5000);
    return call;
}

void testCalls(uint64_t service, Bodies & bodies, uint64_t rounds) {
    Opened opened = openService(service);
    for (const auto & bytes : brokenFrames(MessageType::Call)) {
        Fd socket(dup(opened.calls.fd()));
        sendBytes(socket, bytes);
        CHECK(isCutOff(std::move(socket)));
        reopen(opened);
    }
    const Descriptors descriptors;
    Message reply;
    for (uint64_t i = 0; i < rounds; ++i) {
        const bool call = bodies.random.below(8) != 0;
        const Writer body = call ? lie(bodies.random).body() : bodies.body(true);
        const auto type = call || bodies.random.below(2) != 0
                              ? MessageType::Call
                              : static_cast<MessageType>(bodies.random.below(1 << 16));
        const bool sent = opened.calls.send(type, i + 1, body, descriptors.some(bodies.random));
        ++gSent;
        if (!sent || !awaitReply(opened.calls, i + 1, reply)) {
            reopen(opened);
        }
    }
    CHECK(ask(opened.calls, MessageType::Call, Call().body(), reply));
    CHECK(reply.reader().i32() == 0);
}

} // namespace

int main(int count, char ** arguments) {
    CHECK(count == 4);
    const uint64_t rounds = strtoull(arguments[2], nullptr, 10);
    const uint64_t service = strtoull(arguments[3], nullptr, 10);
    Bodies bodies(strtoull(arguments[1], nullptr, 10));
    bodies.ids.push_back(service);
    testFrames();
    testStrangers(bodies);
    for (const Role role : {Role::Client, Role::Device, Role::Control}) {
        testRole(role, bodies, rounds);
    }
    testCalls(service, bodies, rounds);
    printf("ok %zu\n", gSent);
}
