// What the audio system, as a session plays it, asks of a driver: on threads of its own, as its IO
// does not run on the driver's queue.
#include "audio_objects.h"

#include "../runtime/hid.h"
#include "../runtime/service_calls.h"
#include "../runtime/workers.h"

#include <DriverKit/OSString.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace dextsim {

namespace {

Value textOf(const OSSharedPtr<OSString> & name) {
    return Value::string(name ? name->getCStringNoCopy() : "");
}

// Values have no fractions, and rates none that matter.
Value rateOf(double rate) {
    return Value::number(static_cast<uint64_t>(std::llround(rate)));
}

Value describeStream(IOUserAudioStream * stream) {
    const IOUserAudioStreamBasicDescription format = stream->GetCurrentStreamFormat();
    const auto memory = stream->GetIOMemoryDescriptor();
    return Value::dictionary({{"id", Value::number(stream->GetObjectID())},
                              {"name", textOf(stream->GetName())},
                              {"input", Value::boolean(stream->GetStreamDirection() ==
                                                       IOUserAudioStreamDirection::Input)},
                              {"active", Value::boolean(stream->GetStreamIsActive())},
                              {"bytes", Value::number(bytesOf(memory.get()).size())},
                              {"rate", rateOf(format.mSampleRate)},
                              {"channels", Value::number(format.mChannelsPerFrame)},
                              {"bytesPerFrame", Value::number(format.mBytesPerFrame)},
                              {"bitsPerChannel", Value::number(format.mBitsPerChannel)}});
}

Value describeControl(IOUserAudioControl * control) {
    Value value =
        Value::dictionary({{"id", Value::number(control->GetObjectID())},
                           {"name", textOf(control->GetName())},
                           {"class", Value::number(static_cast<uint32_t>(control->GetClassID()))}});
    if (auto * const on = OSDynamicCast(IOUserAudioBooleanControl, control)) {
        value.put("on", Value::boolean(on->GetControlValue()));
    } else if (auto * const level = OSDynamicCast(IOUserAudioLevelControl, control)) {
        value.put("decibels", Value::string(std::to_string(level->GetDecibelValue())));
    } else if (auto * const slider = OSDynamicCast(IOUserAudioSliderControl, control)) {
        value.put("value", Value::string(std::to_string(slider->GetControlValue())));
    } else if (auto * const pan = OSDynamicCast(IOUserAudioStereoPanControl, control)) {
        value.put("value", Value::string(std::to_string(pan->GetControlValue())));
    }
    return value;
}

Value describeDevice(IOUserAudioDevice * device) {
    Value streams = Value::array(), controls = Value::array(), rates = Value::array();
    for (const auto & stream : audioStreams(device)) {
        streams.items().push_back(describeStream(stream.get()));
    }
    for (const auto & control : audioControls(device)) {
        controls.items().push_back(describeControl(control.get()));
    }
    std::vector<double> all(device->GetNumberAvailableSampleRates());
    all.resize(device->GetAvailableSampleRates(all.data(), all.size()));
    for (const double rate : all) {
        rates.items().push_back(rateOf(rate));
    }
    return Value::dictionary({{"id", Value::number(device->GetObjectID())},
                              {"uid", textOf(device->GetUID())},
                              {"name", textOf(device->GetName())},
                              {"period", Value::number(device->GetZeroTimestampPeriod())},
                              {"rates", std::move(rates)},
                              {"streams", std::move(streams)},
                              {"controls", std::move(controls)}});
}

std::vector<OSSharedPtr<IOUserAudioDevice>> devicesOf(IOUserAudioDriver * driver) {
    std::vector<OSSharedPtr<IOUserAudioDevice>> devices;
    for (const auto & object : audioObjects(driver)) {
        if (auto * const device = OSDynamicCast(IOUserAudioDevice, object.get())) {
            devices.emplace_back(device, OSRetain);
        }
    }
    return devices;
}

// Streams and controls belong to their device, not to the driver.
OSSharedPtr<IOUserAudioObject> objectOf(IOUserAudioDriver * driver, uint32_t id) {
    for (const auto & device : devicesOf(driver)) {
        for (const auto & stream : audioStreams(device.get())) {
            if (stream->GetObjectID() == id) {
                return OSSharedPtr<IOUserAudioObject>(stream.get(), OSRetain);
            }
        }
        for (const auto & control : audioControls(device.get())) {
            if (control->GetObjectID() == id) {
                return OSSharedPtr<IOUserAudioObject>(control.get(), OSRetain);
            }
        }
    }
    return driver->GetAudioObjectForObjectID(id);
}

// One call, with the reader on a copy of its body.
struct Call {
    uint64_t id;
    OSSharedPtr<IOUserAudioDriver> driver;
    std::vector<uint8_t> body;
};

kern_return_t operate(IOUserAudioDevice * device, Reader & body) {
    AudioOperation what;
    what.operation = body.u32();
    what.frames = body.u32();
    what.sampleTime = body.u64();
    what.hostTime = body.u64();
    return performOperation(device, what);
}

kern_return_t setRate(IOUserAudioDevice * device, double rate) {
    std::vector<double> rates(device->GetNumberAvailableSampleRates());
    rates.resize(device->GetAvailableSampleRates(rates.data(), rates.size()));
    return std::find(rates.begin(), rates.end(), rate) != rates.end() ? changeRate(device, rate)
                                                                      : kIOReturnUnsupported;
}

kern_return_t callDevice(const Call & call, AudioCall what, Reader & body, Writer & reply) {
    const uint32_t id = body.u32();
    const auto object = call.driver->GetAudioObjectForObjectID(id);
    auto * const device = OSDynamicCast(IOUserAudioDevice, object.get());
    if (device == nullptr) {
        return kIOReturnNotFound;
    }
    switch (what) {
    case AudioCall::Start:
        return call.driver->StartDevice(id, static_cast<IOUserAudioStartStopFlags>(body.u64()));
    case AudioCall::Stop:
        return call.driver->StopDevice(id, static_cast<IOUserAudioStartStopFlags>(body.u64()));
    case AudioCall::Operate:
        return operate(device, body);
    case AudioCall::SetRate:
        return setRate(device, std::bit_cast<double>(body.u64()));
    default:
        break;
    }
    uint64_t sampleTime = 0, hostTime = 0;
    device->GetCurrentZeroTimestamp(&sampleTime, &hostTime);
    reply.u64(std::bit_cast<uint64_t>(device->GetSampleRate()));
    reply.u8(device->GetDeviceIsRunning()).u64(sampleTime).u64(hostTime);
    return kIOReturnSuccess;
}

kern_return_t callBuffer(const Call & call, AudioCall what, Reader & body, Writer & reply) {
    const auto object = objectOf(call.driver.get(), body.u32());
    auto * const stream = OSDynamicCast(IOUserAudioStream, object.get());
    if (stream == nullptr) {
        return kIOReturnNotFound;
    }
    const auto memory = stream->GetIOMemoryDescriptor();
    const std::span<uint8_t> bytes = bytesOf(memory.get());
    const uint64_t offset = body.u64();
    const bool isRead = what == AudioCall::ReadBuffer;
    const std::span<const uint8_t> given = isRead ? std::span<const uint8_t>{} : body.bytes();
    const size_t length = isRead ? body.u32() : given.size();
    if (offset > bytes.size() || length > bytes.size() - offset) {
        return kIOReturnBadArgument;
    }
    if (isRead) {
        reply.bytes(bytes.subspan(offset, length));
    } else {
        std::copy(given.begin(), given.end(), bytes.begin() + static_cast<ptrdiff_t>(offset));
    }
    return kIOReturnSuccess;
}

OSSharedPtr<OSObject> objectFrom(const Value & value) {
    return OSSharedPtr<OSObject>(fromValue(value), OSNoRetain);
}

kern_return_t callProperty(const Call & call, AudioCall what, Reader & body, Writer & reply) {
    const uint32_t id = body.u32();
    const uint32_t selector = body.u32();
    const auto qualifier = objectFrom(body.value());
    const auto object = objectOf(call.driver.get(), id);
    auto properties = audioProperties(call.driver.get());
    if (object) {
        std::lock_guard lock(object->IOUserAudioObject::ivars->lock);
        properties = object->IOUserAudioObject::ivars->properties;
    } else if (id != kIOUserAudioObjectIDDriver) {
        return kIOReturnNotFound;
    }
    for (const auto & property : properties) {
        if (property->GetCustomPropertyInfo().mSelector != selector) {
            continue;
        }
        if (what == AudioCall::SetProperty) {
            return changeProperty(property.get(), qualifier.get(), objectFrom(body.value()).get());
        }
        OSObject * data = nullptr;
        const kern_return_t status =
            property->GetCustomPropertyValueWithQualifier(qualifier.get(), &data);
        if (status == kIOReturnSuccess) {
            reply.value(toValue(data));
            data->release();
        }
        return status;
    }
    return kIOReturnNotFound;
}

kern_return_t callControl(const Call & call, AudioCall what, Reader & body) {
    const auto object = objectOf(call.driver.get(), body.u32());
    if (what == AudioCall::Level) {
        return changeNumber(object.get(), std::bit_cast<double>(body.u64()));
    }
    const bool on = body.u8() != 0;
    if (auto * const box = OSDynamicCast(IOUserAudioBox, object.get())) {
        return acquireBox(box, on);
    }
    auto * const control = OSDynamicCast(IOUserAudioBooleanControl, object.get());
    return control != nullptr ? control->HandleChangeControlValue(on) : kIOReturnNotFound;
}

kern_return_t run(const Call & call, AudioCall what, Reader & body, Writer & reply) {
    switch (what) {
    case AudioCall::Describe: {
        Value devices = Value::array();
        for (const auto & device : devicesOf(call.driver.get())) {
            devices.items().push_back(describeDevice(device.get()));
        }
        Value boxes = Value::array();
        for (const auto & object : audioObjects(call.driver.get())) {
            if (auto * const box = OSDynamicCast(IOUserAudioBox, object.get())) {
                boxes.items().push_back(describeBox(box));
            }
        }
        reply.value(devices).value(boxes);
        return kIOReturnSuccess;
    }
    case AudioCall::ReadBuffer:
    case AudioCall::WriteBuffer:
        return callBuffer(call, what, body, reply);
    case AudioCall::GetProperty:
    case AudioCall::SetProperty:
        return callProperty(call, what, body, reply);
    case AudioCall::Switch:
    case AudioCall::Level:
        return callControl(call, what, body);
    case AudioCall::Start:
    case AudioCall::Stop:
    case AudioCall::Operate:
    case AudioCall::SetRate:
    case AudioCall::State:
        return callDevice(call, what, body, reply);
    }
    return kIOReturnUnsupported;
}

void dispatch(uint64_t id, uint16_t operation, IOService * service, Reader & body) {
    auto * const driver = OSDynamicCast(IOUserAudioDriver, service);
    if (driver == nullptr) {
        answerServiceCall(id, kIOReturnUnsupported);
        service->release();
        return;
    }
    std::vector<uint8_t> copy(body.remaining());
    body.raw(copy.data(), copy.size());
    Call call{id, OSSharedPtr<IOUserAudioDriver>(driver, OSNoRetain), std::move(copy)};
    runOnWorker([call = std::move(call), operation] {
        Reader reader(call.body);
        Writer reply;
        const kern_return_t status = run(call, static_cast<AudioCall>(operation), reader, reply);
        answerServiceCall(call.id, status, status == kIOReturnSuccess ? reply : Writer());
    });
}

} // namespace

void linkAudioCalls() {
    takeServiceCalls(ServiceFamily::Audio, &dispatch);
}

} // namespace dextsim
