// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the layer share: an Output that remembers, a wire and a ring that can be cut, a
// clock that only moves when told, and the text of messages. It plays the core as far as a test
// asks; it checks nothing by itself. Tests only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/index.hpp"
#include "transaction/layer.hpp"
#include "transaction/timers.hpp"

namespace tandem::transaction {

constexpr base::MonotonicNs kTestStart = 1'000 * base::kNsPerS;

inline base::Endpoint endpoint(std::string_view text) {
    return *base::parse_endpoint(text, 5060);
}

inline const Flow kPhoneFlow{.remote = endpoint("10.77.0.101:5070"),
                             .local = endpoint("10.77.0.10:5060"),
                             .port = 1,
                             .worker = 0};

// The header fields tests vary.
struct Fields {
    std::string method = "INVITE";
    std::string uri = "sip:1001@10.77.0.10";
    std::string sent_by = "10.77.0.101:5070";
    std::string branch = "z9hG4bKa"; // empty: none at all
    std::string via_params = ";rport";
    std::string from_tag = "from";
    std::string to_tag = {};
    std::string call_id = "call-1";
    std::uint32_t cseq = 1;
    std::string cseq_method = {}; // responses; default: method
    std::string extra = {};       // whole header lines
    std::string body = {};
};

inline std::string common_headers(const Fields& fields) {
    const std::string branch = fields.branch.empty() ? "" : ";branch=" + fields.branch;
    const std::string to_tag = fields.to_tag.empty() ? "" : ";tag=" + fields.to_tag;
    const std::string method = fields.cseq_method.empty() ? fields.method : fields.cseq_method;
    return "Via: SIP/2.0/UDP " + fields.sent_by + branch + fields.via_params + "\r\n" +
           "From: <sip:1000@10.77.0.10>;tag=" + fields.from_tag + "\r\n" +
           "To: <sip:1001@10.77.0.10>" + to_tag + "\r\n" + "Call-ID: " + fields.call_id + "\r\n" +
           "CSeq: " + std::to_string(fields.cseq) + " " + method + "\r\n" + fields.extra +
           "Content-Length: " + std::to_string(fields.body.size()) + "\r\n\r\n" + fields.body;
}

inline std::string request_text(const Fields& fields) {
    return fields.method + " " + fields.uri + " SIP/2.0\r\n" + common_headers(fields);
}

inline std::string response_text(const Fields& fields, int status) {
    return "SIP/2.0 " + std::to_string(status) + " Text\r\n" + common_headers(fields);
}

struct Sent {
    Flow flow;
    std::string bytes;
    base::MonotonicNs at = 0;

    [[nodiscard]] bool starts_with(std::string_view text) const {
        return std::string_view(bytes).starts_with(text);
    }

    [[nodiscard]] bool contains(std::string_view text) const {
        return bytes.find(text) != std::string::npos;
    }
};

enum class EventKind { Request, Response, Cancel, Ack, Timeout, Stray, Orphan };

struct Event {
    EventKind kind = EventKind::Request;
    ServerHandle server = {}; // Request, Cancel (its own), Ack (the INVITE), Orphan
    ServerHandle invite = {}; // Cancel
    ClientHandle client = {}; // Response, Orphan
    std::uint64_t user = 0;
    Timeout timeout = {};
    std::string bytes = {};
    OrphanKind orphan = OrphanKind::Request;
    std::string to_tag = {}; // Orphan
};

inline LayerLimits small_limits() {
    return {.server_transactions_max = 64,
            .client_slots_max = 64,
            .client_transactions_max = 64,
            .lingering_max = 256,
            .forks_max = 8,
            .refusals_max = 16,
            .buffers_max = {256, 64, 64, 8, 4}};
}

inline LayerOptions test_options(const LayerLimits& limits = small_limits()) {
    LayerOptions options;
    options.owner = {.epoch = 0x12345678, .node = 1, .worker = 2};
    options.branch_key = {.low = 11, .high = 12};
    options.hash_key = {.low = 21, .high = 22};
    options.call_id_key = {.low = 31, .high = 32};
    options.limits = limits;
    return options;
}

class World : public Output {
  public:
    explicit World(const LayerOptions& given = test_options())
        : options(given), layer(given, *this) {
        layer.core_absent(false);
        layer.offer_slots();
        layer.expire(now);
    }

