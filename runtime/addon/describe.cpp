// InterfaceShape → JavaScript: what the client compares its own contract with, and what inspectors
// list.
#include "describe.h"

namespace dextgen {
namespace {

Napi::Object DescribeMethods(Napi::Env env, const InterfaceShape & shape) {
    Napi::Array methods = Napi::Array::New(env, shape.methodCount);
    for (uint32_t i = 0; i < shape.methodCount; i++) {
        const MethodShape & method = shape.methods[i];
        Napi::Object object = Napi::Object::New(env);
        object.Set("name", Napi::String::New(env, method.name));
        object.Set("selector", Napi::Number::New(env, method.selector));
        object.Set("scalarInputs", Napi::Number::New(env, method.scalarInputs));
        object.Set("structInputMaximum", Napi::Number::New(env, method.structInputMaximum));
        object.Set("scalarOutputs", Napi::Number::New(env, method.scalarOutputs));
        object.Set("structOutputMaximum", Napi::Number::New(env, method.structOutputMaximum));
        object.Set("completionWords", Napi::Number::New(env, method.completionWords));
        methods.Set(i, object);
    }
    return methods;
}

Napi::Object DescribeEvents(Napi::Env env, const InterfaceShape & shape) {
    Napi::Array events = Napi::Array::New(env, shape.eventCount);
    for (uint32_t i = 0; i < shape.eventCount; i++) {
        const EventShape & event = shape.events[i];
        Napi::Object object = Napi::Object::New(env);
        object.Set("name", Napi::String::New(env, event.name));
        object.Set("id", Napi::Number::New(env, event.id));
        object.Set("payloadSize", Napi::Number::New(env, event.payloadSize));
        object.Set("completionWords", Napi::Number::New(env, event.completionWords));
        object.Set("ringCapacity", Napi::Number::New(env, event.ringCapacity));
        events.Set(i, object);
    }
    return events;
}

} // namespace

Napi::Object DescribeInterface(Napi::Env env, const InterfaceShape & shape) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", Napi::String::New(env, shape.name));
    object.Set("service", Napi::String::New(env, shape.service));
    object.Set("hashHigh", Napi::BigInt::New(env, shape.hashHigh));
    object.Set("hashLow", Napi::BigInt::New(env, shape.hashLow));
    object.Set("major", Napi::Number::New(env, shape.versionMajor));
    object.Set("minor", Napi::Number::New(env, shape.versionMinor));
    object.Set("methods", DescribeMethods(env, shape));
    object.Set("events", DescribeEvents(env, shape));
    object.Freeze();
    return object;
}

} // namespace dextgen
