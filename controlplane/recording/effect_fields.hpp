// SPDX-License-Identifier: Apache-2.0
//
// The effects of a step as fields, message bytes included, in the order they came. Stands between
// the core and the effects of a process, which it hands everything on to; alone it only writes. The
// thread of the core.
#pragma once

#include <array>
#include <memory>

#include "controlplane/core/effects.hpp"
#include "controlplane/core/field_sink.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::controlplane::recording {

class EffectFields final : public Effects {
  public:
    // Effects go to `sink`, and to `next` when there is one. Both outlive this.
    explicit EffectFields(FieldSink& sink, Effects* next = nullptr);

    std::span<char> message_buffer() override;
    void send_request(const RequestOut& request, std::size_t bytes) override;
    void send_response(const ResponseOut& response, std::size_t bytes) override;
    void send_ack(const AckOut& ack, std::size_t bytes) override;
    void stop_repeating(transaction::ServerHandle transaction, std::uint32_t rseq) override;
    void return_slot(transaction::ClientHandle slot) override;
    void binding_changed(const BindingChange& change) override;

  private:
    using Message = std::array<char, sipparse::kMessageBytesMax>;

    void write_message(std::size_t bytes);

    FieldSink& sink_;
    Effects* next_;
    std::unique_ptr<Message> own_buffer_; // when there is no next one
    std::span<char> buffer_;              // what message_buffer() gave last
};

} // namespace tandem::controlplane::recording