    // Output
    bool transmit(const Flow& flow, std::string_view bytes) override {
        if (wire_cut) {
            return false;
        }
        sent.push_back({flow, std::string(bytes), now});
        return true;
    }

    bool publish_request(ServerHandle transaction, const InboundMessage& message) override {
        return publish({.kind = EventKind::Request,
                        .server = transaction,
                        .bytes = std::string(message.view.message())});
    }

    bool publish_response(ClientHandle transaction,
                          std::uint64_t user,
                          const InboundMessage& message) override {
        return publish({.kind = EventKind::Response,
                        .client = transaction,
                        .user = user,
                        .bytes = std::string(message.view.message())});
    }

    bool publish_cancel(ServerHandle cancel,
                        ServerHandle invite,
                        const InboundMessage& message) override {
        return publish({.kind = EventKind::Cancel,
                        .server = cancel,
                        .invite = invite,
                        .bytes = std::string(message.view.message())});
    }

    bool publish_ack(ServerHandle invite, const InboundMessage& message) override {
        return publish({.kind = EventKind::Ack,
                        .server = invite,
                        .bytes = std::string(message.view.message())});
    }

    bool publish_timeout(const Timeout& timeout) override {
        return publish({.kind = EventKind::Timeout, .user = timeout.user, .timeout = timeout});
    }

    bool publish_stray(const InboundMessage& message) override {
        return publish({.kind = EventKind::Stray, .bytes = std::string(message.view.message())});
    }

    bool publish_orphan(const Orphan& orphan) override {
        if (orphans_left == 0) {
            return false;
        }
        --orphans_left;
        Event event{.kind = EventKind::Orphan,
                    .bytes = std::string(orphan.message.message()),
                    .orphan = orphan.kind,
                    .to_tag = std::string(orphan.to_tag)};
        if (orphan.kind == OrphanKind::Request) {
            event.server = ServerHandle::unpack(orphan.handle);
        } else {
            event.client = ClientHandle::unpack(orphan.handle);
        }
        return publish(std::move(event));
    }

    bool publish_client_slots(std::span<const ClientHandle> given) override {
        if (ring_full) {
            return false;
        }
        slots.insert(slots.begin(), given.begin(), given.end());
        return true;
    }

    void count(Counter counter) override { ++counters[static_cast<std::size_t>(counter)]; }

    void note(const Note& note) override {
        notes.push_back(note);
        notes.back().bytes = {}; // valid during the call only
    }

    // The wire
    void receive(const std::string& text, const Flow& flow = kPhoneFlow) {
        sipparse::MessageIndex index;
        const sipparse::ParseError error = sipparse::index_datagram(text, index);
        const InboundMessage message{{text, &index}, flow, now};
        if (error == sipparse::ParseError::None) {
            layer.receive(message);
        } else {
            layer.answer_bad(message, error);
        }
    }

    // Lets time pass, with expire() at every deadline on the way as a worker would.
    void advance_ms(std::uint64_t ms) { advance_to(now + ms * base::kNsPerMs); }

    void advance_to(base::MonotonicNs end) {
        while (true) {
            const base::MonotonicNs next = layer.next_deadline();
            if (next == 0 || next > end) {
                break;
            }
            now = next > now ? next : now + base::kNsPerMs;
            if (now > end) {
                break;
            }
            layer.expire(now);
        }
        now = end;
        layer.expire(now);
    }

    // The core dies; what it left is told to nobody.
    void core_dies() {
        layer.core_absent(true);
        slots.clear();
    }

    // The next one attaches.
    void core_comes() {
        layer.core_absent(false);
        layer.offer_slots();
        layer.expire(now);
    }

    // The core
    ClientHandle take_slot() {
        const ClientHandle slot = slots.back();
        slots.pop_back();
        return slot;
    }

