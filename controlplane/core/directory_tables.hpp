// SPDX-License-Identifier: Apache-2.0
//
// The tables behind the directory, for the three files that read or change them: directory.cpp,
// registrar.cpp and router.cpp. Filled at construction, then only counters, turns and binding
// lists change.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash_table.hpp"
#include "base/siphash.hpp"
#include "controlplane/core/changes.hpp"
#include "controlplane/core/directory.hpp"

namespace tandem::controlplane {

// Numbers and trunk addresses come from the configuration, not from the wire, so the tables cannot
// be attacked by choice of keys and the key need not be secret.
constexpr base::SipHashKey kDirectoryKey = {.low = 0x74616E64656D0001, .high = 0x6469726563746F72};

struct Directory::Tables {
    struct Dn {
        std::string_view number; // into `text`
        const config::DnRange* range = nullptr;
        Version version;      // of the bindings
        BindingHandle newest; // head of the DN's bindings, the newest first
        std::uint32_t bindings = 0;
        std::uint32_t calls = 0;
    };

    struct Trunk {
        const config::Trunk* options = nullptr;
        std::uint32_t calls = 0;
        std::uint64_t calls_total = 0;
        Version version;        // of the turn
        std::uint64_t turn = 0; // when it was chosen last; the lowest of equal ones is next
    };

    explicit Tables(const config::Configuration& configuration);

    [[nodiscard]] Dn& at(DnIndex index) { return dns[static_cast<std::uint32_t>(index)]; }

    [[nodiscard]] Trunk& at(TrunkIndex index) { return trunks[static_cast<std::uint32_t>(index)]; }

    std::string text; // all numbers, one behind the other; at construction
    std::vector<Dn> dns;
    std::vector<Trunk> trunks;
    base::HashTable dn_by_number;
    base::HashTable trunk_by_address;
};

} // namespace tandem::controlplane
