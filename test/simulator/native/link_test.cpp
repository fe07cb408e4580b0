// What a process said before it ended counts, also when the kernel finds its end while writing to
// it.
#include "check.h"

#include "ipc/os.h"
#include "kernel/clock.h"
#include "kernel/link.h"

#include <csignal>

using namespace dextsim;

namespace {

constexpr int kMessages = 3;

struct Heard {
    int messages = 0;
    bool gone = false;
};

// The other end says three things and closes; `writes`: this end writes before it has read them.
Heard listen(bool writes) {
    EventLoop loop;
    Fd ours;
    Fd theirs;
    CHECK(createSocketPair(ours, theirs));
    Heard heard;
    Link link(
        loop, std::move(ours), [&heard](Message &) { ++heard.messages; },
        [&heard, &loop] {
            heard.gone = true;
            loop.stop();
        });
    for (int i = 0; i < kMessages; ++i) {
        CHECK(sendMessage(theirs.get(), MessageType::Log, 0, {}));
    }
    theirs.reset();
    if (writes) {
        link.send(MessageType::Finalized, Writer().u64(1));
    }
    loop.run();
    return heard;
}

void testEnd(bool writes) {
    const Heard heard = listen(writes);
    CHECK(heard.messages == kMessages);
    CHECK(heard.gone);
}

// A request that nobody answers is told so, once.
void testUnanswered() {
    EventLoop loop;
    Fd ours;
    Fd theirs;
    CHECK(createSocketPair(ours, theirs));
    int answers = 0;
    bool delivered = true;
    Link link(
        loop, std::move(ours), [](Message &) {}, [&loop] { loop.stop(); });
    link.request(MessageType::Stop, Writer().u64(1), [&](Answer & answer) {
        ++answers;
        delivered = answer.delivered;
    });
    theirs.reset();
    loop.run();
    CHECK(answers == 1 && !delivered);
}

void testCancelledTimers() {
    EventLoop loop;
    Clock clock(loop);
    const Clock::TimerId timer = clock.after(std::chrono::seconds(1000), [] {});
    CHECK(clock.size() == 1);
    clock.cancel(timer);
    clock.cancel(timer);
    clock.cancel(0);
    CHECK(clock.size() == 0 && clock.nextDeadline() == 0);
}

} // namespace

int main() {
    signal(SIGPIPE, SIG_IGN);
    testEnd(false);
    testEnd(true);
    testUnanswered();
    testCancelledTimers();
    printf("ok %d\n", gChecks.load());
    return 0;
}
