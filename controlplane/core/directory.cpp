// SPDX-License-Identifier: Apache-2.0
//
// Builds the tables of DNs and trunks from the configuration and answers questions about them.
#include "controlplane/core/directory.hpp"

#include <algorithm>

#include "controlplane/core/directory_tables.hpp"
#include "controlplane/core/field_sink.hpp"

namespace tandem::controlplane {

namespace {

std::uint64_t hash_of(std::string_view number) {
    return base::siphash(kDirectoryKey, number);
}

std::uint64_t hash_of(base::Ipv4Address address) {
    return base::SipHash(kDirectoryKey).add(std::uint64_t{address.value}).finish();
}

// A table has room for one entry at least.
std::uint32_t capacity_for(std::uint64_t count) {
    TANDEM_ASSERT(count < 1U << 31U); // config limits the file
    return std::max(static_cast<std::uint32_t>(count), 1U);
}

} // namespace

Directory::Tables::Tables(const config::Configuration& configuration)
    : dn_by_number("dn numbers", capacity_for(config::dn_count(configuration))),
      trunk_by_address("trunk addresses", capacity_for(configuration.trunks.size())) {
    std::string number; // storage of the walk, at construction
    std::vector<std::size_t> ends;
    dns.reserve(config::dn_count(configuration));
    for (const auto& range : configuration.dn_ranges) {
        for (config::DnCursor cursor(range); cursor.next(number);) {
            text += number;
            ends.push_back(text.size());
            dns.emplace_back().range = &range;
        }
    }
    std::size_t begin = 0;
    for (std::uint32_t index = 0; index < dns.size(); ++index) {
        dns[index].number = std::string_view(text).substr(begin, ends[index] - begin);
        begin = ends[index];
        TANDEM_ASSERT(dn_by_number.insert(hash_of(dns[index].number), index));
    }
    for (const auto& trunk : configuration.trunks) {
        const auto index = static_cast<std::uint32_t>(trunks.size());
        trunks.emplace_back().options = &trunk;
        TANDEM_ASSERT(trunk_by_address.insert(hash_of(trunk.contact.target.address), index));
    }
}

Directory::Directory(const config::Configuration& configuration)
    : tables_(std::make_unique<Tables>(configuration)) {} // at construction

Directory::~Directory() = default;

std::optional<DnIndex> Directory::find_dn(std::string_view number) const {
    const auto found = tables_->dn_by_number.find(
        hash_of(number), [&](std::uint32_t index) { return tables_->dns[index].number == number; });
    return found ? std::optional(DnIndex{*found}) : std::nullopt;
}

std::uint32_t Directory::dn_count() const {
    return static_cast<std::uint32_t>(tables_->dns.size());
}

std::uint32_t Directory::trunk_count() const {
    return static_cast<std::uint32_t>(tables_->trunks.size());
}

DnView Directory::dn(DnIndex index) const {
    const auto& dn = tables_->at(index);
    return {.index = index,
            .number = dn.number,
            .range = dn.range,
            .calls = dn.calls,
            .bindings = dn.bindings};
}

TrunkView Directory::trunk(TrunkIndex index) const {
    const auto& trunk = tables_->at(index);
    return {.index = index,
            .options = trunk.options,
            .calls = trunk.calls,
            .calls_total = trunk.calls_total};
}

std::string_view Directory::password(DnIndex index, std::span<char> buffer) const {
    constexpr std::string_view kNumber = "<number>";
    const auto& dn = tables_->at(index);
    std::string_view pattern = dn.range->password;
    std::size_t used = 0;
    while (!pattern.empty()) {
        const bool is_number = pattern.starts_with(kNumber);
        const auto piece = is_number ? dn.number : pattern.substr(0, 1);
        TANDEM_ASSERT(used + piece.size() <= buffer.size()); // config limits both
        piece.copy(buffer.data() + used, piece.size());
        used += piece.size();
        pattern.remove_prefix(is_number ? kNumber.size() : 1);
    }
    return {buffer.data(), used};
}

std::optional<TrunkIndex> Directory::trunk_from(base::Endpoint source) const {
    std::optional<TrunkIndex> by_address;
    std::optional<TrunkIndex> by_port;
    std::uint32_t sharing = 0;
    tables_->trunk_by_address.for_each_match(hash_of(source.address), [&](std::uint32_t index) {
        const auto& target = tables_->trunks[index].options->contact.target;
        if (target.address != source.address) {
            return;
        }
        ++sharing;
        by_address = TrunkIndex{index};
        if (target.port == source.port && (!by_port || TrunkIndex{index} < *by_port)) {
            by_port = TrunkIndex{index};
        }
    });
    return sharing > 1 ? by_port : by_address;
}

void Directory::write_fields(FieldSink& sink) const {
    for (std::uint32_t index = 0; index < tables_->dns.size(); ++index) {
        if (tables_->dns[index].calls != 0) {
            sink.number("dn", index);
            sink.number("dn.calls", tables_->dns[index].calls);
        }
    }
    for (const auto& trunk : tables_->trunks) {
        sink.number("trunk.calls", trunk.calls);
        sink.number("trunk.calls_total", trunk.calls_total);
    }
}

void Directory::write_trunks(FieldSink& sink) const {
    for (std::uint32_t index = 0; index < tables_->trunks.size(); ++index) {
        const auto& trunk = tables_->trunks[index];
        // A turn that came without a touch() has to be seen here: nobody else could complain.
        if (trunk.version.value() != 0 || trunk.turn != 0) {
            write_trunk(TrunkIndex{index}, sink);
        }
    }
}

void Directory::write_trunk(TrunkIndex index, FieldSink& sink) const {
    const auto& trunk = tables_->at(index);
    sink.begin("trunk", static_cast<std::uint8_t>(ObjectKind::Trunk));
    sink.number("trunk", static_cast<std::uint64_t>(index));
    sink.number("version", trunk.version.value());
    sink.text("name", trunk.options->name);
    sink.number("turn", trunk.turn);
}

bool Directory::take_call(const Device& device) {
    if (device.dn) {
        auto& dn = tables_->at(*device.dn);
        if (dn.range->max_calls != 0 && dn.calls >= dn.range->max_calls) {
            return false;
        }
        ++dn.calls;
    }
    if (device.trunk) {
        auto& trunk = tables_->at(*device.trunk);
        if (trunk.options->capacity != 0 && trunk.calls >= trunk.options->capacity) {
            return false;
        }
        ++trunk.calls;
        ++trunk.calls_total;
    }
    return true;
}

void Directory::release_call(const Device& device) {
    if (device.dn) {
        TANDEM_ASSERT(tables_->at(*device.dn).calls > 0);
        --tables_->at(*device.dn).calls;
    }
    if (device.trunk) {
        TANDEM_ASSERT(tables_->at(*device.trunk).calls > 0);
        --tables_->at(*device.trunk).calls;
    }
}

} // namespace tandem::controlplane
