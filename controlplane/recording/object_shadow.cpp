// SPDX-License-Identifier: Apache-2.0
//
// Keeps the last bytes of each object, by kind and key.
#include "controlplane/recording/object_shadow.hpp"

#include <fmt/format.h>

#include "controlplane/core/changes.hpp"
#include "controlplane/core/core_objects.hpp"

namespace tandem::controlplane::recording {

namespace {

// Comparing everything is dear when there is much: then not after every step.
constexpr std::size_t kFewObjects = 8;
constexpr std::uint64_t kStepsBetweenMany = 16;

constexpr auto kCoreKind = static_cast<std::uint8_t>(ObjectKind::Core);

// An object's key is its first field, its version the second.
struct Object {
    std::string key; // with the kind that it has while it lives
    std::uint64_t version = 0;
    bool is_gone = false;
};

Object object_at(const NamedBytes& bytes, std::size_t position) {
    const auto& part = bytes.parts()[position];
    ByteReader reader(bytes.part_bytes(position).substr(1));
    Object object;
    object.is_gone = (part.kind & kGoneKind) != 0;
    object.key.push_back(static_cast<char>(part.kind & ~kGoneKind));
    put_number(object.key, reader.number());
    object.version = object.is_gone ? 0 : reader.number();
    return object;
}

bool is_core(const NamedBytes& bytes, std::size_t position) {
    return bytes.parts()[position].kind == kCoreKind;
}

} // namespace

std::string ObjectShadow::take_object(const NamedBytes& changed,
                                      std::size_t position,
                                      bool listed,
                                      Objects& objects) {
    const auto object = object_at(changed, position);
    if (object.is_gone) {
        objects.erase(object.key);
        return {};
    }
    const auto bytes = changed.part_bytes(position);
    const auto found = objects_.find(object.key);
    const auto before = found == objects_.end() ? 0 : found->second.version;
    const bool same = !listed && object.version == before && bytes == found->second.bytes;
    if (!same && object.version != before + 1) {
        return fmt::format(
            "version {} became {}: {}", before, object.version, part_text(changed, position));
    }
    objects[object.key] = {.version = object.version, .bytes = std::string(bytes)};
    return {};
}

std::string ObjectShadow::take_changes(const NamedBytes& changed) {
    const auto& parts = changed.parts();
    const bool listed = parts.empty() || !is_core(changed, 0);
    Objects everything;
    for (std::size_t i = listed ? 0 : 1; i < parts.size(); ++i) {
        auto complaint = take_object(changed, i, listed, listed ? objects_ : everything);
        if (!complaint.empty()) {
            return complaint;
        }
    }
    if (!listed) {
        objects_ = std::move(everything);
    }
    return {};
}

std::string ObjectShadow::compare(const NamedBytes& all) const {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < all.parts().size(); ++i) {
        if (is_core(all, i)) {
            continue;
        }
        const auto found = objects_.find(object_at(all, i).key);
        if (found == objects_.end()) {
            return fmt::format("came without a word: {}", part_text(all, i));
        }
        if (found->second.bytes != all.part_bytes(i)) {
            return fmt::format("changed without a word since version {}: {}",
                               found->second.version,
                               part_text(all, i));
        }
        ++seen;
    }
    return seen == objects_.size()
               ? std::string()
               : fmt::format("{} objects went without a word", objects_.size() - seen);
}

std::string ObjectShadow::watch(const Core& core) {
    changed_.clear();
    core.write_changed_objects(changed_);
    auto complaint = take_changes(changed_);
    const auto step = core.counters().value(CoreCounter::StepsTotal);
    if (complaint.empty() && (count() <= kFewObjects || step % kStepsBetweenMany == 0)) {
        all_.clear();
        core.write_objects(all_);
        complaint = compare(all_);
    }
    return complaint;
}

} // namespace tandem::controlplane::recording
