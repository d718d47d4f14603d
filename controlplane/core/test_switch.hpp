// SPDX-License-Identifier: Apache-2.0
//
// For tests of calls: a core with the part of a dataplane it needs (slots, server transactions),
// and what it sent as messages that can be looked into. Never part of a process.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

#include "controlplane/core/core.hpp"
#include "controlplane/core/test_directory.hpp"
#include "controlplane/recording/object_shadow.hpp"
#include "sipparse/index.hpp"
#include "sipparse/name_addr.hpp"

namespace tandem::controlplane {

// A message with its index; copies share both.
class Message {
  public:
    Message() = default;

    explicit Message(std::string bytes)
        : bytes_(std::make_shared<std::string>(std::move(bytes))),
          index_(std::make_shared<sipparse::MessageIndex>()) {
        const auto error = sipparse::index_datagram(*bytes_, *index_);
        EXPECT_EQ(error, sipparse::ParseError::None) << sipparse::sentence(error) << "\n"
                                                     << *bytes_;
    }

    [[nodiscard]] sipparse::MessageView view() const {
        return {.bytes = *bytes_, .index = index_.get()};
    }

    [[nodiscard]] const std::string& text() const { return *bytes_; }

    // All values of a header, joined by "|" when there are several lines; "" when there is none.
    [[nodiscard]] std::string get(std::string_view name) const {
        std::string joined;
        const auto message = view();
        for (std::size_t i = 0; i < message.header_count(); ++i) {
            const auto header = message.header(i);
            const bool same = std::equal(header.name.begin(),
                                         header.name.end(),
                                         name.begin(),
                                         name.end(),
                                         [](char a, char b) { return (a | 32) == (b | 32); });
            if (same) {
                joined += (joined.empty() ? "" : "|") + std::string(header.value);
            }
        }
        return joined;
    }

    [[nodiscard]] std::string body() const { return std::string(view().body()); }

    [[nodiscard]] int status() const { return view().status_code(); }

    [[nodiscard]] std::string uri() const { return std::string(view().request_uri()); }

    [[nodiscard]] std::string method() const { return std::string(view().method_text()); }

    [[nodiscard]] std::string tag(std::string_view header) const {
        const auto value = get(header);
        const auto at = value.find(";tag=");
        return at == std::string::npos ? ""
                                       : value.substr(at + 5, value.find(';', at + 5) - at - 5);
    }

    // URI of Contact.
    [[nodiscard]] std::string contact() const {
        const auto value = get("Contact");
        const auto begin = value.find('<') + 1;
        return value.substr(begin, value.find('>') - begin);
    }

  private:
    std::shared_ptr<std::string> bytes_;
    std::shared_ptr<sipparse::MessageIndex> index_;
};

struct SentRequest : Message {
    SentRequest(std::string bytes, const RequestOut& out_in)
        : Message(std::move(bytes)), out(out_in) {}

    RequestOut out;
};

struct SentResponse : Message {
    SentResponse(std::string bytes, const ResponseOut& out_in)
        : Message(std::move(bytes)), out(out_in) {}

    ResponseOut out;
};

struct SentAck : Message {
    SentAck(std::string bytes, const AckOut& out_in) : Message(std::move(bytes)), out(out_in) {}

    AckOut out;
};

struct Stopped {
    transaction::ServerHandle transaction;
    std::uint32_t rseq = 0;
};

// What the core sent and nobody has taken yet, oldest first.
class SwitchEffects final : public Effects {
  public:
    std::span<char> message_buffer() override { return *buffer_; }

    void send_request(const RequestOut& out, std::size_t bytes) override {
        requests.emplace_back(taken(bytes), out);
    }

    void send_response(const ResponseOut& out, std::size_t bytes) override {
        responses.emplace_back(taken(bytes), out);
    }

    void send_ack(const AckOut& out, std::size_t bytes) override {
        acks.emplace_back(taken(bytes), out);
    }

    void stop_repeating(transaction::ServerHandle transaction, std::uint32_t rseq) override {
        stopped.push_back({transaction, rseq});
    }

    void return_slot(transaction::ClientHandle slot) override { returned.push_back(slot); }

    void binding_changed(const BindingChange& /*change*/) override {}

    [[nodiscard]] bool empty() const {
        return requests.empty() && responses.empty() && acks.empty();
    }

    std::deque<SentRequest> requests;
    std::deque<SentResponse> responses;
    std::deque<SentAck> acks;
    std::vector<Stopped> stopped;
    std::vector<transaction::ClientHandle> returned;
    std::string log; // every message sent, in order: runs are compared by it

