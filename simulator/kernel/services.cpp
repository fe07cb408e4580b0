// See services.h.
#include "services.h"

#include "busy.h"
#include "entitlements.h"
#include "lifecycle.h"
#include "matching.h"
#include "processes.h"
#include "watchdog.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <utility>

namespace dextsim {

namespace {

struct Candidate {
    const Bundle * bundle;
    const Personality * personality;
    std::string category;
    int score;
};
using Candidates = std::vector<Candidate>;

constexpr const char * kDefaultCategory = "IODefaultMatchCategory";

std::string categoryOf(const Personality & personality) {
    const std::string & category = personality.string("IOMatchCategory");
    return category.empty() ? kDefaultCategory : category;
}

bool isTaken(Kernel & kernel, const Entry & provider, const std::string & category) {
    if (kernel.starting.contains({provider.id, category})) {
        return true;
    }
    return std::any_of(provider.clients.begin(), provider.clients.end(), [&](uint64_t id) {
        DextObject * object = kernel.object(id);
        return object != nullptr && object->service && object->service->category == category &&
               !kernel.registry.find(id)->inactive;
    });
}

void explainMismatch(Kernel & kernel, const Personality & personality, const Entry & provider,
                     const std::string & reason) {
    const std::string & wanted = personality.string("IOProviderClass");
    if (wanted == "IOResources" || isKindOf(provider.className, wanted)) {
        kernel.say("personality " + personality.name + " does not match " + provider.name + ": " +
                   reason);
    }
}

bool isInScope(const MatchScope & scope, const Personality & personality) {
    return scope.again == nullptr || (&personality == scope.again) != scope.gaveUp;
}

// Release builds of iPadOS let third-party dexts match real hardware only (contract §5.2).
bool isForbidden(Kernel & kernel, const Bundle & bundle, const Entry & provider) {
    const Value * development = bundle.entitlements.find("get-task-allow");
    return kernel.options.platform == Platform::IPadOS && provider.className == "IOUserResources" &&
           (development == nullptr || !development->asBoolean());
}

std::string whyNotStarting(Kernel & kernel, const Bundle & bundle, const Personality & personality,
                           const Entry & provider) {
    if (isForbidden(kernel, bundle, provider)) {
        return "on iPadOS a third-party driver may only match real hardware, unless it is signed "
               "for development (get-task-allow)";
    }
    const std::string missing = missingResource(kernel.registry, personality, provider);
    return missing.empty() ? "" : "it waits for the resource " + missing + " (IOResourceMatch)";
}

// Matching personalities of a provider, by category, best first.
std::map<std::string, Candidates> findCandidates(Kernel & kernel, const Entry & provider,
                                                 const MatchScope & scope) {
    std::map<std::string, Candidates> found;
    for (const Bundle & bundle : kernel.bundles) {
        if (bundle.superseded) {
            continue;
        }
        for (const Personality & personality : bundle.personalities) {
            if (!isInScope(scope, personality)) {
                continue;
            }
            std::string reason = whyNotMatching(kernel.registry, personality, provider);
            if (reason.empty()) {
                reason = whyNotStarting(kernel, bundle, personality, provider);
            }
            if (!reason.empty()) {
                explainMismatch(kernel, personality, provider, reason);
                continue;
            }
            std::string category = categoryOf(personality);
            found[category].push_back({&bundle, &personality, category, probeScore(personality)});
        }
    }
    for (auto & [category, candidates] : found) {
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const auto & a, const auto & b) { return a.score > b.score; });
    }
    return found;
}

// One attempt after the other to start a driver of one category on a provider.
struct Start {
    Kernel & kernel;
    uint64_t provider;
    Candidates candidates;
    size_t at = 0;
    uint64_t service = 0;
    uint32_t process = 0;
};
using StartRef = std::shared_ptr<Start>;

void tryNext(StartRef start);

const Candidate & current(const StartRef & start) {
    return start->candidates[start->at];
}

// The provider is busy while a driver of it is being started.
void endStart(const StartRef & start) {
    Kernel & kernel = start->kernel;
    if (kernel.starting.erase({start->provider, current(start).category}) != 0) {
        changeBusy(kernel.registry, start->provider, -1);
    }
}

void finish(const StartRef & start) {
    endStart(start);
    if (start->process != 0) {
        releaseProcess(start->kernel, start->process);
    }
}

void failed(const StartRef & start, const std::string & reason) {
    Kernel & kernel = start->kernel;
    kernel.say(current(start).personality->string("IOUserClass") + " did not start: " + reason);
    if (start->service != 0) {
        dropObject(kernel, start->service);
        start->service = 0;
    }
    if (start->process != 0) {
        releaseProcess(kernel, start->process);
        start->process = 0;
    }
    if (start->at + 1 < start->candidates.size()) {
        ++start->at;
        tryNext(start);
    } else {
        endStart(start);
        // The system's composite driver gets a device that nobody else could drive.
        configureDefault(kernel, start->provider);
    }
}

