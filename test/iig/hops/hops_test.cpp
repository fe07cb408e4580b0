// Messages between a driver's objects, without a kernel: queues, order, replies, actions, and what
// they carry (contract §9.3–§9.6).
#include "check.h"
#include "hops.h"

#include <DriverKit/IOLib.h>
#include <cstring>
#include <sys/wait.h>
#include <thread>
#include <type_traits>
#include <unistd.h>

namespace {

template <typename Class> Class * make(OSMetaClass * meta) {
    OSObject * object = nullptr;
    CHECK(OSObjectAllocate(meta, &object) == kIOReturnSuccess);
    CHECK(object->init());
    return static_cast<Class *>(object);
}

template <typename Work> bool dies(Work work) {
    const pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

// Everything that was sent to the queue before has run.
void drain(IODispatchQueue * queue) {
    queue->DispatchSync_f(nullptr, [](void *) {});
}

// ── the header ──

static_assert(
    std::is_same_v<decltype(&HopWorker::Note_Invoke),
                   kern_return_t (*)(const IORPC, OSMetaClassBase *, HopWorker::Note_Handler)>);
static_assert(std::is_same_v<HopWorker::Note_Handler,
                             kern_return_t (*)(OSMetaClassBase *, HopWorker_Note_Args)>);
static_assert(std::is_same_v<HopWorker::super, IOService>);
static_assert(HopWorker_Note_ID != HopWorker_Tell_ID && HopListener_Heard_ID != 0);
static_assert(std::is_base_of_v<OSAction, OSAction_HopListener_Heard>);

void testHeader(HopWorker * worker, HopListener * listener) {
    CHECK(HopWorker::sGetMetaClass() == OSTypeID(HopWorker));
    CHECK(OSTypeID(HopWorker) == gHopWorkerMetaClass);
    CHECK(worker->Kind_Call() == 41);
    CHECK(listener->tag == 77); // a member that HopListener_DECLARE_IVARS put there
    CHECK(HopWorker_Class.instanceSize == sizeof(HopWorker));
    CHECK(strcmp(HopWorker_Class.description->superName, "IOService") == 0);
}

// ── where a message runs ──

void testPlaces(HopWorker * worker) {
    bool on = false;
    CHECK(!worker->IsOnQueue()); // LOCALONLY: on the thread of the caller
    CHECK(worker->WherePlain(&on) == kIOReturnSuccess && on);
    on = false;
    CHECK(worker->WhereLocal(&on) == kIOReturnSuccess && on);
    on = false;
    CHECK(worker->WhereRemote(&on) == kIOReturnSuccess && on);
    on = false;
    CHECK(worker->WhereHost(&on) == kIOReturnSuccess && on);
    on = false;
    CHECK(worker->WhereAside(&on) == kIOReturnSuccess && on);
    uint32_t value = 0;
    CHECK(worker->Extra(&value) == kIOReturnSuccess && value == 11);
}

// One queue calls into another, which calls into a third; each reply comes back.
void testNested(HopWorker * worker, HopListener * listener) {
    struct Context {
        HopWorker * worker;
        HopListener * listener;
        uint64_t answer;
        kern_return_t status;
    } context{worker, listener, 0, kIOReturnError};
    IODispatchQueue * client = nullptr;
    CHECK(IODispatchQueue::Create("client", 0, 0, &client) == kIOReturnSuccess);
    client->DispatchSync_f(&context, [](void * data) {
        auto & each = *static_cast<Context *>(data);
        each.status = each.worker->Ask(each.listener, 21, &each.answer);
    });
    CHECK(context.status == kIOReturnSuccess && context.answer == 142);
    CHECK(listener->ivars->answersElsewhere == 0);
    client->release();
}

// ── order ──

void testOrder(HopWorker * worker) {
    constexpr uint32_t kThreads = 3;
    constexpr uint32_t kNotes = 300;
    std::vector<std::thread> threads;
    for (uint32_t thread = 0; thread < kThreads; thread++) {
        threads.emplace_back([worker, thread] {
            uint32_t last = 0;
            for (uint32_t i = 0; i < kNotes; i++) {
                uint32_t count = 0;
                CHECK(worker->Note(thread * kNotes + i, &count) == kIOReturnSuccess);
                CHECK(count > last); // the reply is this note's, not an earlier one's
                last = count;
            }
        });
    }
    for (std::thread & thread : threads) {
        thread.join();
    }
    const std::vector<uint32_t> & notes = *worker->ivars->notes;
    CHECK(notes.size() == kThreads * kNotes);
    CHECK(worker->ivars->elsewhere == 0);
    uint32_t next[kThreads] = {};
    for (const uint32_t note : notes) {
        CHECK(note % kNotes == next[note / kNotes]);
        next[note / kNotes]++;
    }
}

// ── actions ──

void testActions(HopWorker * worker, HopListener * listener) {
    OSAction * action = nullptr;
    CHECK(listener->CreateActionHeard(sizeof(uint64_t), &action) == kIOReturnSuccess);
    CHECK(OSDynamicCast(OSAction_HopListener_Heard, static_cast<OSObject *>(action)) != nullptr);
    *static_cast<uint64_t *>(action->GetReference()) = 1000;
    CHECK(worker->Tell(action, 100) == kIOReturnSuccess);
    drain(listener->ivars->ears);
    const std::vector<HopHeard> & heard = *listener->ivars->heard;
    CHECK(heard.size() == 100);
    for (uint32_t i = 0; i < 100; i++) {
        CHECK(heard[i].number == i && heard[i].onEars && heard[i].reference == 1000 + i);
        CHECK(heard[i].text == (i % 2 == 0 ? "even" : "odd"));
        uint64_t sum = 0;
        for (uint64_t word = 0; word < i % 5; word++) {
            sum += i + word;
        }
        CHECK(heard[i].sum == sum);
    }

    OSAction * other = nullptr;
    CHECK(listener->CreateActionTicked(0, &other) == kIOReturnSuccess);
    CHECK(worker->Tell(other, 1) == kIOReturnSuccess); // of another kind: reported, not delivered
    drain(listener->ivars->ears);
    CHECK(heard.size() == 100);
    other->release();

    CHECK(action->Cancel(nullptr) == kIOReturnSuccess);
    CHECK(worker->Tell(action, 5) == kIOReturnSuccess);
    drain(listener->ivars->ears);
    CHECK(heard.size() == 100);
    CHECK(worker->Tell(nullptr, 5) == kIOReturnSuccess); // no action, nobody to tell
    action->release();
}

// ── what a message carries ──

void testCargo(HopWorker * worker) {
    HopShape in{3, {{1, 2}, {3, 4}, {5, 6}}, {"label"}};
    HopShape out{};
    HopMode next = HopMode::kSlow;
    CHECK(worker->Shape(HopMode::kSlow, &in, &out, &next) == kIOReturnSuccess);
    CHECK(out.corners == 4 && out.points[0][1] == 2 && out.points[2][1] == 12);
    CHECK(strcmp(out.label.name, "seen") == 0 && next == HopMode::kFast);
    CHECK(worker->Ratio(6, 1.5) == 4);
    CHECK(worker->Ratio(6) == 1.5);

    OSString * const text = OSString::withCString("one");
    OSArray * all = nullptr;
    OSObject * const objects[3] = {text, text, worker};
    CHECK(worker->Gather(objects, 3, text, &all) == kIOReturnSuccess);
    CHECK(all->getCount() == 4 && all->getObject(2) == worker);
    all->release();
    CHECK(worker->Gather(objects, 4, text, &all) == kIOReturnOverrun);
    text->release();

    OSString * name = nullptr;
    CHECK(worker->Name("longer than eight", &name) == kIOReturnSuccess);
    CHECK(strcmp(name->getCStringNoCopy(), "longer ") == 0);
    name->release();
    // What came back is no array: refused, as generated code does on a Mac.
    all = reinterpret_cast<OSArray *>(&name);
    CHECK(worker->Mistake(&all) == kIOReturnBadArgument && all == nullptr);
    // Generated code writes an object and reads a string without looking.
    CHECK(dies([worker] { worker->Mistake(nullptr); }));
    CHECK(dies([worker, &name] { worker->Name(nullptr, &name); }));
}

} // namespace

int main() {
    HopWorker * const worker = make<HopWorker>(OSTypeID(HopWorker));
    HopListener * const listener = make<HopListener>(OSTypeID(HopListener));
    testHeader(worker, listener);
    testPlaces(worker);
    testNested(worker, listener);
    testOrder(worker);
    testActions(worker, listener);
    testCargo(worker);
    worker->release();
    listener->release();
    printf("%d checks\n", static_cast<int>(gChecks));
    return 0;
}
