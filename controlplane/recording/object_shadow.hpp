// SPDX-License-Identifier: Apache-2.0
//
// What a second core would know of the first one's objects if it were told of nothing but those
// each step says it changed. Holds the core to that: a version that does not rise by one, an object
// that changed without a word or stayed after it was said to be gone is a complaint. One thread
// uses one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "controlplane/core/core.hpp"
#include "controlplane/recording/field_bytes.hpp"

namespace tandem::controlplane::recording {

class ObjectShadow {
  public:
    // What a step said it changed; the complaint, or "". When it is everything the core is, since
    // the step changed more than it lists, objects that are not in it are gone.
    [[nodiscard]] std::string take_changes(const NamedBytes& changed);
    // All objects: they must be what was told.
    [[nodiscard]] std::string compare(const NamedBytes& all) const;

    // Both, of a core that made a step; with many objects the second not after every one.
    [[nodiscard]] std::string watch(const Core& core);

    [[nodiscard]] std::size_t count() const { return objects_.size(); }

  private:
    struct Known {
        std::uint64_t version = 0;
        std::string bytes;
    };

    using Objects = std::map<std::string, Known>; // by kind and key, as they stand in the bytes

    [[nodiscard]] std::string
    take_object(const NamedBytes& changed, std::size_t position, bool listed, Objects& objects);

    Objects objects_;
    NamedBytes changed_;
    NamedBytes all_;
};

} // namespace tandem::controlplane::recording
