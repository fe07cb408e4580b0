// What the platform's callbacks tell JavaScript, copied: a completion, a service, the end of a
// service.
#ifndef DEXTGEN_ADDON_LETTERS_H
#define DEXTGEN_ADDON_LETTERS_H

#include "listeners.h"
#include "mailbox.h"
#include "service.h"
#include "../wire/dextgen_wire.h"

#include <array>

namespace dextgen {

/// Listener arguments: status (unsigned), words (ArrayBuffer).
class CompletionLetter final : public Letter {
  public:
    /// Copies the words: they point into the message (contract §7.6).
    CompletionLetter(ListenerId listener, IOReturn status, void ** words, uint32_t count);
    void Open(Environment & environment) override;

  private:
    ListenerId listener_;
    IOReturn status_;
    uint32_t count_;
    std::array<uint64_t, kDextgenMaxCompletionWords> words_{};
};

/// Listener arguments: published (boolean), service handle.
class ServiceLetter final : public Letter {
  public:
    ServiceLetter(ListenerId listener, std::shared_ptr<Service> service, bool published)
        : listener_(listener), service_(std::move(service)), published_(published) {}
    void Open(Environment & environment) override;

  private:
    ListenerId listener_;
    std::shared_ptr<Service> service_;
    bool published_;
};

/// Listener arguments: none.
class TerminatedLetter final : public Letter {
  public:
    explicit TerminatedLetter(ListenerId listener) : listener_(listener) {}
    void Open(Environment & environment) override;

  private:
    ListenerId listener_;
};

} // namespace dextgen

#endif
