// SPDX-License-Identifier: Apache-2.0
//
// Making, sealing, mapping and checking the region. System calls, at start only; the accessors are
// additions of checked offsets.
#include "shm/region.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/assert.hpp"
#include "shm/layout_table.hpp"
#include "shm/region_parts.hpp"

namespace tandem::shm {

namespace {

constexpr std::uint64_t kHugePageBytes = std::uint64_t{2} << 20U;
// Nobody can change the size any more, and nobody can lift that.
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

struct Mapping {
    int fd = -1;
    std::byte* base = nullptr;
    std::size_t bytes = 0;
    bool huge = false;
};

std::byte* map_shared(int fd, std::size_t bytes) noexcept {
    void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    return base == MAP_FAILED ? nullptr : static_cast<std::byte*>(base);
}

// errno is that of the failed step; `step` names it.
base::Result<Mapping, CreateError> make_mapping(std::uint64_t wanted_bytes, bool huge) noexcept {
    const std::uint64_t page = huge ? kHugePageBytes : kPageBytes;
    Mapping mapping;
    mapping.huge = huge;
    mapping.bytes = (wanted_bytes + page - 1) / page * page;
    mapping.fd = ::memfd_create("tandem-region",
                                MFD_CLOEXEC | MFD_ALLOW_SEALING | (huge ? MFD_HUGETLB : 0U));
    const char* step = "memfd_create";
    if (mapping.fd >= 0) {
        step = "ftruncate";
        // Reserved now, so that a touch never finds the machine out of memory (SIGBUS).
        if (::ftruncate(mapping.fd, static_cast<off_t>(mapping.bytes)) == 0 &&
            (step = "fallocate",
             ::fallocate(mapping.fd, 0, 0, static_cast<off_t>(mapping.bytes)) == 0) &&
            (step = "seal", ::fcntl(mapping.fd, F_ADD_SEALS, kSeals) == 0)) {
            step = "mmap";
            mapping.base = map_shared(mapping.fd, mapping.bytes);
        }
    }
    if (mapping.base == nullptr) {
        const CreateError error{.step = step, .error_number = errno};
        if (mapping.fd >= 0) {
            ::close(mapping.fd);
        }
        return base::Error{error};
    }
    return mapping;
}

RegionInfo info_of(const RegionFacts& facts, std::uint32_t version, bool huge) noexcept {
    return {.node = facts.node,
            .worker_count = facts.worker_count,
            .major = static_cast<std::uint16_t>(version >> 16U),
            .minor = static_cast<std::uint16_t>(version),
            .dataplane_epoch = facts.dataplane_epoch,
            .dataplane_pid = facts.dataplane_pid,
            .layout_hash = facts.layout_hash,
            .total_bytes = facts.total_bytes,
            .started_ns = facts.started_ns,
            .started_wall_ns = facts.started_wall_ns,
            .limits = facts.limits,
            .branch_key = base::SipHashKey::from_bytes(facts.branch_key),
            .call_id_key = base::SipHashKey::from_bytes(facts.call_id_key),
            .on_huge_pages = huge};
}

base::Error<AttachError>
refuse(AttachRefusal refusal, std::uint64_t found = 0, std::uint64_t expected = 0) noexcept {
    return base::Error{AttachError{.refusal = refusal, .found = found, .expected = expected}};
}

} // namespace

base::Result<Region, CreateError> Region::create(const RegionOptions& options) noexcept {
    if (!options_are_good(options)) {
        return base::Error{CreateError{.step = "options", .error_number = 0}};
    }
    RegionFacts facts = lay_out(options);
    facts.dataplane_pid = static_cast<std::uint32_t>(::getpid());
    facts.started_ns = base::monotonic_now();
    facts.started_wall_ns = base::wall_now();
    auto mapping = make_mapping(facts.total_bytes, options.try_huge_pages);
    if (!mapping && options.try_huge_pages) {
        mapping = make_mapping(facts.total_bytes, false);
    }
    if (!mapping) {
        return base::Error{mapping.error()};
    }
    Region region;
    region.base_ = mapping->base;
    region.mapped_bytes_ = mapping->bytes;
    region.fd_ = mapping->fd;
    region.facts_ = facts;
    constexpr std::uint32_t kVersion = region_version(kRegionMajor, kRegionMinor);
    region.info_ = info_of(facts, kVersion, mapping->huge);
    auto* header = std::construct_at(reinterpret_cast<RegionHeader*>(region.base_));
    header->magic = kRegionMagic;
    header->facts = facts;
    // Release: everything above is written before anyone can see a version. The other parts start
    // as the zeroes the kernel gave.
    header->version.store(kVersion, std::memory_order_release);
    return region;
}

base::Result<Region, AttachError> Region::attach(int memfd) noexcept {
    const int seals = ::fcntl(memfd, F_GET_SEALS);
    if (seals < 0 || (seals & kSeals) != kSeals) {
        return refuse(AttachRefusal::NotSealed);
    }

    struct stat file {};

    if (::fstat(memfd, &file) != 0) {
        return refuse(AttachRefusal::CannotMap, static_cast<std::uint64_t>(errno));
    }
    const auto file_bytes = static_cast<std::uint64_t>(file.st_size);
    if (file_bytes < sizeof(RegionHeader)) {
        return refuse(AttachRefusal::TooSmall, file_bytes, sizeof(RegionHeader));
    }
    Region region;
    region.base_ = map_shared(memfd, file_bytes);
    if (region.base_ == nullptr) {
        return refuse(AttachRefusal::CannotMap, static_cast<std::uint64_t>(errno));
    }
    region.mapped_bytes_ = file_bytes;
    const auto& header = *reinterpret_cast<const RegionHeader*>(region.base_);
    // Acquire: with a version that is not 0 the header and all parts are there.
    const std::uint32_t version = header.version.load(std::memory_order_acquire);
    if (version == 0) {
        return refuse(AttachRefusal::NotReady);
    }
    if (header.magic != kRegionMagic) {
        return refuse(AttachRefusal::WrongMagic, header.magic, kRegionMagic);
    }
    if (version >> 16U != kRegionMajor) {
        return refuse(
            AttachRefusal::OtherMajor, version, region_version(kRegionMajor, kRegionMinor));
    }
    std::memcpy(&region.facts_, &header.facts, sizeof region.facts_);
    if (const auto fault = find_fault(region.facts_, file_bytes)) {
        return base::Error{*fault};
    }
    region.info_ = info_of(region.facts_, version, false);
    return region;
}

Region::~Region() {
    unmap();
}

Region::Region(Region&& other) noexcept {
    take(other);
}

Region& Region::operator=(Region&& other) noexcept {
    if (this != &other) {
        unmap();
        take(other);
    }
    return *this;
}

void Region::take(Region& other) noexcept {
    base_ = std::exchange(other.base_, nullptr);
    mapped_bytes_ = std::exchange(other.mapped_bytes_, 0);
    fd_ = std::exchange(other.fd_, -1);
    info_ = other.info_;
    facts_ = other.facts_;
}

void Region::unmap() noexcept {
    if (base_ != nullptr) {
        ::munmap(base_, mapped_bytes_);
    }
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

RingMemory Region::ring(const RingPlace& place) const noexcept {
    return {.cursors = &part<RingCursors>(place.cursors_offset),
            .data = base_ + place.data_offset,
            .capacity_bytes = place.data_bytes};
}

RingMemory Region::event_ring(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    return ring(facts_.workers[worker].events);
}

RingMemory Region::command_ring(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    return ring(facts_.workers[worker].commands);
}

AttachRequestLine& Region::attach_request(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    return part<AttachRequestLine>(facts_.workers[worker].request_line_offset);
}

AttachGrantLine& Region::attach_grant(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    return part<AttachGrantLine>(facts_.workers[worker].grant_line_offset);
}

NoteMemory Region::notes(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    const WorkerPlace& place = facts_.workers[worker];
    return {.ring = &part<NoteRing>(place.notes_offset),
            .slots = &part<NoteSlot>(place.notes_offset + sizeof(NoteRing)),
            .count = place.note_count};
}

TraceList& Region::worker_trace(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    return part<TraceList>(facts_.workers[worker].traces_offset);
}

TraceList& Region::core_trace(std::size_t worker) const noexcept {
    TANDEM_ASSERT(worker < worker_count());
    return part<TraceList>(facts_.workers[worker].traces_offset + sizeof(TraceList));
}

DataplaneLine& Region::dataplane_line() const noexcept {
    return part<DataplaneLine>(facts_.dataplane_line_offset);
}

ControlplaneLine& Region::controlplane_line() const noexcept {
    return part<ControlplaneLine>(facts_.controlplane_line_offset);
}

CounterBlock Region::counter_block(std::size_t writer) const noexcept {
    TANDEM_ASSERT(writer <= worker_count());
    return CounterBlock(&part<CounterValues>(facts_.counters_offset + writer * kCounterBlockBytes));
}

std::uint64_t Region::counter(CounterId id) const noexcept {
    std::uint64_t sum = 0;
    for (std::size_t writer = 0; writer <= worker_count(); ++writer) {
        sum += counter_block(writer).get(id);
    }
    return sum;
}

} // namespace tandem::shm
