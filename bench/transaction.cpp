// SPDX-License-Identifier: Apache-2.0
//
// Benchmark of the transaction layer over an Output that only counts: a request that begins a
// transaction, a response that finds its own, a repetition that is answered from what is kept. A
// batch of transactions lives through each iteration; only the messages named are timed.
#include <array>
#include <benchmark/benchmark.h>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sipparse/index.hpp"
#include "transaction/layer.hpp"

namespace {

namespace base = tandem::base;
namespace sipparse = tandem::sipparse;
using namespace tandem::transaction; // NOLINT(google-build-using-namespace): its benchmark

constexpr std::size_t kBatch = 8'192;
// Longer than anything lingers.
constexpr std::uint64_t kForgottenNs = 40 * base::kNsPerS;

class CountingOutput final : public Output {
  public:
    bool transmit(const Flow& /*flow*/, std::string_view bytes) override {
        sent_bytes += bytes.size();
        return true;
    }

    bool publish_request(ServerHandle transaction, const InboundMessage& /*message*/) override {
        servers.push_back(transaction);
        return true;
    }

    bool publish_response(ClientHandle /*transaction*/,
                          std::uint64_t user,
                          const InboundMessage& /*message*/) override {
        responses += user;
        return true;
    }

    bool publish_cancel(ServerHandle /*cancel*/,
                        ServerHandle /*invite*/,
                        const InboundMessage& /*message*/) override {
        return true;
    }

    bool publish_ack(ServerHandle /*invite*/, const InboundMessage& /*message*/) override {
        return true;
    }

    bool publish_timeout(const Timeout& /*timeout*/) override { return true; }

    bool publish_stray(const InboundMessage& /*message*/) override { return true; }

    bool publish_orphan(const Orphan& /*orphan*/) override { return true; }

    bool publish_client_slots(std::span<const ClientHandle> given) override {
        slots.insert(slots.end(), given.begin(), given.end());
        return true;
    }

    void count(Counter counter) override { ++counters[static_cast<std::size_t>(counter)]; }

    void note(const Note& note) override { notes += note.bytes.size(); }

