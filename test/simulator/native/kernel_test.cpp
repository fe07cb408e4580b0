// Parts of the kernel that are functions of their input: property lists, matching, entitlements,
// notifications, memory, USB descriptors.
#include "check.h"

#include "ipc/plist.h"
#include "kernel/entitlements.h"
#include "kernel/matching.h"
#include "kernel/memory.h"
#include "kernel/notifications.h"
#include "kernel/usb_descriptors.h"
#include "kernel/usb_matching.h"

#include <IOKit/IOReturn.h>

using namespace dextsim;

static std::string errorOf(const std::string & text) {
    Value value;
    PlistError error;
    return parsePlist(text, value, error) ? "" : std::to_string(error.line) + ": " + error.message;
}

static void testPlist() {
    Value value;
    PlistError error;
    CHECK(parsePlist("<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"a\" \"b\">\n<plist "
                     "version=\"1.0\"><!-- c --><dict><key>a&amp;b</key><string>x &lt; "
                     "&#x20AC;</string><key>n</key><integer> -5 </integer><key>h</key>"
                     "<integer>0x957</integer><key>d</key><data>AAEC/w==</data><key>l</key>"
                     "<array><true/><false></false><string/></array><key>e</key><dict/></dict>"
                     "</plist>",
                     value, error));
    CHECK(value.find("a&b")->asString() == "x < €");
    CHECK(value.find("n")->asNumber() == static_cast<uint64_t>(-5));
    CHECK(value.find("h")->asNumber() == 0x957);
    CHECK((value.find("d")->asData() == Value::Data{0, 1, 2, 255}));
    CHECK(value.find("l")->items().size() == 3 && value.find("e")->isDictionary());
    CHECK(errorOf("hello") == "1: not an XML property list: <plist> expected");
    CHECK(errorOf("<plist>\n<dict>\n<key>a</key><integer>x</integer></dict></plist>") ==
          "3: key \"a\": \"x\" is not an integer");
    CHECK(errorOf("<plist><dict><key>r</key><real>1.5</real></dict></plist>") ==
          "1: key \"r\": <real> cannot become a registry property");
    CHECK(errorOf("<plist><dict><key>a</key><true/><key>a</key><true/></dict></plist>") ==
          "1: the key \"a\" appears twice");
    CHECK(!errorOf("<plist><dict><key>a</key></dict></plist>").empty());
    CHECK(!errorOf("<plist><dict>").empty());
    CHECK(!errorOf("<plist><string>a<b/></string></plist>").empty());
}

static Personality scope() {
    return {"Scope", Value::dictionary({{"IOProviderClass", Value::string("IOUSBHostInterface")},
                                        {"idVendor", Value::number(0x957)},
                                        {"idProduct", Value::number(0x179a)},
                                        {"bConfigurationValue", Value::number(1)},
                                        {"bInterfaceNumber", Value::number(0)}})};
}

static Value interfaceNub() {
    return Value::dictionary({{"idVendor", Value::number(0x957, 16)},
                              {"idProduct", Value::number(0x179a, 16)},
                              {"bcdDevice", Value::number(0x100, 16)},
                              {"bConfigurationValue", Value::number(1, 8)},
                              {"bInterfaceNumber", Value::number(0, 8)},
                              {"bInterfaceClass", Value::number(0xff, 8)}});
}

static std::string mismatch(Value changed, const char * key) {
    Registry registry;
    Entry & nub = registry.add(registry.root(), "nub", "IOUSBHostInterface", interfaceNub());
    Personality personality = scope();
    personality.properties.put(key, std::move(changed));
    return whyNotMatching(registry, personality, nub);
}

