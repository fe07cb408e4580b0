// Serial queues without a kernel: many threads on many queues are no deadlock, circles of any
// length are one (contract §9.6).
#include "check.h"
#include "driverkit/runtime/serial_queue.h"
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using dextsim::Doing;
using dextsim::SerialQueue;
using QueueRef = std::shared_ptr<SerialQueue>;

// What `work` said before it aborted; empty when it ended by itself.
template <typename Work> std::string lastWords(Work work) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        work();
        _exit(0);
    }
    close(ends[1]);
    std::string words;
    char piece[1024];
    for (ssize_t size; (size = read(ends[0], piece, sizeof piece)) > 0;) {
        words.append(piece, static_cast<size_t>(size));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? words : "";
}

bool says(const std::string & words, const char * part) {
    return words.find(part) != std::string::npos;
}

// ── no deadlocks ──

struct Guarded {
    QueueRef queue = std::make_shared<SerialQueue>("stress");
    uint64_t plain = 0; // written on the queue alone
};

// Always from a queue to one behind it, so that there is no circle.
void climb(std::vector<Guarded> & all, size_t from, std::mt19937 & random) {
    const size_t next = from + 1 + random() % 3;
    if (next >= all.size()) {
        return;
    }
    const Doing doing("climb");
    all[next].queue->sync([&] {
        all[next].plain++;
        climb(all, next, random);
    });
}

void crowd() {
    constexpr unsigned kThreads = 6;
    constexpr unsigned kRounds = 3000;
    std::vector<Guarded> all(8);
    std::atomic<uint64_t> later{0};
    std::vector<std::thread> threads;
    for (unsigned number = 0; number < kThreads; ++number) {
        threads.emplace_back([&all, &later, number] {
            std::mt19937 random(number);
            for (unsigned round = 0; round < kRounds; ++round) {
                const size_t first = random() % 4;
                all[first].queue->sync([&] {
                    all[first].plain++;
                    climb(all, first, random);
                });
                all[7].queue->async([&later] { ++later; });
            }
        });
    }
    for (std::thread & thread : threads) {
        thread.join();
    }
    all[7].queue->sync([] {}); // behind all that nobody waited for
    CHECK(later == kThreads * kRounds);
    uint64_t sum = 0;
    for (Guarded & each : all) {
        each.queue->sync([&] { sum += each.plain; });
    }
    CHECK(sum > kThreads * kRounds);
}

// A thread that asks its queue again, and one that a reentrant queue lets in.
void again() {
    const auto plain = std::make_shared<SerialQueue>("plain");
    const auto other = std::make_shared<SerialQueue>("other");
    const auto reentrant = std::make_shared<SerialQueue>("reentrant", true);
    int runs = 0;
    plain->sync([&] { plain->sync([&] { ++runs; }); });
    reentrant->sync([&] { other->sync([&] { reentrant->sync([&] { ++runs; }); }); });
    CHECK(runs == 2);
}

// ── deadlocks ──

// Threads in a circle: each on its queue, and when all are there, to the next.
void circle(size_t count) {
    std::vector<QueueRef> queues;
    for (size_t i = 0; i < count; ++i) {
        queues.push_back(std::make_shared<SerialQueue>("q" + std::to_string(i)));
    }
    std::atomic<size_t> there{0};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < count; ++i) {
        threads.emplace_back([&queues, &there, i, count] {
            const Doing running("running");
            queues[i]->sync([&] {
                ++there;
                while (there < count) {
                    std::this_thread::yield();
                }
                const Doing wanted("wanted");
                queues[(i + 1) % count]->sync([] {});
            });
        });
    }
    for (std::thread & thread : threads) {
        thread.join();
    }
}

void deadlocks() {
    for (const size_t count : {2u, 3u, 8u}) {
        const std::string words = lastWords([count] { circle(count); });
        CHECK(says(words, "deadlock (contract §9.6): running on queue \"q"));
        CHECK(says(words, "waits for queue \"q0\" to run wanted"));
        CHECK(says(words, "A Mac hangs here"));
    }
    const std::string words = lastWords([] {
        const auto one = std::make_shared<SerialQueue>("one");
        const auto two = std::make_shared<SerialQueue>("two");
        one->sync([&] { two->sync([&] { one->sync([] {}); }); });
    });
    CHECK(says(words, "on queues \"one\", \"two\" waits for queue \"one\""));
    CHECK(says(lastWords([] {
                   const auto one = std::make_shared<SerialQueue>("one");
                   one->sync([&] { dextsim::refuseToWaitFor(*one, "an answer"); });
               }),
               "waits for an answer on queue \"one\""));
}

} // namespace

int main() {
    deadlocks(); // first: it forks, and there are no threads yet
    again();
    crowd();
    printf("%d checks\n", gChecks.load());
    return 0;
}
