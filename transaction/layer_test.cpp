// SPDX-License-Identifier: Apache-2.0
//
// The layer between two peers over a wire that loses, repeats and delays, with a core that answers
// after a while and a ring that is full now and then. Seeded; whatever happens, each request gets
// at most one final answer text, each client transaction ends exactly once, nothing leaks.
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "base/random.hpp"
#include "transaction/layer.hpp"
#include "transaction/layer_test_world.hpp"

namespace tandem::transaction {
namespace {

class Chaos {
  public:
    explicit Chaos(std::uint8_t seed) : random_(base::RandomSeed{seed}) {}

    void run() {
        for (int round = 0; round < 600; ++round) {
            world.ring_full = one_in(10);
            world.wire_cut = one_in(40);
            begin_something();
            deliver();
            world.ring_full = false;
            act_as_core();
            world.wire_cut = false;
            world.advance_ms(random_.below(400));
        }
        // Everybody falls silent; the longest a transaction can then take is a core that never
        // answers an INVITE.
        wire_.clear();
        for (int round = 0; round < 800; ++round) {
            act_as_core();
            world.advance_ms(1'000);
        }
    }

    static LayerOptions options() {
        LayerLimits limits = small_limits();
        limits.refusals_max = 100;
        return test_options(limits);
    }

    World world{options()};
    std::map<std::uint64_t, int> client_ends;            // by user: finals of one tag and timeouts
    std::map<std::string, std::set<std::string>> finals; // by branch: different final texts we sent
    std::uint64_t requests_sent = 0;

  private:
    // A message lives on the wire for T4 at most (RFC 3261 17.1.2.2).
    struct OnTheWay {
        std::string text;
        base::MonotonicNs until = 0;
    };

    struct Open {
        ServerHandle server;
        std::string bytes;
        bool is_invite = false;
    };

    bool one_in(std::uint64_t count) { return random_.below(count) == 0; }

    // Puts a message on the wire to the layer: lost, doubled, or later than others.
    void to_layer(const std::string& text) {
        if (one_in(5)) {
            return;
        }
        const std::uint64_t copies = one_in(4) ? 2 : 1;
        for (std::uint64_t copy = 0; copy < copies; ++copy) {
            wire_.insert(wire_.begin() +
                             static_cast<std::ptrdiff_t>(random_.below(wire_.size() + 1)),
                         OnTheWay{text, world.now + kT4Ns});
        }
    }

    void begin_something() {
        const std::string name = std::to_string(++serial_);
        const Fields fields{.method = one_in(2) ? "INVITE" : "OPTIONS",
                            .branch = "z9hG4bK-" + name,
                            .call_id = "call-" + name};
        to_layer(request_text(fields));
        to_layer(request_text(fields));
        if (fields.method == "INVITE" && one_in(4)) {
            Fields cancel = fields;
            cancel.method = "CANCEL";
            to_layer(request_text(cancel));
        }
        if (!world.slots.empty() && one_in(2)) {
            const ClientHandle slot = world.take_slot();
            ++requests_sent;
            const std::uint64_t user = ++users_;
            client_ends[user] = 0;
            Fields request = world.client_fields(slot, one_in(2) ? "INVITE" : "BYE");
            request.call_id = "ours-" + name;
            world.send_request(slot, request, user);
        }
    }

    // The peer answers what we sent, now and then; and everything on the wire may arrive.
    void deliver() {
        for (; sent_seen_ < world.sent.size(); ++sent_seen_) {
            const Sent& message = world.sent[sent_seen_];
            if (message.starts_with("SIP/2.0")) {
                remember_final(message);
                acknowledge(message);
            } else if (!message.starts_with("ACK")) {
                answer(message);
            }
        }
        for (std::uint64_t left = random_.below(6); left > 0 && !wire_.empty(); --left) {
            const OnTheWay message = wire_.back();
            wire_.pop_back();
            if (message.until > world.now) {
                world.receive(message.text);
            }
        }
    }

    static std::string line(const std::string& text, const std::string& start) {
        const std::size_t at = text.find(start);
        return at == std::string::npos ? "" : text.substr(at, text.find("\r\n", at) - at + 2);
    }

    void remember_final(const Sent& message) {
        // A CANCEL that overtakes its INVITE gets 481, its repetition another answer.
        if (message.bytes[8] == '1' || message.starts_with("SIP/2.0 481")) {
            return;
        }
        finals[line(message.bytes, "Via:") + line(message.bytes, "CSeq:")].insert(message.bytes);
    }

    void acknowledge(const Sent& message) {
        if (message.bytes[8] == '1' ||
            line(message.bytes, "CSeq:").find("INVITE") == std::string::npos) {
            return;
        }
        const bool is_success = message.bytes[8] == '2';
        std::string via = line(message.bytes, "Via:");
        if (is_success) {
            via.insert(via.find("z9hG4bK") + 7, "ack");
        }
        to_layer("ACK sip:x@10.77.0.10 SIP/2.0\r\n" + via + line(message.bytes, "From:") +
                 line(message.bytes, "To:") + line(message.bytes, "Call-ID:") +
                 "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n");
    }

    void answer(const Sent& message) {
        constexpr int kStatuses[] = {100, 180, 200, 486, 200};
        const int status = kStatuses[random_.below(5)];
        const std::string tag = status == 200 && one_in(3) ? "fork" : "peer";
        std::string to = line(message.bytes, "To:");
        to.insert(to.size() - 2, ";tag=" + tag);
        to_layer("SIP/2.0 " + std::to_string(status) + " Text\r\n" + line(message.bytes, "Via:") +
                 line(message.bytes, "From:") + to + line(message.bytes, "Call-ID:") +
                 line(message.bytes, "CSeq:") + "Content-Length: 0\r\n\r\n");
    }

    void act_as_core() {
        for (; events_seen_ < world.events.size(); ++events_seen_) {
            take(world.events[events_seen_]);
        }
        for (std::size_t at = 0; at < open_.size();) {
            if (respond(open_[at])) {
                open_[at] = open_.back();
                open_.pop_back();
            } else {
                ++at;
            }
        }
    }

    void take(const Event& event) {
        if (event.kind == EventKind::Request || event.kind == EventKind::Cancel) {
            open_.push_back({event.server, event.bytes, event.bytes.starts_with("INVITE")});
        } else if (event.kind == EventKind::Timeout && event.timeout.user != 0) {
            ++client_ends[event.timeout.user];
        } else if (event.kind == EventKind::Response && event.bytes[8] != '1') {
            take_final(event);
        }
    }

    void take_final(const Event& event) {
        if (tags_[event.user].empty()) {
            ++client_ends[event.user];
        }
        const std::string to = line(event.bytes, "To:");
        EXPECT_TRUE(tags_[event.user].insert(to).second) << "a repeated final came up";
        if (line(event.bytes, "CSeq:").find("INVITE") != std::string::npos && !one_in(5)) {
            const std::string text = "ACK sip:x@10.77.0.101 SIP/2.0\r\n" +
                                     line(event.bytes, "Via:") + line(event.bytes, "From:") + to +
                                     line(event.bytes, "Call-ID:") +
                                     "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n";
            world.layer.send_ack(
                {.invite = event.client, .flow = kPhoneFlow, .message = text, .now = world.now});
        }
    }

    // True when the core is done with it.
    bool respond(const Open& open) {
        if (one_in(2)) {
            return one_in(30); // it forgets one now and then
        }
        const bool is_provisional = open.is_invite && one_in(3);
        const int status = is_provisional ? 183 : one_in(2) ? 200 : 486;
        std::string to = line(open.bytes, "To:");
        to.insert(to.size() - 2, ";tag=ours");
        const std::string text = "SIP/2.0 " + std::to_string(status) + " Text\r\n" +
                                 line(open.bytes, "Via:") + line(open.bytes, "From:") + to +
                                 line(open.bytes, "Call-ID:") + line(open.bytes, "CSeq:") +
                                 "Content-Length: 0\r\n\r\n";
        const bool reliable = is_provisional && one_in(2);
        world.layer.send_response({.transaction = open.server,
                                   .reliable = reliable,
                                   .rseq = ++rseq_,
                                   .message = text,
                                   .now = world.now});
        if (reliable && one_in(2)) {
            world.layer.stop_repeating({.transaction = open.server, .rseq = rseq_});
        }
        return !is_provisional;
    }

    base::RandomStream random_;
    std::vector<OnTheWay> wire_;
    std::vector<Open> open_;
    std::map<std::uint64_t, std::set<std::string>> tags_;
    std::size_t sent_seen_ = 0;
    std::size_t events_seen_ = 0;
    std::uint64_t serial_ = 0;
    std::uint64_t users_ = 0;
    std::uint32_t rseq_ = 0;
};

class LayerChaos : public testing::TestWithParam<int> {};

TEST_P(LayerChaos, EndsEveryTransactionOnceAndLeaksNothing) {
    Chaos chaos(static_cast<std::uint8_t>(GetParam()));
    chaos.run();
    EXPECT_GT(chaos.requests_sent, 100U);
    EXPECT_GT(chaos.finals.size(), 100U);
    for (const auto& [user, ends] : chaos.client_ends) {
        EXPECT_EQ(ends, 1) << "user " << user;
    }
    for (const auto& [branch, texts] : chaos.finals) {
        EXPECT_EQ(texts.size(), 1U) << branch;
    }
    EXPECT_TRUE(chaos.world.is_empty());
    EXPECT_EQ(chaos.world.slots.size(), 64U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LayerChaos, testing::Range(1, 21));

TEST(Layer, EndsCleanlyInTheMiddleOfEverything) {
    World world;
    world.receive(request_text({}));
    world.receive(request_text({.method = "OPTIONS", .branch = "z9hG4bKo", .call_id = "o"}));
    const ClientHandle slot = world.take_slot();
    world.send_request(slot, world.client_fields(slot, "INVITE"));
    const LayerStatus status = world.layer.status();
    EXPECT_EQ(status.server_live.used, 2U);
    EXPECT_EQ(status.client_live.used, 1U);
    EXPECT_EQ(status.timers_armed, 3U);
    EXPECT_EQ(status.invite_server[0], 1U);
    EXPECT_EQ(status.non_invite_server[0], 1U);
    EXPECT_EQ(status.invite_client[0], 1U);
}

} // namespace
} // namespace tandem::transaction
