// Buffers of a call as a line of the client's input names them.
#ifndef CONTRACT_TEST_BUFFERS_H
#define CONTRACT_TEST_BUFFERS_H

#include "words.h"

#include <IOKit/IOKitLib.h>

#include <algorithm>

constexpr uint64_t kUntouched = 0xeeeeeeeeeeeeeeee;

// Buffers of a call. `in`: scalars; `struct`: bytes, byte i is i * 7 + 1; `outs`: capacity of
// scalars; `out`: of the structure, or "variable". What is not named is passed as NULL.
struct Buffers {
    std::vector<uint64_t> in;
    std::vector<uint8_t> input;
    std::vector<uint64_t> scalars;
    uint32_t count;
    std::vector<uint8_t> output;
    size_t size;
    void * variable = reinterpret_cast<void *>(kUntouched);
    const bool isVariable;
    const bool hasScalars;
    const bool hasOutput;

    explicit Buffers(const Request & request)
        : in(request.list("in")), input(request.number("struct")),
          scalars(request.number("outs"), kUntouched), count(request.small("outs")),
          output(std::max<size_t>(request.number("out"), 1), 0xee), size(request.number("out")),
          isVariable(request.has("out") && request.named.at("out") == "variable"),
          hasScalars(request.has("outs")), hasOutput(request.has("out")) {
        for (size_t i = 0; i < input.size(); ++i) {
            input[i] = static_cast<uint8_t>(i * 7 + 1);
        }
        size = isVariable ? static_cast<size_t>(kIOConnectMethodVarOutputSize) : size;
    }
    const void * structure() const { return input.empty() ? nullptr : input.data(); }
    uint64_t * outputs() { return hasScalars ? scalars.data() : nullptr; }
    uint32_t * outputCount() { return hasScalars ? &count : nullptr; }
    void * outputBytes() {
        return isVariable ? static_cast<void *>(&variable) : (hasOutput ? output.data() : nullptr);
    }
    size_t * outputSize() { return hasOutput ? &size : nullptr; }

    void tell(Answer & answer) {
        answer.put("count", count).words("scalars", scalars).put("size", size);
        if (!isVariable) {
            answer.bytes("bytes", hasOutput ? output : std::vector<uint8_t>());
            return;
        }
        const auto address = reinterpret_cast<uint64_t>(variable);
        const bool given = address != 0 && address != kUntouched;
        auto * bytes = static_cast<uint8_t *>(variable);
        answer.put("given", given).put("cleared", address == 0);
        answer.bytes("bytes", std::vector<uint8_t>(bytes, bytes + (given ? size : 0)));
        if (given) {
            answer.put("freed", vm_deallocate(mach_task_self(), address, size) == 0);
        }
    }
};

#endif