static void testMatching() {
    Registry registry;
    Entry & nub = registry.add(registry.root(), "nub", "IOUSBHostInterface", interfaceNub());
    CHECK(whyNotMatching(registry, scope(), nub).empty());
    CHECK(mismatch(Value::number(0x958), "idVendor") ==
          "idVendor is 0x958 but the provider has 0x957");
    CHECK(mismatch(Value::string("0x957"), "idVendor") ==
          "idVendor is not an integer but the provider has 0x957");
    CHECK(!mismatch(Value::string("IOUSBHostDevice"), "IOProviderClass").empty());
    CHECK(mismatch(Value::string("IOService"), "IOProviderClass").empty());
    CHECK(!mismatch(Value::string("other"), "IONameMatch").empty());
    CHECK(
        mismatch(Value::array({Value::string("x"), Value::string("nub")}), "IONameMatch").empty());
    CHECK(
        !mismatch(Value::dictionary({{"bcdDevice", Value::number(1)}}), "IOPropertyMatch").empty());
    CHECK(mismatch(Value::string("bcdDevice"), "IOPropertyExistsMatch").empty());
    CHECK(mismatch(Value::string("IOResources"), "IOProviderClass").find("IOUserResources") !=
          std::string::npos);
    Entry & service = registry.add(nub.id, "ScopeDriver", "IOUserService", Value::dictionary());
    Value byName = Value::dictionary({{"IONameMatch", Value::string("ScopeDriver")}});
    Value byClass = Value::dictionary({{"IOProviderClass", Value::string("ScopeDriver")}});
    CHECK(serviceMatches(registry, byName, service));
    CHECK(!serviceMatches(registry, byClass, service));
}

static void testUsbKeySets() {
    Personality personality = scope();
    CHECK(whyNeverMatches(personality.properties, false).empty());
    personality.properties.entries().erase("bConfigurationValue");
    CHECK(!whyNeverMatches(personality.properties, false).empty());
    CHECK(whyNeverMatches(personality.properties, true).empty());
    personality.properties.put("idVendor", Value::string("2391"));
    CHECK(!whyNeverMatches(personality.properties, true).empty());
    personality.properties.put("idVendor", Value::number(0x10957));
    CHECK(!whyNeverMatches(personality.properties, true).empty());
}

static void testPropertyPrecedence() {
    Registry registry;
    Entry & entry = registry.add(registry.root(), "s", "IOUserService",
                                 Value::dictionary({{"both", Value::number(1)}}));
    entry.userProperties.put("both", Value::number(2));
    entry.userProperties.put("own", Value::number(3));
    CHECK(registry.property(entry, "both")->asNumber() == 1); // the real one first (§6.1)
    CHECK(registry.properties(entry).find("both")->asNumber() == 2);
    CHECK(registry.property(entry, "own")->asNumber() == 3);
}

static const Value kNone = Value::dictionary();
constexpr const char * kBundle = "com.example.Scope.driver";

static std::string denial(const Value & client, const Value & dext,
                          const Value & userClient = kNone, Platform platform = Platform::MacOS) {
    return whyDenied({platform, client, dext, kBundle, userClient});
}

static void testEntitlements() {
    auto has = [](const char * key, Value value) {
        return Value::dictionary({{key, std::move(value)}});
    };
    const char * access = "com.apple.developer.driverkit.userclient-access";
    const char * any = "com.apple.developer.driverkit.allow-any-userclient-access";
    const char * talks = "com.apple.developer.driverkit.communicates-with-drivers";
    CHECK(!denial(kNone, kNone).empty());
    CHECK(denial(has(access, Value::array({Value::string(kBundle)})), kNone).empty());
    CHECK(denial(has(access, Value::string(kBundle)), kNone).empty());
    CHECK(!denial(has(access, Value::array({Value::string("com.other")})), kNone).empty());
    CHECK(denial(kNone, has(any, Value::boolean(false))).empty()); // presence counts
    CHECK(!denial(has(access, Value::string(kBundle)), kNone, kNone, Platform::IPadOS).empty());
    Value third =
        has("com.apple.developer.driverkit.allow-third-party-userclients", Value::boolean(true));
    CHECK(denial(has(talks, Value::boolean(true)), third, kNone, Platform::IPadOS).empty());
    CHECK(!denial(has(talks, Value::boolean(true)), kNone, kNone, Platform::IPadOS).empty());
    Value needs = has(
        "IOServiceDEXTEntitlements",
        Value::array({Value::array({Value::string("a"), Value::string("b")}), Value::string("c")}));
    Value client = has(access, Value::string(kBundle));
    CHECK(!denial(client, kNone, needs).empty());
    client.put("a", Value::boolean(true));
    CHECK(!denial(client, kNone, needs).empty());
    client.put("b", Value::boolean(false));
    CHECK(denial(client, kNone, needs).empty());
}

