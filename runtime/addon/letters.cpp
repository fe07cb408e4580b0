// Letters as arguments of their listeners.
#include "letters.h"

#include "environment.h"
#include "handles.h"

#include <algorithm>
#include <cstring>

namespace dextgen {

CompletionLetter::CompletionLetter(ListenerId listener, IOReturn status, void ** words,
                                   uint32_t count)
    : listener_(listener), status_(status),
      count_(std::min<uint32_t>(count, kDextgenMaxCompletionWords)) {
    for (uint32_t i = 0; i < count_; i++)
        words_[i] = reinterpret_cast<uintptr_t>(words[i]);
}

void CompletionLetter::Open(Environment & environment) {
    Napi::Env env = environment.Env();
    const size_t size = count_ * sizeof(uint64_t);
    Napi::ArrayBuffer words = Napi::ArrayBuffer::New(env, size);
    if (size > 0)
        std::memcpy(words.Data(), words_.data(), size);
    environment.Notify(listener_, {Napi::Number::New(env, static_cast<uint32_t>(status_)), words});
}

void ServiceLetter::Open(Environment & environment) {
    Napi::Env env = environment.Env();
    environment.Notify(listener_,
                       {Napi::Boolean::New(env, published_), WrapService(env, service_)});
}

void TerminatedLetter::Open(Environment & environment) {
    environment.Notify(listener_, {});
}

} // namespace dextgen
