// The driver of the Vary interface: it takes apart what it is sent, and puts it together again.
#include "VaryDriver.h"
#include "VaryDriverCore.h"
#include "VaryUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct VaryDriver_IVars {
    VaryDriverCore core;
};

bool VaryDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(VaryDriver_IVars, 1);
    return ivars != nullptr;
}

void VaryDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, VaryDriver_IVars, 1);
    super::free();
}

kern_return_t VaryDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t VaryDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

VaryDriverCore * VaryDriver::Core() {
    return &ivars->core;
}

kern_return_t VaryDriver::Batch(VaryUserClient *, const VaryBatchReader * batch, uint32_t * entries,
                                VaryBatchWriter * batchOut) {
    *entries = static_cast<uint32_t>(batch->EntriesCount());
    // The counts in it are filled in by the writer, whatever they are here.
    VaryBatchHead head = batch->Head();
    head.count = 0;
    batchOut->PutHead(head);
    for (uint64_t i = batch->EntriesCount(); i > 0; i--) {
        VaryEntry entry = batch->Entries(i - 1);
        // Padding that a careless driver leaves must not reach the app.
        memset(reinterpret_cast<uint8_t *>(&entry) + 3, 0xEE, 1);
        batchOut->AddEntries(entry);
    }
    batchOut->PutText(batch->Text(), batch->TextLength());
    for (uint64_t i = 0; i < batch->SamplesCount(); i++) {
        batchOut->AddSamples(batch->Samples(i));
    }
    uint8_t * payload = batchOut->ReservePayload(batch->PayloadLength());
    if (payload != nullptr) {
        memcpy(payload, batch->Payload(), static_cast<size_t>(batch->PayloadLength()));
    }
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Words(VaryUserClient *, const VaryWordsReader * words,
                                VaryWordsWriter * wordsOut) {
    VaryWordsHead head = words->Head();
    head.header.total = static_cast<uint32_t>(words->Size());
    head.header.words = 0;
    wordsOut->PutHead(head);
    wordsOut->AddBody(words->Body(), words->BodyLength());
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Attributes(VaryUserClient *, const VaryAttributesReader * attributes,
                                     VaryAttributesWriter * attributesOut) {
    attributesOut->PutHead(attributes->Head());
    for (const VaryAttributeReader & attribute : attributes->All()) {
        attributesOut->AddAll([&](VaryAttributeWriter & writer) {
            writer.PutHead(attribute.Head());
            writer.AddValue(attribute.Value(), attribute.ValueLength());
        });
    }
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Tree(VaryUserClient *, const VaryTreeReader * tree, int32_t * points,
                               VaryTreeWriter * treeOut) {
    *points = 0;
    treeOut->PutHead(tree->Head());
    for (const VaryBranchReader & branch : tree->Branches()) {
        treeOut->AddBranches([&](VaryBranchWriter & branchOut) {
            branchOut.PutHead(branch.Head());
            for (const VaryLeafReader & leaf : branch.Leaves()) {
                branchOut.AddLeaves([&](VaryLeafWriter & leafOut) {
                    for (uint64_t i = 0; i < leaf.PointsCount(); i++) {
                        *points += leaf.Points(i);
                        leafOut.AddPoints(leaf.Points(i));
                    }
                });
            }
        });
    }
    treeOut->PutName(tree->Name(), tree->NameLength());
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Packed(VaryUserClient *, const VaryPackedReader * packed,
                                 VaryPackedWriter * packedOut) {
    packedOut->PutHead(packed->Head());
    for (uint64_t i = 0; i < packed->LevelsCount(); i++) {
        packedOut->AddLevels(packed->Levels(i) * 2);
    }
    packedOut->PutPart2(packed->Part2());
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Report(VaryUserClient *, const VaryReport * report, uint64_t reportLength,
                                 uint32_t * size, VaryReport * reportOut) {
    *size = static_cast<uint32_t>(reportLength);
    // Also behind its case, where nothing may leave.
    memset(reportOut, 0xEE, sizeof(*reportOut));
    switch (report->key.id) {
    case kVaryReportKey:
        reportOut->key = report->key;
        return kIOReturnSuccess;
    case kVaryReportKnob:
        // Answers with another case.
        reportOut->vendor = {.id = 0x90, .data = {1, 2, 3}};
        return kIOReturnSuccess;
    case kVaryReportKnob2:
        reportOut->knob = report->knob;
        return kIOReturnSuccess;
    default:
        // No case has this number: a driver that errs.
        reportOut->vendor.id = 0x7F;
        return kIOReturnSuccess;
    }
}

kern_return_t VaryDriver::Slot(VaryUserClient *, const VarySlot * slot, VarySlot * slotOut) {
    memset(slotOut, 0xEE, sizeof(*slotOut));
    slotOut->index = slot->index + 1;
    slotOut->setting.tag = slot->setting.tag;
    slotOut->setting.body = slot->setting.body;
    slotOut->report = slot->report;
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Setting(VaryUserClient *, const VarySetting * setting, uint64_t,
                                  VarySetting * settingOut) {
    settingOut->tag = setting->tag;
    settingOut->body = setting->body;
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Command(VaryUserClient *, const VaryCommandReader * command,
                                  VaryCommandWriter * commandOut) {
    using Kind = VaryCommandReader::Kind;
    switch (command->Which()) {
    case Kind::Stop:
        commandOut->PutStop();
        break;
    case Kind::Move: {
        VaryCommandMove move = command->Move();
        move.x = -move.x;
        commandOut->PutMove(move);
        break;
    }
    case Kind::Say:
        commandOut->PutSay([&](VaryCommandSayWriter & say) {
            say.PutWords(command->Say().Words(), command->Say().WordsLength());
        });
        break;
    }
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Script(VaryUserClient * client, const VaryScriptReader * script,
                                 VaryScriptWriter * scriptOut) {
    for (const VaryCommandReader & command : script->Commands()) {
        scriptOut->AddCommands(
            [&](VaryCommandWriter & writer) { Command(client, &command, &writer); });
    }
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Frame(VaryUserClient *, const VaryFrame * frame, VaryFrame * frameOut) {
    *frameOut = *frame;
    frameOut->init.sequence++;
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Envelope(VaryUserClient *, const VaryEnvelope * envelope,
                                   VaryEnvelope * envelopeOut) {
    envelopeOut->to = envelope->to;
    envelopeOut->frame = envelope->frame;
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Label(VaryUserClient *, const char * label, uint64_t labelLength,
                                char * text, uint64_t * textLength) {
    // Every text has a NUL behind it in the dext.
    if (strlen(label) != labelLength || *textLength < labelLength) {
        return kIOReturnInternalError;
    }
    for (uint64_t i = 0; i < labelLength; i++) {
        text[i] = label[labelLength - 1 - i];
    }
    *textLength = labelLength;
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Tag(VaryUserClient *, const char * tag, uint64_t tagLength,
                              uint8_t * length) {
    *length = static_cast<uint8_t>(tagLength);
    return strlen(tag) == tagLength ? kIOReturnSuccess : kIOReturnInternalError;
}

kern_return_t VaryDriver::Large(VaryUserClient *, uint32_t size, uint8_t * data,
                                uint64_t * dataLength) {
    if (size > *dataLength) {
        return kIOReturnNoSpace;
    }
    memset(data, 0x5A, size);
    *dataLength = size;
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Legacy(VaryUserClient * client, uint32_t size, uint8_t * first,
                                 uint8_t * data, uint64_t * dataLength) {
    *first = 0x5A;
    return Large(client, size, data, dataLength);
}

kern_return_t VaryDriver::Untold(VaryUserClient *, uint32_t count, VaryNumbersWriter * list) {
    for (uint64_t i = 0; i < count; i++) {
        list->AddValues(i * i);
    }
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Required(VaryUserClient *, const uint8_t * data, uint64_t dataLength,
                                   uint32_t * sum) {
    *sum = 0;
    for (uint64_t i = 0; i < dataLength; i++) {
        *sum += data[i];
    }
    return kIOReturnSuccess;
}

kern_return_t VaryDriver::Later(VaryUserClient *, uint64_t call, const VaryTreeReader * tree) {
    CompleteLater(call, kIOReturnSuccess, static_cast<uint32_t>(tree->NameLength()));
    return kIOReturnSuccess;
}