static void testPrivilegeAndTransport() {
    Value required = Value::dictionary({{"IOUserClientEntitlements", Value::string("x")}});
    Value off = Value::dictionary({{"IOUserClientEntitlements", Value::boolean(false)}});
    CHECK(whyNotPrivileged(off, kNone).empty());
    CHECK(!whyNotPrivileged(required, kNone).empty());
    CHECK(!whyNotPrivileged(required, Value::dictionary({{"x", Value::boolean(false)}})).empty());
    CHECK(whyNotPrivileged(required, Value::dictionary({{"x", Value::boolean(true)}})).empty());
    const char * usb = "com.apple.developer.driverkit.transport.usb";
    Value nub = interfaceNub();
    nub.put("IOServiceDEXTEntitlements", Value::array({Value::string(usb)}));
    Value dext = Value::dictionary({{"com.apple.developer.driverkit", Value::boolean(true)}});
    CHECK(!whyDextDenied(kNone, nub).empty());
    CHECK(!whyDextDenied(dext, nub).empty());
    auto grant = [&](Value vendor) {
        dext.put(usb, Value::array({Value::dictionary({{"idVendor", std::move(vendor)}})}));
        return whyDextDenied(dext, nub);
    };
    CHECK(grant(Value::number(0x957)).empty());
    CHECK(!grant(Value::number(0x958)).empty());
    CHECK(!grant(Value::string("0x957")).empty());
    CHECK(grant(Value::string("*")).empty());
}

static void testNotifications() {
    Registry registry;
    int pings = 0;
    Notifications notifications(
        registry, [&](PortRef, uint64_t) { ++pings; },
        [](PortRef, uint64_t, uint64_t, uint32_t, uint64_t) {});
    Value matching = Value::dictionary({{"IOProviderClass", Value::string("IOUserService")}});
    uint64_t id = notifications.addMatching({1, 1}, kMatched, matching);
    auto publish = [&]() -> Entry & {
        Entry & entry = registry.add(registry.root(), "s", "IOUserService", Value::dictionary());
        entry.registered = entry.matched = true;
        notifications.post(kMatched, entry);
        return entry;
    };
    publish();
    CHECK(pings == 0); // not armed
    uint64_t first = notifications.next(id);
    CHECK(first != 0 && notifications.next(id) == 0);
    Entry & second = publish();
    Entry & third = publish();
    CHECK(pings == 1);                         // one ping for a set that was empty
    CHECK(notifications.next(id) == third.id); // last in, first out
    CHECK(notifications.next(id) == second.id && notifications.next(id) == 0);
    for (int i = 0; i < 1100; ++i) {
        publish();
    }
    int count = 0;
    while (notifications.next(id) != 0) {
        ++count;
    }
    CHECK(count == 1024 && pings == 2);
    CHECK(notifications.addMatching({1, 1}, "IOServiceNonsense", matching) == 0);
    CHECK(notifications.belongsTo(id, 1) && !notifications.belongsTo(id, 2));
    notifications.removeSession(1);
    CHECK(notifications.size() == 0);
}