// A failure to reach the dext, or the dext's own.
std::string explain(const Answer & answer, const char * step) {
    return answer.delivered ? std::string(step) + " returned " + hexStatus(answer.status)
                            : std::string("the dext died in ") + step;
}

void started(const StartRef & start) {
    Kernel & kernel = start->kernel;
    uint64_t id = start->service;
    DextObject * object = kernel.object(id);
    finish(start);
    if (object == nullptr || kernel.registry.find(id) == nullptr) {
        return; // the provider went while Start ran
    }
    object->service->started = true;
    object->power.joined = true; // matched services always are (contract §4.4)
    kernel.say(kernel.registry.find(id)->name + " started (" + hex(id) + ")");
    if (object->service->registerPending) {
        registerEntry(kernel, id);
    }
}

void sendStart(const StartRef & start) {
    Kernel & kernel = start->kernel;
    const Entry * provider = kernel.registry.find(start->provider);
    DextProcess * process = kernel.process(start->process);
    if (provider == nullptr || provider->inactive || process == nullptr || !process->link) {
        failed(start, "the provider is gone");
        return;
    }
    Writer body;
    body.u64(start->service).u64(provider->id).string(provider->className);
    const Entry * service = start->kernel.registry.find(start->service);
    if (DextObject * object = kernel.object(start->service)) {
        object->service->startSent = true;
    }
    const auto came = watchAnswer(start->kernel, *process,
                                  (service == nullptr ? "" : service->name + "::") + "Start",
                                  "its service cannot be opened until it does");
    process->link->request(MessageType::Start, body, [start, came](Answer & answer) {
        came();
        if (!answer.delivered || answer.status != kIOReturnSuccess) {
            failed(start, explain(answer, "Start"));
        } else {
            started(start);
        }
    });
}

void instantiate(const StartRef & start, DextProcess * process) {
    Kernel & kernel = start->kernel;
    Entry * provider = kernel.registry.find(start->provider);
    if (process == nullptr || provider == nullptr || provider->inactive) {
        failed(start, process == nullptr ? "its process did not check in" : "the provider is gone");
        return;
    }
    const Candidate & candidate = current(start);
    std::string userClass = candidate.personality->string("IOUserClass");
    Value properties = candidate.personality->properties;
    properties.put("IOMatchCategory", Value::string(candidate.category));
    properties.put("IOProbeScore", Value::number(static_cast<uint32_t>(candidate.score)));
    // The registry name of a dext's service is its IOUserClass (contract §4.4).
    Entry & entry = kernel.registry.add(
        provider->id, userClass, candidate.personality->string("IOClass"), std::move(properties));
    start->service = entry.id;
    DextObject & object = kernel.objects[entry.id];
    object.id = entry.id;
    object.process = process->id;
    object.service = std::make_unique<ServicePart>();
    object.service->bundle = candidate.bundle;
    object.service->category = candidate.category;
    object.service->personality = candidate.personality;
    Writer body;
    body.u64(entry.id).string(userClass).u64(provider->id).string(provider->className);
    body.value(entry.properties);
    process->link->request(MessageType::Instantiate, body, [start, userClass](Answer & answer) {
        if (answer.delivered && answer.status == kIOReturnUnsupportedMode) {
            failed(start, "no user class found: the executable has no class " + userClass +
                              " (IOUserClass)");
        } else if (!answer.delivered || answer.status != kIOReturnSuccess) {
            failed(start, explain(answer, "instantiation"));
        } else {
            sendStart(start);
        }
    });
}

void tryNext(StartRef start) {
    Kernel & kernel = start->kernel;
    const Candidate & candidate = current(start);
    const Entry * provider = kernel.registry.find(start->provider);
    if (provider == nullptr || provider->inactive) {
        finish(start);
        return;
    }
    std::string denied =
        kernel.options.checkEntitlements
            ? whyDextDenied(granted(kernel, candidate.bundle->entitlements), provider->properties)
            : "";
    if (!denied.empty()) {
        failed(start, "Entitlements check failed: " + denied);
        return;
    }
    // The mere presence of the key counts (contract §5.2).
    const Value & properties = candidate.personality->properties;
    Placement placement{candidate.bundle, candidate.personality->string("IOUserServerName"),
                        properties.find("IOUserServerOneProcess") != nullptr, start->provider};
    placeProcess(kernel, placement, [start](DextProcess * process) {
        start->process = process == nullptr ? 0 : process->id;
        instantiate(start, process);
    });
}