  private:
    std::string taken(std::size_t bytes) {
        std::string text(buffer_->data(), bytes);
        log += text + "\n----\n";
        return text;
    }

    std::unique_ptr<std::array<char, sipparse::kMessageBytesMax>> buffer_ =
        std::make_unique<std::array<char, sipparse::kMessageBytesMax>>();
};

// 1000-1009 at 10.77.0.101:5070, 1010 and 1011 likewise (max-calls 1), 1020 with up to 4 learned
// contacts, 1030 behind NAT; trunk gw at 10.77.0.200:5060, prefix 9 which it does not see.
inline config::Configuration call_configuration() {
    config::Configuration configuration;
    configuration.application.sip_address = endpoint_of("10.77.0.10").address;
    configuration.application.realm = "10.77.0.10";
    configuration.application.max_registrations = 64;
    configuration.application.max_calls_at_once = 50;
    configuration.application.max_transactions = 4096;
    configuration.application.max_lingering_transactions = 4096;
    const auto add_static = [&](std::uint64_t first, std::uint64_t last, std::uint32_t max_calls) {
        auto range = dn_range(first, last);
        range.contact.learned = false;
        range.contact.target = endpoint_of("10.77.0.101:5070");
        range.max_calls = max_calls;
        configuration.dn_ranges.push_back(range);
    };
    add_static(1000, 1009, 0);
    add_static(1010, 1011, 1);
    auto forked = dn_range(1020, 1020);
    forked.max_contacts = 4;
    configuration.dn_ranges.push_back(forked);
    auto nat = dn_range(1030, 1030);
    nat.nat_contact = config::NatContact::Auto;
    configuration.dn_ranges.push_back(nat);
    auto trunk = trunk_to("gw", "10.77.0.200:5060", "9");
    trunk.replace_prefix = "";
    trunk.capacity = 2;
    configuration.trunks.push_back(trunk);
    return configuration;
}

class TestSwitch {
  public:
    explicit TestSwitch(const config::Configuration& configuration = call_configuration(),
                        std::uint8_t seed = 1)
        : configuration_(configuration),
          core_(configuration_, {.random = {seed}, .node = "a", .term = 7}, effects) {
        attach();
    }

    void attach(std::uint32_t epoch = 1000) {
        step(AttachedInput{.owner = {.epoch = epoch, .node = 1, .worker = 0},
                           .branch_key = {.low = 1, .high = 2},
                           .call_id_key = {.low = 3, .high = 4}});
        give_slots(1024);
    }

    void give_slots(std::uint32_t count) {
        std::vector<transaction::ClientHandle> slots;
        for (std::uint32_t i = 0; i < count; ++i) {
            slots.push_back({.index = slots_given_++, .generation = 1});
        }
        step(SlotsInput{.slots = slots});
    }

    // No test may meet a change that a second core would not be told of.
    void step(const Input& input) {
        core_.step(input, now(), watcher);
        const auto complaint = shadow_.watch(core_);
        EXPECT_EQ(complaint, "");
    }

    // Hears of the stages of every input from now on; null: nobody does.
    base::StageWatcher* watcher = nullptr;

    [[nodiscard]] Now now() const { return at_seconds_ns(clock_ns_); }

    // Lets time pass, with the core woken as often as it asks.
    void pass(std::uint64_t seconds) { pass_ns(seconds * base::kNsPerS); }

    void pass_ns(std::uint64_t duration_ns) {
        const std::uint64_t end = clock_ns_ + duration_ns;
        while (true) {
            const auto next = core_.next_deadline();
            const auto base_ns = at_seconds(0).monotonic_ns;
            if (!next || *next > base_ns + end) {
                break;
            }
            clock_ns_ = std::max(clock_ns_, *next - base_ns);
            step(TimersInput{});
            clock_ns_ += base::kNsPerMs;
        }
        clock_ns_ = std::max(clock_ns_, end);
        step(TimersInput{});
    }

    // Time that passes while nobody wakes the core.
    void jump(std::uint64_t seconds) { clock_ns_ += seconds * base::kNsPerS; }

    // A new server transaction; its handle.
    transaction::ServerHandle receive(const Message& message, base::Endpoint source) {
        const auto handle = next_server();
        step(RequestInput{.transaction = handle, .message = datagram(message, source)});
        return handle;
    }

    void receive_response(const Message& message, const SentRequest& request) {
        step(ResponseInput{.transaction = request.out.transaction,
                           .user = request.out.user,
                           .message = datagram(message, request.out.flow.remote)});
    }