    [[nodiscard]] std::string branch_of(ClientHandle slot) const {
        std::string text(kBranchBytes, ' ');
        write_branch(options.owner,
                     slot,
                     options.branch_key,
                     std::span<char, kBranchBytes>(text.data(), kBranchBytes));
        return text;
    }

    // Fields of a request we send in that slot.
    [[nodiscard]] Fields client_fields(ClientHandle slot, const std::string& method) const {
        return {.method = method,
                .uri = "sip:1001@10.77.0.101:5070",
                .sent_by = "10.77.0.10",
                .branch = branch_of(slot),
                .via_params = "",
                .from_tag = "ours"};
    }

    void send_request(ClientHandle slot,
                      const Fields& fields,
                      std::uint64_t user = 7,
                      ClientHandle invite = {}) {
        const std::string text = request_text(fields);
        layer.send_request({.transaction = slot,
                            .invite = invite,
                            .user = user,
                            .flow = kPhoneFlow,
                            .message = text,
                            .now = now});
    }

    void respond(ServerHandle transaction, const Fields& fields, int status) {
        const std::string text = response_text(fields, status);
        layer.send_response({.transaction = transaction, .message = text, .now = now});
    }

    void respond_reliably(ServerHandle transaction,
                          const Fields& fields,
                          int status,
                          std::uint32_t rseq) {
        const std::string text = response_text(fields, status);
        layer.send_response({.transaction = transaction,
                             .reliable = true,
                             .rseq = rseq,
                             .message = text,
                             .now = now});
    }

    void acknowledge(ClientHandle invite, const Fields& fields) {
        const std::string text = request_text(fields);
        layer.send_ack({.invite = invite, .flow = kPhoneFlow, .message = text, .now = now});
    }

    [[nodiscard]] std::uint64_t counted(Counter counter) const {
        return counters[static_cast<std::size_t>(counter)];
    }

    [[nodiscard]] std::size_t count_sent(std::string_view start) const {
        std::size_t count = 0;
        for (const Sent& message : sent) {
            count += message.starts_with(start) ? 1U : 0U;
        }
        return count;
    }

    [[nodiscard]] std::size_t count_events(EventKind kind) const {
        std::size_t count = 0;
        for (const Event& event : events) {
            count += event.kind == kind ? 1U : 0U;
        }
        return count;
    }

    // Times of what was sent, in ms since `since`.
    [[nodiscard]] std::vector<std::uint64_t> sent_at_ms(base::MonotonicNs since) const {
        std::vector<std::uint64_t> times;
        for (const Sent& message : sent) {
            times.push_back((message.at - since) / base::kNsPerMs);
        }
        return times;
    }

    // Nothing lives, nothing lingers, nothing is kept, every slot is with the core.
    [[nodiscard]] bool is_empty() const {
        const LayerStatus status = layer.status();
        std::uint32_t used = status.server_live.used + status.client_live.used +
                             status.lingering.used + status.forks.used + status.refusals.used +
                             status.timers_armed + status.slots_in_use + status.slots_free;
        for (const PoolStatus& buffers : status.buffers) {
            used += buffers.used;
        }
        for (const std::uint32_t count : status.invite_server) {
            used += count;
        }
        for (const std::uint32_t count : status.non_invite_server) {
            used += count;
        }
        for (const std::uint32_t count : status.invite_client) {
            used += count;
        }
        for (const std::uint32_t count : status.non_invite_client) {
            used += count;
        }
        return used == 0;
    }

    LayerOptions options;
    base::MonotonicNs now = kTestStart;
    bool wire_cut = false;
    bool ring_full = false;
    std::size_t orphans_left = ~std::size_t{0}; // so many fit into the ring
    std::vector<Sent> sent;
    std::vector<Event> events;
    std::vector<ClientHandle> slots;
    std::vector<Note> notes;
    std::array<std::uint64_t, kCounterCount> counters{};
    Layer layer;

  private:
    bool publish(Event event) {
        if (ring_full) {
            return false;
        }
        events.push_back(std::move(event));
        return true;
    }
};

} // namespace tandem::transaction