    std::vector<ServerHandle> servers;
    std::vector<ClientHandle> slots;
    std::uint64_t sent_bytes = 0;
    std::uint64_t responses = 0;
    std::uint64_t notes = 0;
    std::array<std::uint64_t, kCounterCount> counters{};
};

LayerOptions options() {
    LayerOptions options;
    options.owner = {.epoch = 0x5eed'0001, .node = 1, .worker = 0};
    options.branch_key = {.low = 1, .high = 2};
    options.hash_key = {.low = 3, .high = 4};
    options.call_id_key = {.low = 5, .high = 6};
    return options;
}

const Flow kFlow{.remote = {.address = {0x0a4d'0065}, .port = 5060},
                 .local = {.address = {0x0a4d'000a}, .port = 5060},
                 .port = 0,
                 .worker = 0};

struct Text {
    std::string bytes;
    sipparse::MessageIndex index;

    [[nodiscard]] InboundMessage arrived(base::MonotonicNs now) const {
        return {.view = {.bytes = bytes, .index = &index}, .flow = kFlow, .now = now};
    }
};

std::string headers(const std::string& via, std::size_t number, const std::string& method) {
    const std::string digits = std::to_string(1'000'000 + number);
    return "Via: " + via + "\r\nMax-Forwards: 70\r\n" + "From: \"Agent " + digits +
           "\" <sip:" + digits + "@10.77.0.10>;tag=f" + digits +
           "\r\nTo: <sip:1001@10.77.0.10>\r\nCall-ID: 5ca1ab1e-" + digits +
           "@10.77.0.101\r\nCSeq: 1 " + method + "\r\nContact: <sip:" + digits +
           "@10.77.0.101:5060>\r\nUser-Agent: bench\r\nContent-Length: 0\r\n\r\n";
}

Text indexed(std::string bytes) {
    Text text{.bytes = std::move(bytes), .index = {}};
    if (sipparse::index_datagram(text.bytes, text.index) != sipparse::ParseError::None) {
        std::abort();
    }
    return text;
}

std::vector<Text> requests(const std::string& method) {
    std::vector<Text> texts;
    texts.reserve(kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) {
        const std::string via = "SIP/2.0/UDP 10.77.0.101:5060;branch=z9hG4bK" +
                                std::to_string(7'000'000 + i * 31) + ";rport";
        texts.push_back(
            indexed(method + " sip:1001@10.77.0.10 SIP/2.0\r\n" + headers(via, i, method)));
    }
    return texts;
}

struct World {
    World() : layer(options(), output) {
        output.servers.reserve(kBatch);
        layer.core_absent(false);
        layer.offer_slots();
        while (output.slots.size() < kBatch) { // some each time
            layer.expire(++now);
        }
    }

    void forget() {
        now += kForgottenNs;
        for (int i = 0; i < 3; ++i) { // what ends in one step lingers until a later one
            layer.expire(now);
            now += kForgottenNs;
        }
        output.servers.clear();
    }

    CountingOutput output;
    base::MonotonicNs now = 1'000 * base::kNsPerS;
    Layer layer;
};

// Times `work` over the batch; the result is one message.
template <typename Work>
void time_batch(benchmark::State& state, Work&& work) {
    const base::MonotonicNs begin = base::monotonic_now();
    for (std::size_t i = 0; i < kBatch; ++i) {
        work(i);
    }
    const auto ns = static_cast<double>(base::monotonic_now() - begin);
    state.SetIterationTime(ns / kBatch * 1e-9);
}

void refuse(World& world, const std::vector<Text>& invites) {
    for (std::size_t i = 0; i < world.output.servers.size(); ++i) {
        std::string bytes = invites[i].bytes;
        bytes.replace(0, bytes.find('\r'), "SIP/2.0 486 Busy Here");
        bytes.insert(bytes.find("\r\nCall-ID"), ";tag=t");
        world.layer.send_response(
            {.transaction = world.output.servers[i], .message = bytes, .now = world.now});
    }
}

// A new INVITE becomes a server transaction and is published.
void create(benchmark::State& state) {
    const std::vector<Text> invites = requests("INVITE");
    World world;
    for (auto _ : state) {
        time_batch(state,
                   [&](std::size_t i) { world.layer.receive(invites[i].arrived(world.now)); });
        if (world.output.servers.size() != kBatch) {
            state.SkipWithError("not every request began a transaction");
            return;
        }
        refuse(world, invites);
        world.forget();
    }
}

// A repeated INVITE is absorbed and the last response sent again.
void retransmission(benchmark::State& state) {
    const std::vector<Text> invites = requests("INVITE");
    World world;
    for (const Text& invite : invites) {
        world.layer.receive(invite.arrived(world.now));
    }
    for (std::size_t i = 0; i < kBatch; ++i) {
        std::string bytes = invites[i].bytes;
        bytes.replace(0, bytes.find('\r'), "SIP/2.0 180 Ringing");
        bytes.insert(bytes.find("\r\nCall-ID"), ";tag=t");
        world.layer.send_response(
            {.transaction = world.output.servers[i], .message = bytes, .now = world.now});
    }
    std::uint64_t expected =
        world.output.counters[static_cast<std::size_t>(Counter::RequestRepeated)];
    for (auto _ : state) {
        time_batch(state,
                   [&](std::size_t i) { world.layer.receive(invites[i].arrived(world.now)); });
        expected += kBatch;
        if (world.output.counters[static_cast<std::size_t>(Counter::RequestRepeated)] != expected) {
            state.SkipWithError("not every repetition was absorbed");
            return;
        }
    }
}

std::string branch_of(const LayerOptions& given, ClientHandle slot) {
    std::string text(kBranchBytes, ' ');
    write_branch(given.owner,
                 slot,
                 given.branch_key,
                 std::span<char, kBranchBytes>(text.data(), kBranchBytes));
    return text;
}

// A 180 finds the INVITE it belongs to by its branch and is published.
void match(benchmark::State& state) {
    World world;
    std::vector<Text> ringing;
    ringing.reserve(kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) {
        const ClientHandle slot = world.output.slots[i];
        const std::string via =
            "SIP/2.0/UDP 10.77.0.10:5060;branch=" + branch_of(options(), slot) + ";rport";
        const std::string invite =
            "INVITE sip:1001@10.77.0.101 SIP/2.0\r\n" + headers(via, i, "INVITE");
        world.layer.send_request(
            {.transaction = slot, .user = 1, .flow = kFlow, .message = invite, .now = world.now});
        std::string response = "SIP/2.0 180 Ringing\r\n" + headers(via, i, "INVITE");
        response.insert(response.find("\r\nCall-ID"), ";tag=t");
        ringing.push_back(indexed(response));
    }
    std::uint64_t expected = 0;
    for (auto _ : state) {
        time_batch(state,
                   [&](std::size_t i) { world.layer.receive(ringing[i].arrived(world.now)); });
        expected += kBatch;
        if (world.output.responses != expected) {
            state.SkipWithError("not every response found its transaction");
            return;
        }
    }
}

// The registrations of Google Benchmark are variables that nothing here writes again.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
BENCHMARK(create)->UseManualTime()->Iterations(40);
BENCHMARK(match)->UseManualTime()->Iterations(100);
BENCHMARK(retransmission)->UseManualTime()->Iterations(100);
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

} // namespace

BENCHMARK_MAIN();