    transaction::ServerHandle receive_cancel(const Message& message,
                                             transaction::ServerHandle invite,
                                             base::Endpoint source) {
        const auto handle = next_server();
        step(CancelInput{
            .transaction = handle, .invite = invite, .message = datagram(message, source)});
        return handle;
    }

    void
    receive_ack(const Message& message, transaction::ServerHandle invite, base::Endpoint source) {
        step(AckInput{.invite = invite, .message = datagram(message, source)});
    }

    void client_timeout(const SentRequest& request,
                        transaction::TimeoutKind kind = transaction::TimeoutKind::ClientFinal) {
        step(TimeoutInput{
            .kind = kind, .handle = request.out.transaction.packed(), .user = request.out.user});
    }

    void server_timeout(transaction::ServerHandle handle, transaction::TimeoutKind kind) {
        step(TimeoutInput{.kind = kind, .handle = handle.packed(), .user = 0});
    }

    SentRequest take_request(std::string_view method) {
        if (effects.requests.empty()) {
            ADD_FAILURE() << "no request was sent, expected " << method;
            return {"OPTIONS sip:x SIP/2.0\r\nVia: x\r\nFrom: <sip:x>\r\nTo: <sip:x>\r\nCall-ID: "
                    "x\r\nCSeq: 1 OPTIONS\r\n\r\n",
                    {}};
        }
        auto request = effects.requests.front();
        effects.requests.pop_front();
        EXPECT_EQ(request.method(), method) << request.text();
        return request;
    }

    SentResponse take_response(int status) {
        if (effects.responses.empty()) {
            ADD_FAILURE() << "no response was sent, expected " << status;
            return {"SIP/2.0 999 x\r\nVia: x\r\nFrom: <sip:x>\r\nTo: <sip:x>\r\nCall-ID: "
                    "x\r\nCSeq: 1 OPTIONS\r\n\r\n",
                    {}};
        }
        auto response = effects.responses.front();
        effects.responses.pop_front();
        EXPECT_EQ(response.status(), status) << response.text();
        EXPECT_EQ(response.out.status_code, status);
        return response;
    }

    SentAck take_ack() {
        if (effects.acks.empty()) {
            ADD_FAILURE() << "no ACK was sent";
            return {"ACK sip:x SIP/2.0\r\nVia: x\r\nFrom: <sip:x>\r\nTo: <sip:x>\r\nCall-ID: "
                    "x\r\nCSeq: 1 ACK\r\n\r\n",
                    {}};
        }
        auto ack = effects.acks.front();
        effects.acks.pop_front();
        return ack;
    }

    [[nodiscard]] Core& core() { return core_; }

    [[nodiscard]] std::uint64_t counter(CoreCounter counter) const {
        return core_.counters().value(counter);
    }

    // Nothing of any call is left in any pool.
    void expect_no_leak() const {
        const auto pools = core_.pools();
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_EQ(pools[i].in_use, 0U) << pools[i].name;
        }
        EXPECT_EQ(core_.live_calls(), 0U);
        for (std::uint32_t i = 0; i < core_.directory().dn_count(); ++i) {
            EXPECT_EQ(core_.directory().dn(DnIndex{i}).calls, 0U);
        }
        for (std::uint32_t i = 0; i < core_.directory().trunk_count(); ++i) {
            EXPECT_EQ(core_.directory().trunk(TrunkIndex{i}).calls, 0U);
        }
    }

    void expect_silence() const {
        EXPECT_TRUE(effects.requests.empty()) << effects.requests.front().text();
        EXPECT_TRUE(effects.responses.empty()) << effects.responses.front().text();
        EXPECT_TRUE(effects.acks.empty()) << effects.acks.front().text();
    }

  private:
    [[nodiscard]] static Now at_seconds_ns(std::uint64_t ns) {
        auto now = at_seconds(0);
        now.monotonic_ns += ns;
        now.wall_ns += ns;
        return now;
    }

    [[nodiscard]] transaction::ServerHandle next_server() {
        return {.index = servers_given_++, .generation = 1};
    }

    [[nodiscard]] static Datagram datagram(const Message& message, base::Endpoint source) {
        Datagram datagram{.view = message.view(), .flow = {}};
        datagram.flow.remote = source;
        datagram.flow.local = endpoint_of("10.77.0.10:5060");
        return datagram;
    }

    config::Configuration configuration_;
    std::uint64_t clock_ns_ = 0;
    std::uint32_t slots_given_ = 0;
    std::uint32_t servers_given_ = 1;

  public:
    SwitchEffects effects;

  private:
    Core core_;
    recording::ObjectShadow shadow_;
};

} // namespace tandem::controlplane