static void testMemory() {
    MemoryTable table;
    MemoryDescriptor * memory = nullptr;
    CHECK(table.create(1, 0x10, 100, memory) == kIOReturnBadArgument);
    CHECK(table.create(1, 3, 0, memory) == kIOReturnNoMemory);
    CHECK(table.create(1, 3, 100, memory) == kIOReturnSuccess);
    CHECK(memory->length == 100 && memory->pieces().size() == 1);
    CHECK(memory->pieces()[0].backing->size % 4096 == 0 && memory->pieces()[0].bytes()[99] == 0);
    uint64_t whole = memory->id;
    MemoryDescriptor * part = nullptr;
    CHECK(table.createSub(1, 3, 50, 51, whole, part) == kIOReturnBadArgument);
    CHECK(table.createSub(1, 3, UINT64_MAX, 2, whole, part) == kIOReturnBadArgument);
    CHECK(table.createSub(1, 3, 50, 50, 999, part) == kIOReturnBadArgument);
    CHECK(table.createSub(1, 3, 50, 50, whole, part) == kIOReturnSuccess);
    const uint8_t seven[] = {7, 8};
    part->write(seven);
    CHECK(table.find(whole)->pieces()[0].bytes()[50] == 7);
    table.release(whole);
    CHECK(table.find(whole) == nullptr && part->pieces()[0].bytes()[0] == 7);
    table.releaseOwner(1);
    CHECK(table.size() == 0);
}

// Several parts are one memory, in their order, for what is copied into it (contract §2.5).
static void testMemoryParts() {
    MemoryTable table;
    MemoryDescriptor * one = nullptr;
    MemoryDescriptor * other = nullptr;
    MemoryDescriptor * both = nullptr;
    CHECK(table.create(1, 3, 10, one) == kIOReturnSuccess);
    CHECK(table.create(1, 3, 10, other) == kIOReturnSuccess);
    CHECK(table.createMulti(1, 3, {}, both) == kIOReturnBadArgument);
    CHECK(table.createMulti(1, 0x10, {one->id}, both) == kIOReturnBadArgument);
    CHECK(table.createMulti(1, 3, {one->id, 999}, both) == kIOReturnBadArgument);
    CHECK(table.createMulti(1, 3, {one->id, other->id}, both) == kIOReturnSuccess);
    CHECK(both->length == 20 && both->pieces().size() == 2);
    const uint8_t bytes[] = {1, 2, 3, 4};
    both->write(bytes, 8);
    CHECK(one->pieces()[0].bytes()[9] == 2 && other->pieces()[0].bytes()[0] == 3);
    MemoryDescriptor * middle = nullptr;
    CHECK(table.createSub(1, 3, 9, 2, both->id, middle) == kIOReturnSuccess);
    const auto pieces = middle->pieces();
    CHECK(pieces.size() == 2 && pieces[0].length == 1 && pieces[1].length == 1);
    CHECK(pieces[0].bytes()[0] == 2 && pieces[1].bytes()[0] == 3);
    both->write(std::vector<uint8_t>(30, 9)); // as far as it reaches
    CHECK(pieces[0].bytes()[0] == 9 && other->pieces()[0].bytes()[9] == 9);
}

static void testDescriptors() {
    Bytes configuration = {9, 2, 32, 0, 1,    1, 0, 0x80, 50, 9, 4, 0, 0, 2, 255, 0,
                           0, 0, 7,  5, 0x81, 2, 0, 2,    0,  7, 5, 2, 2, 0, 2,   0};
    ConfigurationDescriptor parsed;
    std::string error;
    CHECK(parseConfiguration(configuration, parsed, error));
    CHECK(parsed.interfaces.size() == 1 && parsed.interfaces[0].endpoints.size() == 2);
    CHECK(parsed.interfaces[0].endpoints[0].maxPacketSize == 512);
    CHECK(parsed.interfaces[0].endpoints[0].isIn() && parsed.interfaces[0].endpoints[0].isBulk());
    configuration[18] = 0; // a descriptor of length 0 must not loop
    CHECK(!parseConfiguration(configuration, parsed, error));
    CHECK(!parseConfiguration({9, 2}, parsed, error));
    CHECK(!checkDescriptors({}).empty());
}

int main() {
    testPlist();
    testMatching();
    testUsbKeySets();
    testPropertyPrecedence();
    testEntitlements();
    testPrivilegeAndTransport();
    testNotifications();
    testMemory();
    testMemoryParts();
    testDescriptors();
    printf("ok %d\n", gChecks.load());
}
