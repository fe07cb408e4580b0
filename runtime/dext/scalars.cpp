// Words are checked one by one, then the values that lie over several of them.
#include "scalars.h"

#include "handle-calls.h"

#include <string.h>

namespace dextgen {

namespace {

bool Refuse(Fault * fault, uint32_t argument, uint64_t limit, uint64_t actual) {
    *fault = {
        .argument = argument, .rule = kDextgenRuleScalarCount, .limit = limit, .actual = actual};
    return false;
}

struct Accepted {
    const CountRange * ranges;
    uint32_t count;
    uint32_t declared;
};

Accepted AcceptedInputs(const Method & method) {
    const uint32_t row = method.dispatch.checkScalarInputCount;
    return {.ranges = method.inputCounts,
            .count = method.inputCountRanges,
            .declared = method.inputCounts != nullptr ? method.scalarInputs : row};
}

Accepted AcceptedOutputs(const Method & method) {
    const uint32_t row = method.dispatch.checkScalarOutputCount;
    return {.ranges = method.outputCounts,
            .count = method.outputCountRanges,
            .declared = method.outputCounts != nullptr ? method.scalarOutputs : row};
}

/// The limit of a refusal is the nearest number that would do: the next one above, or else the
/// largest.
bool CheckCount(const Accepted & accepted, uint32_t argument, uint32_t actual, Fault * fault) {
    if (accepted.ranges == nullptr) {
        return actual == accepted.declared || Refuse(fault, argument, accepted.declared, actual);
    }
    for (uint32_t i = 0; i < accepted.count; i++) {
        const CountRange & range = accepted.ranges[i];
        if (actual < range.first) {
            return Refuse(fault, argument, range.first, actual);
        }
        if (actual <= range.last) {
            return true;
        }
    }
    return Refuse(fault, argument, accepted.ranges[accepted.count - 1].last, actual);
}

uint32_t Lesser(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/// The word of a value in two halves, as if it had come in one.
uint64_t Joined(const Span & span, const uint64_t * words) {
    const uint32_t bits = span.size * 4;
    const bool lowFirst = span.packing == Packing::LowHigh;
    const uint64_t word = FromHalves(words[lowFirst ? 0 : 1], words[lowFirst ? 1 : 0], bits);
    const bool isSigned = span.value.scalar >= Scalar::I8 && span.value.scalar <= Scalar::I64;
    const uint32_t unused = 64 - 2 * bits;
    return isSigned && unused > 0
               ? static_cast<uint64_t>(static_cast<int64_t>(word << unused) >> unused)
               : word;
}

/// What the bytes do not fill of their last words is zero.
bool CheckRest(const Span & span, const uint64_t * words, Fault * fault) {
    const uint32_t whole = span.size / 8;
    const uint32_t left = span.size % 8;
    const uint64_t mask = left == 0 ? 0 : (UINT64_C(1) << (left * 8)) - 1;
    for (uint32_t i = whole; i < span.words; i++) {
        const uint64_t allowed = i == whole ? mask : 0;
        if ((words[i] & ~allowed) != 0) {
            *fault = {.argument = span.index + i,
                      .rule = kDextgenRuleMask,
                      .limit = allowed,
                      .actual = words[i]};
            return false;
        }
    }
    return true;
}

bool CheckSpan(const Span & span, const uint64_t * words, const HandleLookup & handles,
               Fault * fault) {
    if (span.packing != Packing::Bytes) {
        fault->argument = span.index;
        return CheckWord(span.value, Joined(span, words), fault);
    }
    if (!CheckRest(span, words, fault)) {
        return false;
    }
    if (span.rule == nullptr || CheckStruct(*span.rule, words, fault, &handles)) {
        return true;
    }
    // A field of an input struct is named by its offset; a scalar by its index.
    const uint32_t offset = fault->argument - kDextgenArgumentStruct - 1;
    fault->argument = span.index + offset / 8;
    return false;
}

} // namespace

bool ScalarsCount(Call * call, Fault * fault) {
    const IOUserClientMethodArguments & sent = *call->arguments;
    const uint32_t in = sent.scalarInput != nullptr ? sent.scalarInputCount : 0;
    const uint32_t out = sent.scalarOutput != nullptr ? sent.scalarOutputCount : 0;
    if (in > kDextgenMaxScalars || out > kDextgenMaxScalars) {
        return Refuse(fault, kDextgenArgumentNone, kDextgenMaxScalars, in > out ? in : out);
    }
    const Accepted inputs = AcceptedInputs(*call->method);
    const Accepted outputs = AcceptedOutputs(*call->method);
    call->inCount = Lesser(in, inputs.declared);
    call->outCount = Lesser(out, outputs.declared);
    return CheckCount(inputs, kDextgenArgumentNone, in, fault) &&
           CheckCount(outputs, kDextgenArgumentScalarOutput, out, fault);
}

bool ScalarsRead(Call * call, Fault * fault) {
    const Method & method = *call->method;
    const uint32_t declared = AcceptedInputs(method).declared;
    if (call->inCount > 0) {
        memcpy(call->in, call->arguments->scalarInput, call->inCount * sizeof(uint64_t));
    }
    for (uint32_t i = call->inCount; method.defaults != nullptr && i < declared; i++) {
        call->in[i] = method.defaults[i];
    }
    for (uint32_t i = 0; i < call->inCount; i++) {
        if (!CheckWord(method.scalars[i], call->in[i], fault)) {
            fault->argument = i;
            return false;
        }
    }
    const HandleLookup handles = HandlesIn(*call);
    for (uint32_t i = 0; i < method.spanCount; i++) {
        const Span & span = method.spans[i];
        if (span.index < call->inCount && !CheckSpan(span, call->in + span.index, handles, fault)) {
            return false;
        }
    }
    return true;
}

void ScalarsWrite(const Call & call) {
    if (call.arguments->scalarOutput == nullptr) {
        return;
    }
    if (call.outCount > 0) {
        memcpy(call.arguments->scalarOutput, call.out, call.outCount * sizeof(uint64_t));
    }
    // The app sees by this how many there are (contract §0.3, rule 2).
    call.arguments->scalarOutputCount = call.outCount;
}

} // namespace dextgen
