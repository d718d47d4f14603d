// SPDX-License-Identifier: Apache-2.0
//
// Benchmark of the rings: what a worker pays to publish a message, and how long a record takes from
// one core to another, beside DPDK's ring for pointers. Crossings are medians of single round
// trips, because another process on one of the cores adds milliseconds to a few of them.
#include "shm/ring.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <benchmark/benchmark.h>
#include <cstdint>
#include <memory>
#include <pthread.h>
#include <rte_ring.h>
#include <string>
#include <thread>
#include <vector>
#include <x86intrin.h>

#include "base/huge_memory.hpp"
#include "base/time.hpp"
#include "bench/corpus/corpus.hpp"
#include "shm/read_record.hpp"
#include "shm/write_record.hpp"
#include "sipparse/index.hpp"

namespace {

namespace base = tandem::base;
namespace shm = tandem::shm;
namespace sipparse = tandem::sipparse;

constexpr std::size_t kRingBytes = 16U << 20U; // as configured by default
constexpr std::size_t kFirstCpu = 0;
constexpr std::size_t kSecondCpu = 1;
constexpr std::size_t kRoundTrips = 20'000;
constexpr int kSamples = 25;

// As in two processes: what one side writes shares no cache line with the other side.
struct Ring {
    Ring()
        : data(base::HugeMemory::allocate_or_exit("ring", kRingBytes, base::PageChoice::Huge)),
          memory{.cursors = &cursors, .data = data.bytes().data(), .capacity_bytes = kRingBytes},
          producer(memory), consumer(memory) {}

    base::HugeMemory data;
    shm::RingCursors cursors;
    shm::RingMemory memory;
    alignas(shm::kCursorLineBytes) shm::RingProducer producer;
    alignas(shm::kCursorLineBytes) shm::RingConsumer consumer;
};

struct Message {
    std::string_view bytes;
    sipparse::MessageIndex index;
};

std::vector<Message> indexed(const tandem::bench::Corpus& corpus) {
    std::vector<Message> messages;
    for (const std::string_view bytes : corpus.messages) {
        messages.push_back({.bytes = bytes, .index = {}});
        if (sipparse::index_datagram(bytes, messages.back().index) != sipparse::ParseError::None) {
            return {};
        }
    }
    return messages;
}

// The index and the bytes of one message into the event ring, visible at once.
void publish(benchmark::State& state) {
    const auto corpus = tandem::bench::load_corpus(std::string(CORPUS_DIRECTORY) + "/mix.bin");
    const std::vector<Message> messages = indexed(corpus);
    if (messages.empty()) {
        state.SkipWithError("the corpus file is missing or damaged");
        return;
    }
    Ring ring;
    std::size_t next = 0;
    for (auto _ : state) {
        const Message& message = messages[next];
        next = next + 1 < messages.size() ? next + 1 : 0;
        if (!shm::write_request(ring.producer, {}, message.index, message.bytes)) {
            // Nobody reads: once in ten thousand records both sides begin anew.
            ring.producer.reset();
            ring.consumer.reset();
        }
        ring.producer.publish();
    }
}

void run_on_cpu(std::size_t cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    static_cast<void>(::pthread_setaffinity_np(::pthread_self(), sizeof(set), &set));
}

// An event there and a command back, as small as they come.
class RecordTrip {
  public:
    [[nodiscard]] static bool is_ready() { return true; }

    [[nodiscard]] bool there() {
        const bool written = shm::write_timeout(
            events_.producer, {.handle = 1, .user = 2, .at_ns = 3, .kind = kKind});
        events_.producer.publish();
        return written;
    }

    [[nodiscard]] bool is_there() {
        const auto record = events_.consumer.peek();
        if (!record) {
            return false;
        }
        const auto event = event_reader_.read(*record);
        benchmark::DoNotOptimize(event);
        events_.consumer.release();
        return true;
    }

    [[nodiscard]] bool back() {
        const bool written =
            shm::write_stop_repeating(commands_.producer, {.transaction = {1, 1}, .rseq = 1});
        commands_.producer.publish();
        return written;
    }

    [[nodiscard]] bool is_back() {
        const auto record = commands_.consumer.peek();
        if (!record) {
            return false;
        }
        const auto command = command_reader_.read(*record);
        benchmark::DoNotOptimize(command);
        commands_.consumer.release();
        return true;
    }

  private:
    static constexpr auto kKind = tandem::transaction::TimeoutKind::ClientFinal;

    Ring events_;
    Ring commands_;
    alignas(shm::kCursorLineBytes) shm::EventReader event_reader_;
    alignas(shm::kCursorLineBytes) shm::CommandReader command_reader_;
};

// A pointer there and back through rings of DPDK, one producer and one consumer each.
class PointerTrip {
  public:
    PointerTrip() : there_(make()), back_(make()) {}

    [[nodiscard]] static bool is_ready() { return true; }

    [[nodiscard]] bool there() { return rte_ring_sp_enqueue(there_.get(), this) == 0; }

    [[nodiscard]] bool is_there() { return take(*there_); }

    [[nodiscard]] bool back() { return rte_ring_sp_enqueue(back_.get(), this) == 0; }

