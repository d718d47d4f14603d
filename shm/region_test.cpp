// SPDX-License-Identifier: Apache-2.0
//
// The region: creating, sealing, attaching, and refusing each thing that can be wrong with it, with
// a sentence.
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "gtest/gtest.h"

#include "shm/layout_table.hpp"
#include "shm/region.hpp"
#include "shm/region_parts.hpp"

namespace tandem::shm {
namespace {

RegionOptions small_options() {
    RegionOptions options;
    options.node = 3;
    options.worker_count = 2;
    options.dataplane_epoch = 1'700'000'000;
    options.event_ring_bytes = kRingBytesMin;
    options.command_ring_bytes = 2 * kRingBytesMin;
    options.note_count = kNoteCountMin;
    options.limits = {.server_transactions = 100, .client_transactions = 50, .reserved = {}};
    for (std::size_t at = 0; at < options.branch_key.size(); ++at) {
        options.branch_key[at] = static_cast<std::uint8_t>(at);
        options.call_id_key[at] = static_cast<std::uint8_t>(at + 100);
    }
    return options;
}

Region create(const RegionOptions& options = small_options()) {
    auto region = Region::create(options);
    EXPECT_TRUE(region);
    return std::move(*region);
}

std::string sentence_of(const AttachError& error) {
    SentenceBuffer buffer{};
    return std::string(sentence(error, buffer));
}

TEST(Region, BothSidesSeeTheSameThings) {
    Region ours = create();
    const auto attached = Region::attach(ours.fd());
    ASSERT_TRUE(attached);
    const Region& theirs = *attached;
    EXPECT_EQ(theirs.fd(), -1);
    EXPECT_EQ(theirs.info().node, 3);
    EXPECT_EQ(theirs.info().worker_count, 2);
    EXPECT_EQ(theirs.info().major, kRegionMajor);
    EXPECT_EQ(theirs.info().minor, kRegionMinor);
    EXPECT_EQ(theirs.info().dataplane_epoch, 1'700'000'000U);
    EXPECT_EQ(theirs.info().dataplane_pid, static_cast<std::uint32_t>(::getpid()));
    EXPECT_EQ(theirs.info().layout_hash, kLayoutHash);
    EXPECT_EQ(theirs.info().limits.client_transactions, 50U);
    EXPECT_EQ(theirs.info().branch_key, ours.info().branch_key);
    EXPECT_EQ(theirs.info().branch_key.low, 0x0706050403020100U);
    EXPECT_NE(theirs.info().call_id_key, theirs.info().branch_key);
    EXPECT_EQ(theirs.event_ring(1).capacity_bytes, kRingBytesMin);
    EXPECT_EQ(theirs.command_ring(0).capacity_bytes, 2 * kRingBytesMin);
    EXPECT_EQ(theirs.notes(1).count, kNoteCountMin);

    ours.dataplane_line().heartbeat_ns.store(77);
    EXPECT_EQ(theirs.dataplane_line().heartbeat_ns.load(), 77U);
    ours.counter_block(0).add(CounterId::FramesReceived, 2);
    ours.counter_block(2).add(CounterId::FramesReceived, 3);
    EXPECT_EQ(theirs.counter(CounterId::FramesReceived), 5U);
    RingProducer producer(ours.event_ring(1));
    ASSERT_NE(producer.claim(5, 4), nullptr);
    producer.commit(4);
    producer.publish();
    RingConsumer consumer(theirs.event_ring(1));
    ASSERT_TRUE(consumer.peek());
    EXPECT_EQ(consumer.peek()->type, 5);
    RingConsumer other(theirs.event_ring(0));
    EXPECT_FALSE(other.peek());
}

TEST(Region, IsSealedAgainstEveryChangeOfSize) {
    const Region region = create();
    EXPECT_NE(::ftruncate(region.fd(), 4096), 0);
    EXPECT_NE(::ftruncate(region.fd(), 1 << 30), 0);
    EXPECT_NE(::fcntl(region.fd(), F_ADD_SEALS, F_SEAL_WRITE), 0);
}

TEST(Region, WorksOnSmallPagesToo) {
    auto options = small_options();
    options.try_huge_pages = false;
    const Region region = create(options);
    EXPECT_FALSE(region.info().on_huge_pages);
    EXPECT_TRUE(Region::attach(region.fd()));
}

TEST(Region, SurvivesItsCreator) {
    int fd = -1;
    {
        const Region region = create();
        fd = ::dup(region.fd());
        region.dataplane_line().heartbeat_ns.store(5);
    }
    const auto attached = Region::attach(fd);
    ::close(fd);
    ASSERT_TRUE(attached);
    EXPECT_EQ(attached->dataplane_line().heartbeat_ns.load(), 5U);
}

TEST(Region, PartsAreAlignedAndApart) {
    auto options = small_options();
    options.worker_count = kWorkersMax;
    const RegionFacts facts = lay_out(options);
    EXPECT_EQ(find_fault(facts, facts.total_bytes), std::nullopt);
    EXPECT_EQ(parts_of(facts).count, kRegionPartsMax);
}

TEST(Region, RefusesBadOptions) {
    const auto refuses = [](const std::function<void(RegionOptions&)>& spoil) {
        auto options = small_options();
        spoil(options);
        const auto region = Region::create(options);
        return !region && std::string(region.error().step) == "options";
    };
    EXPECT_TRUE(refuses([](auto& o) { o.worker_count = 0; }));
    EXPECT_TRUE(refuses([](auto& o) { o.worker_count = kWorkersMax + 1; }));
    EXPECT_TRUE(refuses([](auto& o) { o.dataplane_epoch = 0; }));
    EXPECT_TRUE(refuses([](auto& o) { o.event_ring_bytes = kRingBytesMin / 2; }));
    EXPECT_TRUE(refuses([](auto& o) { o.command_ring_bytes = kRingBytesMin + 8; }));
    EXPECT_TRUE(refuses([](auto& o) { o.command_ring_bytes = 2 * kRingBytesMax; }));
    EXPECT_TRUE(refuses([](auto& o) { o.note_count = 65; }));
    SentenceBuffer buffer{};
    EXPECT_EQ(sentence(CreateError{.step = "options", .error_number = 0}, buffer),
              "cannot create the region: bad options");
    EXPECT_EQ(sentence(CreateError{.step = "mmap", .error_number = 12}, buffer),
              "cannot create: mmap failed (error 12)");
}

// A header that is changed after creation, as a broken or hostile dataplane could.
struct Damage {
    const char* name;
    AttachRefusal refusal;
    const char* sentence;
    void (*apply)(RegionHeader&);
};

class RegionDamage : public testing::TestWithParam<Damage> {};

TEST_P(RegionDamage, IsRefusedWithASentence) {
    const Region region = create();
    GetParam().apply(*reinterpret_cast<RegionHeader*>(region.bytes().data()));
    const auto attached = Region::attach(region.fd());
    ASSERT_FALSE(attached);
    EXPECT_EQ(attached.error().refusal, GetParam().refusal);
    EXPECT_NE(sentence_of(attached.error()).find(GetParam().sentence), std::string::npos)
        << sentence_of(attached.error());
}

using H = RegionHeader&;
using R = AttachRefusal;

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    RegionDamage,
    testing::Values(
        Damage{"version_0", R::NotReady, "not filled yet", [](H h) { h.version = 0; }},
        Damage{"magic",
               R::WrongMagic,
               "begins with 0x00000007, not 0x4d444e54",
               [](H h) { h.magic = 7; }},
        Damage{"major",
               R::OtherMajor,
               "has version 2.5, this process needs 1.0",
               [](H h) { h.version = region_version(2, 5); }},
        Damage{"hash",
               R::OtherLayout,
               "has layout 00000000000000ff",
               [](H h) { h.facts.layout_hash = 255; }},
        Damage{"total",
               R::Truncated,
               "its header says",
               [](H h) { h.facts.total_bytes = std::uint64_t{1} << 40U; }},
        Damage{"no_workers",
               R::BadWorkerCount,
               "has 0 workers",
               [](H h) { h.facts.worker_count = 0; }},
        Damage{"workers",
               R::BadWorkerCount,
               "has 17 workers, 1 to 16",
               [](H h) { h.facts.worker_count = 17; }},
        Damage{"counters",
               R::BadCounterCount,
               "has 1 counters",
               [](H h) { h.facts.counter_count = 1; }},
        Damage{"counter_bytes",
               R::BadCounterCount,
               "counters",
               [](H h) { h.facts.counters_bytes -= 8; }},
        Damage{"ring_size",
               R::BadRingSize,
               "a ring has 1048577 bytes",
               [](H h) { h.facts.workers[1].events.data_bytes += 1; }},
        Damage{"ring_huge",
               R::BadRingSize,
               "a ring has 2147483648 bytes",
               [](H h) { h.facts.workers[1].commands.data_bytes = 2 * kRingBytesMax; }},
        Damage{"notes",
               R::BadNoteCount,
               "has 3 notes",
               [](H h) { h.facts.workers[0].note_count = 3; }},
        Damage{"align",
               R::PartMisaligned,
               "not at a multiple of 128",
               [](H h) { h.facts.workers[0].request_line_offset += 64; }},
        Damage{"outside",
               R::PartOutOfBounds,
               "does not end within",
               [](H h) { h.facts.workers[1].notes_offset = h.facts.total_bytes; }},
        Damage{"overflow",
               R::PartOutOfBounds,
               "does not end within",
               [](H h) { h.facts.workers[1].events.data_offset = ~std::uint64_t{127}; }},
        Damage{"overlap",
               R::PartsOverlap,
               "overlap",
               [](H h) { h.facts.counters_offset = h.facts.workers[0].events.data_offset; }},
        Damage{"on_header",
               R::PartsOverlap,
               "overlap",
               [](H h) { h.facts.dataplane_line_offset = 0; }},
        Damage{"same_line",
               R::PartsOverlap,
               "overlap",
               [](H h) {
                   h.facts.workers[1].grant_line_offset = h.facts.workers[0].grant_line_offset;
               }}),
    [](const testing::TestParamInfo<Damage>& tested) { return std::string(tested.param.name); });

TEST(Region, RefusesWhatIsNoSealedMemoryFile) {
    const int plain = ::open("/dev/null", O_RDWR);
    EXPECT_EQ(Region::attach(plain).error().refusal, R::NotSealed);
    ::close(plain);
    EXPECT_EQ(Region::attach(-1).error().refusal, R::NotSealed);
    const int open_file = ::memfd_create("test", MFD_ALLOW_SEALING);
    ASSERT_EQ(::ftruncate(open_file, 1 << 20), 0);
    EXPECT_EQ(Region::attach(open_file).error().refusal, R::NotSealed);
    EXPECT_EQ(sentence_of({.refusal = R::NotSealed}), "the region is not a sealed memory file");
    ::close(open_file);
}

TEST(Region, RefusesSealedFilesThatAreTooSmallOrEmpty) {
    for (const off_t size : {off_t{0}, off_t{100}, off_t{8192}}) {
        const int file = ::memfd_create("test", MFD_ALLOW_SEALING);
        ASSERT_EQ(::ftruncate(file, size), 0);
        ASSERT_EQ(::fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
        EXPECT_EQ(Region::attach(file).error().refusal, size == 8192 ? R::NotReady : R::TooSmall);
        ::close(file);
    }
    EXPECT_EQ(sentence_of({.refusal = R::TooSmall, .found = 100, .expected = 2000}),
              "the region has 100 bytes, its header alone needs 2000");
    EXPECT_EQ(sentence_of({.refusal = R::CannotMap, .found = 12, .expected = 0}),
              "the region cannot be mapped (error 12)");
}

TEST(Region, HeaderCannotBeChangedAfterTheCheck) {
    const Region ours = create();
    const auto theirs = Region::attach(ours.fd());
    ASSERT_TRUE(theirs);
    auto& header = *reinterpret_cast<RegionHeader*>(ours.bytes().data());
    const auto* before = theirs->event_ring(0).data;
    header.facts.workers[0].events.data_offset = ~std::uint64_t{0};
    header.facts.worker_count = 60'000;
    EXPECT_EQ(theirs->event_ring(0).data, before);
    EXPECT_EQ(theirs->worker_count(), 2U);
}

} // namespace
} // namespace tandem::shm
