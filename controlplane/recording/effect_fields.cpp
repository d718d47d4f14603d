// SPDX-License-Identifier: Apache-2.0
//
// One part per effect. A member that is added to an effect does not compile until it is written.
#include "controlplane/recording/effect_fields.hpp"

#include "controlplane/core/fields.hpp"

namespace tandem::controlplane::recording {

namespace {

enum Kind : std::uint8_t {
    SendRequest = 1,
    SendResponse,
    SendAck,
    StopRepeating,
    ReturnSlot,
    BindingChanged,
};

} // namespace

EffectFields::EffectFields(FieldSink& sink, Effects* next) : sink_(sink), next_(next) {
    if (next_ == nullptr) {
        own_buffer_ = std::make_unique<Message>();
        buffer_ = *own_buffer_;
    }
}

std::span<char> EffectFields::message_buffer() {
    if (next_ != nullptr) {
        buffer_ = next_->message_buffer();
    }
    return buffer_;
}

void EffectFields::write_message(std::size_t bytes) {
    sink_.text("message", {buffer_.data(), bytes});
}

void EffectFields::send_request(const RequestOut& request, std::size_t bytes) {
    const auto& [transaction, invite, user, flow] = request;
    sink_.begin("send_request", SendRequest);
    write_field(sink_, "transaction", transaction);
    write_field(sink_, "invite", invite);
    write_field(sink_, "user", user);
    write_flow(sink_, flow);
    write_message(bytes);
    if (next_ != nullptr) {
        next_->send_request(request, bytes);
    }
}

void EffectFields::send_response(const ResponseOut& response, std::size_t bytes) {
    const auto& [transaction, status_code, reliable, rseq] = response;
    sink_.begin("send_response", SendResponse);
    write_field(sink_, "transaction", transaction);
    write_field(sink_, "status_code", status_code);
    write_field(sink_, "reliable", reliable);
    write_field(sink_, "rseq", rseq);
    write_message(bytes);
    if (next_ != nullptr) {
        next_->send_response(response, bytes);
    }
}

void EffectFields::send_ack(const AckOut& ack, std::size_t bytes) {
    const auto& [invite, flow] = ack;
    sink_.begin("send_ack", SendAck);
    write_field(sink_, "invite", invite);
    write_flow(sink_, flow);
    write_message(bytes);
    if (next_ != nullptr) {
        next_->send_ack(ack, bytes);
    }
}

void EffectFields::stop_repeating(transaction::ServerHandle transaction, std::uint32_t rseq) {
    sink_.begin("stop_repeating", StopRepeating);
    write_field(sink_, "transaction", transaction);
    write_field(sink_, "rseq", rseq);
    if (next_ != nullptr) {
        next_->stop_repeating(transaction, rseq);
    }
}

void EffectFields::return_slot(transaction::ClientHandle slot) {
    sink_.begin("return_slot", ReturnSlot);
    write_field(sink_, "slot", slot);
    if (next_ != nullptr) {
        next_->return_slot(slot);
    }
}

void EffectFields::binding_changed(const BindingChange& change) {
    const auto& [number,
                 contact_uri,
                 call_id_hash,
                 flow,
                 source,
                 cseq,
                 via_source,
                 expires_wall_ns] = change;
    sink_.begin("binding_changed", BindingChanged);
    write_field(sink_, "number", number);
    write_field(sink_, "contact_uri", contact_uri);
    write_field(sink_, "call_id_hash", call_id_hash);
    write_field(sink_, "flow", flow);
    write_field(sink_, "source", source);
    write_field(sink_, "cseq", cseq);
    write_field(sink_, "via_source", via_source);
    write_field(sink_, "expires_wall_ns", expires_wall_ns);
    if (next_ != nullptr) {
        next_->binding_changed(change);
    }
}

} // namespace tandem::controlplane::recording
