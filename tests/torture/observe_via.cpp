// SPDX-License-Identifier: Apache-2.0
//
// One Via of a message.
#include <array>

#include "sipparse/via.hpp"
#include "tests/torture/observation_families.hpp"

namespace tandem::torture {

namespace {

using sipparse::Via;

struct Property {
    std::string_view name;
    std::string (*of)(const Via& via);
};

constexpr std::array kProperties = std::to_array<Property>({
    {"transport", [](const Via& via) { return std::string(via.transport); }},
    {"host", [](const Via& via) { return std::string(via.host); }},
    {"port",
     [](const Via& via) { return via.port == 0 ? std::string(kNone) : std::to_string(via.port); }},
    {"branch", [](const Via& via) { return text_or_none(via.branch); }},
    {"branch-bytes", [](const Via& via) { return std::to_string(via.branch.size()); }},
    {"rfc3261-branch", [](const Via& via) { return yes_or_no(via.has_rfc3261_branch()); }},
    {"received", [](const Via& via) { return text_or_none(via.received); }},
    {"rport", [](const Via& via) { return yes_or_no(via.has_rport); }},
});

} // namespace

std::string observe_via(const Key& key, const sipparse::MessageView& view) {
    const auto list = view.list(sipparse::HeaderId::Via);
    if (key.property == "count") {
        return count_of(list);
    }
    const auto element = element_of(list, key.element);
    if (!element) {
        return std::string(kNone);
    }
    const auto via = sipparse::parse_via(*element);
    if (!via) {
        return std::string(kRefused);
    }
    for (const Property& property : kProperties) {
        if (property.name == key.property) {
            return property.of(*via);
        }
    }
    return std::string(kUnknownKey);
}

} // namespace tandem::torture