    [[nodiscard]] bool is_back() { return take(*back_); }

  private:
    static constexpr unsigned kEntries = 1'024;

    struct Free {
        void operator()(rte_ring* ring) const { ::operator delete (ring, std::align_val_t{128}); }
    };

    using Owned = std::unique_ptr<rte_ring, Free>;

    static Owned make() {
        const auto bytes = static_cast<std::size_t>(rte_ring_get_memsize(kEntries));
        void* const memory = ::operator new (bytes, std::align_val_t{128});
        Owned ring(static_cast<rte_ring*>(memory));
        static_cast<void>(
            rte_ring_init(ring.get(), "bench", kEntries, RING_F_SP_ENQ | RING_F_SC_DEQ));
        return ring;
    }

    static bool take(rte_ring& ring) {
        void* object = nullptr;
        return rte_ring_sc_dequeue(&ring, &object) == 0;
    }

    Owned there_;
    Owned back_;
};

// A message with its index there, a command with an answer of its size back.
class MessageTrip {
  public:
    MessageTrip()
        : corpus_(tandem::bench::load_corpus(std::string(CORPUS_DIRECTORY) + "/mix.bin")),
          messages_(indexed(corpus_)) {}

    [[nodiscard]] bool is_ready() const { return !messages_.empty(); }

    [[nodiscard]] bool there() {
        const Message& message = messages_[next_];
        next_ = next_ + 1 < messages_.size() ? next_ + 1 : 0;
        const bool written = shm::write_request(events_.producer, {}, message.index, message.bytes);
        events_.producer.publish();
        return written;
    }

    [[nodiscard]] bool is_there() {
        const auto record = events_.consumer.peek();
        if (!record) {
            return false;
        }
        const auto event = event_reader_.read(*record);
        benchmark::DoNotOptimize(event);
        events_.consumer.release();
        return true;
    }

    [[nodiscard]] bool back() {
        const bool written =
            shm::write_send_response(commands_.producer, {}, messages_.front().bytes);
        commands_.producer.publish();
        return written;
    }

    [[nodiscard]] bool is_back() {
        const auto record = commands_.consumer.peek();
        if (!record) {
            return false;
        }
        const auto command = command_reader_.read(*record);
        benchmark::DoNotOptimize(command);
        commands_.consumer.release();
        return true;
    }

  private:
    tandem::bench::Corpus corpus_;
    std::vector<Message> messages_;
    std::size_t next_ = 0;
    Ring events_;
    Ring commands_;
    alignas(shm::kCursorLineBytes) shm::EventReader event_reader_;
    alignas(shm::kCursorLineBytes) shm::CommandReader command_reader_;
};

// The other core: sends everything back.
template <typename Trip>
void echo(Trip& trip, const std::atomic<bool>& stop) {
    run_on_cpu(kSecondCpu);
    while (!stop.load(std::memory_order_relaxed)) { // orders nothing
        if (trip.is_there()) {
            while (!trip.back()) {
            }
        }
    }
}

template <typename Trip>
double median_one_way_cycles(Trip& trip, std::vector<std::uint64_t>& times) {
    for (std::uint64_t& time : times) {
        const std::uint64_t begin = __rdtsc();
        while (!trip.there()) {
        }
        while (!trip.is_back()) {
        }
        time = __rdtsc() - begin;
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return static_cast<double>(*middle) / 2;
}

// Nanoseconds one way, half a round trip.
template <typename Trip>
void crossing(benchmark::State& state) {
    if (std::thread::hardware_concurrency() < 2) {
        state.SkipWithError("a crossing needs two cores");
        return;
    }
    const auto trip = std::make_unique<Trip>();
    if (!trip->is_ready()) {
        state.SkipWithError("the corpus file is missing or damaged");
        return;
    }
    std::atomic<bool> stop = false;
    std::thread other([&] { echo(*trip, stop); });
    run_on_cpu(kFirstCpu);
    std::vector<std::uint64_t> times(kRoundTrips);
    const std::uint64_t first_cycles = __rdtsc();
    const base::MonotonicNs first_ns = base::monotonic_now();
    for (auto _ : state) {
        const double cycles = median_one_way_cycles(*trip, times);
        const double cycles_per_ns = static_cast<double>(__rdtsc() - first_cycles) /
                                     static_cast<double>(base::monotonic_now() - first_ns);
        state.SetIterationTime(cycles / cycles_per_ns * 1e-9);
    }
    stop.store(true, std::memory_order_relaxed);
    other.join();
}

// The registrations of Google Benchmark are variables that nothing here writes again.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
BENCHMARK(publish);
BENCHMARK_TEMPLATE(crossing, RecordTrip)->Name("crossing")->UseManualTime()->Iterations(kSamples);
BENCHMARK_TEMPLATE(crossing, MessageTrip)
    ->Name("crossing/message")
    ->UseManualTime()
    ->Iterations(kSamples);
BENCHMARK_TEMPLATE(crossing, PointerTrip)
    ->Name("peer/rte_ring_crossing")
    ->UseManualTime()
    ->Iterations(kSamples);
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

} // namespace

BENCHMARK_MAIN();
