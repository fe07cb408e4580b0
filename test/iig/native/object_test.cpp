// Classes, references, and messages to objects.
#include "support.h"

#include <DriverKit/OSCollections.h>
#include <cstring>
#include <string>

namespace {

void testClasses() {
    SampleDerived * const derived = make<SampleDerived>(OSTypeID(SampleDerived));
    OSObject * const object = derived;
    CHECK(OSDynamicCast(SampleService, object) == derived);
    CHECK(OSDynamicCast(IOUserClient, object) == nullptr);
    CHECK(OSDynamicCast(IOService, static_cast<OSObject *>(nullptr)) == nullptr);
    CHECK(OSRequiredCast(IOService, object) == derived);
    CHECK(dies([object] { (void)OSRequiredCast(IOUserClient, object); }));
    CHECK(strcmp(derived->GetClassName(), "SampleDerived") == 0);
    CHECK(derived->getMetaClass() == OSTypeID(SampleDerived));
    CHECK(derived->Kind() == 11);
    derived->retain();
    derived->release();
    CHECK(gRecord.freed == 0);
    derived->release();
    CHECK(gRecord.freed == 1);
}

void testMessages(SampleDerived * sample) {
    uint64_t number = 0;
    OSString * text = nullptr;
    CHECK(sample->Describe(kSampleFast, "label", &number, &text) == kIOReturnSuccess);
    CHECK(number == 5); // 2·2 of the base, 1 of the override
    CHECK(strcmp(text->getCStringNoCopy(), "label") == 0);
    text->release();
    const std::string tooLong(200, 'x');
    CHECK(sample->Describe(kSampleSlow, tooLong.c_str(), nullptr, &text) == kIOReturnSuccess);
    CHECK(text->getLength() == 127); // IOServiceName has 128 bytes
    text->release();

    const uint32_t values[] = {1, 2, 3, 4};
    CHECK(sample->Sum(values, 3, &number) == kIOReturnSuccess);
    CHECK(number == 6);
    CHECK(sample->Sum(values, 9, &number) == kIOReturnOverrun); // more than the declaration holds
    CHECK(sample->Sum(nullptr, 0, &number) == kIOReturnSuccess);

    uint16_t filled[4] = {};
    uint32_t count = 2;
    CHECK(sample->Fill(filled, &count) == kIOReturnSuccess);
    CHECK(count == 2); // never more than asked for
    CHECK(filled[1] == 11);
    CHECK(filled[2] == 0);

    SamplePair pair{1, 2};
    CHECK(sample->Swap(&pair, &pair) == kIOReturnSuccess);
    CHECK(pair.first == 2 && pair.second == 1);
    CHECK(sample->Identify(sample) == kIOReturnSuccess);
    CHECK(sample->Identify(sample, 2) == kIOReturnBadArgument);
    uint32_t untouched = 1;
    CHECK(sample->Fail(&untouched) == kIOReturnBusy);
    CHECK(untouched == 1); // an error drops the outputs
    CHECK(sample->Fail(nullptr) == kIOReturnBusy);
    CHECK(sample->IsReady());
    CHECK(sample->Level() == 7);
    CHECK(sample->Abstract() == kIOReturnNoSpace);
    CHECK(SampleService::Count(&count) == kIOReturnSuccess);
    CHECK(count == gRecord.freed);
    CHECK(sample->Visit([](void *, int value) { return value + 1; }, nullptr) == 6);
    CHECK(sample->Call([](int value) { return value * 2; }, 4) == 8);
}

void testOverrides(SampleDerived * sample) {
    gRecord.order.clear();
    CHECK(sample->Start(nullptr) == kIOReturnSuccess);
    CHECK(gRecord.order == "DS");
    OSDictionary * const properties = OSDictionary::withCapacity(1);
    properties->setObject("Key", kOSBooleanTrue);
    CHECK(sample->SetProperties(properties) ==
          kIOReturnSuccess); // the driver's own, not the kernel's
    CHECK(gRecord.properties == 1);
    properties->release();
    // A wrong object is refused before the implementation sees it.
    CHECK(sample->Start(reinterpret_cast<IOService *>(kOSBooleanTrue)) == kIOReturnBadArgument);
    CHECK(sample->SetName("x") == kIOReturnOffline); // for the kernel, and there is none
}

} // namespace

void testObjects(SampleDerived * sample) {
    testClasses();
    testMessages(sample);
    testOverrides(sample);
}