bool isDuplicate(Kernel & kernel, const Bundle & bundle, std::string & error) {
    for (const Bundle & known : kernel.bundles) {
        if (known.identifier == bundle.identifier && !known.superseded) {
            error = bundle.path + "/Info.plist: the key CFBundleIdentifier is \"" +
                    bundle.identifier + "\", which " + known.path + " already has";
            return true;
        }
    }
    return false;
}

// Matches a new bundle against everything that is there.
void enter(Kernel & kernel, Bundle bundle) {
    kernel.bundles.push_back(std::move(bundle));
    std::vector<uint64_t> providers;
    kernel.registry.each([&](Entry & entry) {
        if (entry.registered && !entry.inactive) {
            providers.push_back(entry.id);
        }
    });
    for (uint64_t provider : providers) {
        kernel.loop.later([&kernel, provider] { matchProvider(kernel, provider); });
    }
}

void sayWarnings(Kernel & kernel, const Bundle & bundle, std::string & warnings) {
    if (!warnings.empty()) {
        kernel.say(bundle.identifier + ": " + warnings);
        warnings.clear();
    }
}

} // namespace

bool addBundle(Kernel & kernel, const std::string & path, std::string & error) {
    Bundle bundle;
    if (!loadBundle(path, kernel.options.assumes(Assumption::UsbKeys), bundle, error) ||
        isDuplicate(kernel, bundle, error)) {
        return false;
    }
    sayWarnings(kernel, bundle, error);
    enter(kernel, std::move(bundle));
    return true;
}

bool replaceBundle(Kernel & kernel, const std::string & path, std::string & error) {
    Bundle bundle;
    if (!loadBundle(path, kernel.options.assumes(Assumption::UsbKeys), bundle, error)) {
        return false;
    }
    auto old = std::find_if(kernel.bundles.begin(), kernel.bundles.end(), [&](const Bundle & each) {
        return each.identifier == bundle.identifier && !each.superseded;
    });
    if (old == kernel.bundles.end()) {
        error = path + "/Info.plist: no bundle with the CFBundleIdentifier \"" + bundle.identifier +
                "\" is loaded that it could replace";
        return false;
    }
    old->superseded = true;
    kernel.say(bundle.identifier + ": " + path + " replaces " + old->path +
               "; what runs of it goes on");
    sayWarnings(kernel, bundle, error);
    enter(kernel, std::move(bundle));
    return true;
}

void matchProvider(Kernel & kernel, uint64_t id, MatchScope scope) {
    const Entry * provider = kernel.registry.find(id);
    if (provider == nullptr || provider->inactive || !provider->registered || kernel.shuttingDown) {
        return;
    }
    auto found = findCandidates(kernel, *provider, scope);
    if (!found.empty() && kernel.asleep) {
        kernel.say("drivers of " + provider->name + " are matched when the system wakes");
        kernel.deferredMatches.insert(id);
        return;
    }
    for (auto & [category, candidates] : found) {
        if (isTaken(kernel, *provider, category)) {
            continue;
        }
        kernel.starting.insert({id, category});
        changeBusy(kernel.registry, id, 1);
        tryNext(std::make_shared<Start>(Start{kernel, id, std::move(candidates)}));
    }
}

void matchDeferred(Kernel & kernel) {
    for (uint64_t provider : std::exchange(kernel.deferredMatches, {})) {
        matchProvider(kernel, provider);
    }
}

bool isDriven(Kernel & kernel, const Entry & provider) {
    return isTaken(kernel, provider, kDefaultCategory);
}

void registerEntry(Kernel & kernel, uint64_t id) {
    Entry * entry = kernel.registry.find(id);
    if (entry == nullptr || entry->inactive) {
        return;
    }
    // Registered again, it is published and matched again, but not for the first time.
    const bool first = !entry->registered;
    entry->registered = true;
    if (first) {
        kernel.notifications.post(kFirstPublish, *entry);
    }
    kernel.notifications.post(kPublish, *entry);
    matchProvider(kernel, id);
    entry->matched = true;
    kernel.notifications.post(kMatched, *entry);
    if (first) {
        kernel.notifications.post(kFirstMatch, *entry);
        watchedServiceMatched(kernel, *entry);
    }
}

int32_t registerService(Kernel & kernel, uint64_t id) {
    DextObject * object = kernel.object(id);
    if (object == nullptr) {
        return kIOReturnUnsupported;
    }
    if (!object->service) {
        // A user client need not be registered, but may be (contract §4.4).
        kernel.loop.later([&kernel, id] { registerEntry(kernel, id); });
        return kIOReturnSuccess;
    }
    if (!object->service->started) {
        object->service->registerPending = true;
    } else {
        kernel.loop.later([&kernel, id] { registerEntry(kernel, id); });
    }
    return kIOReturnSuccess;
}

} // namespace dextsim
