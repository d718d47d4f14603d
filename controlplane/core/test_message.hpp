// SPDX-License-Identifier: Apache-2.0
//
// For tests of the core: a message from text, and Effects that keep what was sent. Never part of a
// process.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

#include "controlplane/core/effects.hpp"
#include "controlplane/core/input.hpp"
#include "sipparse/index.hpp"

namespace tandem::controlplane {

inline base::Endpoint endpoint_of(std::string_view text) {
    return base::parse_endpoint(text, 5060).value();
}

// Owns bytes and index; views of it die with it. "\n" in `text` becomes CRLF.
class TestMessage {
  public:
    TestMessage(std::string_view text, std::string_view source) {
        for (const char c : text) {
            bytes_ += c == '\n' ? "\r\n" : std::string(1, c);
        }
        const auto error = sipparse::index_datagram(bytes_, *index_);
        EXPECT_EQ(error, sipparse::ParseError::None) << sipparse::sentence(error) << "\n" << bytes_;
        datagram_.view = {.bytes = bytes_, .index = index_.get()};
        datagram_.flow.remote = endpoint_of(source);
        datagram_.flow.local = endpoint_of("10.77.0.10:5060");
    }

    TestMessage(const TestMessage&) = delete;
    TestMessage& operator=(const TestMessage&) = delete;

    [[nodiscard]] const sipparse::MessageView& view() const { return datagram_.view; }

    [[nodiscard]] RequestInput request(std::uint32_t number = 1) const {
        return {.transaction = {.index = number, .generation = 1}, .message = datagram_};
    }

  private:
    std::string bytes_;
    std::unique_ptr<sipparse::MessageIndex> index_ = std::make_unique<sipparse::MessageIndex>();
    Datagram datagram_;
};

struct KeptResponse {
    ResponseOut out;
    std::string text;
};

struct KeptBinding {
    std::string number;
    std::string contact;
    BindingChange change; // its texts are gone: see input()
    bool removed = false;

    [[nodiscard]] BindingInput input() const {
        BindingInput input{.binding = change};
        input.binding.number = number;
        input.binding.contact_uri = contact;
        return input;
    }
};

class KeptEffects final : public Effects {
  public:
    std::span<char> message_buffer() override { return *buffer_; }

    void send_request(const RequestOut& /*request*/, std::size_t bytes) override {
        requests.emplace_back(buffer_->data(), bytes);
    }

    void send_response(const ResponseOut& response, std::size_t bytes) override {
        responses.push_back({response, std::string(buffer_->data(), bytes)});
    }

    void send_ack(const AckOut& /*ack*/, std::size_t bytes) override {
        acks.emplace_back(buffer_->data(), bytes);
    }

    void stop_repeating(transaction::ServerHandle /*transaction*/,
                        std::uint32_t /*rseq*/) override {}

    void return_slot(transaction::ClientHandle /*slot*/) override {}

    void binding_changed(const BindingChange& change) override {
        bindings.push_back({std::string(change.number),
                            std::string(change.contact_uri),
                            change,
                            change.expires_wall_ns == 0});
    }

    std::vector<std::string> requests;
    std::vector<std::string> acks;
    std::vector<KeptResponse> responses;
    std::vector<KeptBinding> bindings;

  private:
    std::unique_ptr<std::array<char, sipparse::kMessageBytesMax>> buffer_ =
        std::make_unique<std::array<char, sipparse::kMessageBytesMax>>();
};

} // namespace tandem::controlplane
