// SPDX-License-Identifier: Apache-2.0
//
// Names of option tags and the walks over Require and Supported.
#include "sipparse/option_tags.hpp"

#include <array>
#include <cstddef>

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

// In the order of OptionTag.
constexpr std::array kOptionTagNames = std::to_array<std::string_view>({
    "100rel",
    "timer",
    "replaces",
    "path",
    "norefersub",
    "outbound",
    "gruu",
    "histinfo",
    "join",
    "tdialog",
    "from-change",
    "early-session",
});

constexpr std::string_view kSeparator = ", ";

static_assert(static_cast<std::size_t>(OptionTag::EarlySession) + 1 == kOptionTagNames.size());
static_assert(kOptionTagNames.size() <= 32, "OptionTagSet has 32 bits");

bool is_in(OptionTagSet supported, std::string_view text) noexcept {
    const auto tag = find_option_tag(text);
    return tag && supported.has(*tag);
}

} // namespace

std::optional<OptionTag> find_option_tag(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kOptionTagNames.size(); ++i) {
        if (equals_ignoring_case(text, kOptionTagNames[i])) {
            return static_cast<OptionTag>(i);
        }
    }
    return std::nullopt;
}

std::string_view option_tag_name(OptionTag tag) noexcept {
    return kOptionTagNames[static_cast<std::size_t>(tag)];
}

OptionTagSet option_tags(const MessageView& view, HeaderId id) noexcept {
    OptionTagSet tags;
    for (const std::string_view text : view.list(id)) {
        if (const auto tag = find_option_tag(text)) {
            tags.add(*tag);
        }
    }
    return tags;
}

std::optional<std::string_view>
first_unsupported(const MessageView& view, HeaderId id, OptionTagSet supported) noexcept {
    for (const std::string_view text : view.list(id)) {
        if (!is_in(supported, text)) {
            return text;
        }
    }
    return std::nullopt;
}

std::string_view
write_unsupported(const MessageView& view, OptionTagSet supported, std::span<char> out) noexcept {
    std::size_t used = 0;
    for (const HeaderId id : {HeaderId::Require, HeaderId::ProxyRequire}) {
        for (const std::string_view text : view.list(id)) {
            const std::string_view separator = used == 0 ? std::string_view{} : kSeparator;
            if (is_in(supported, text)) {
                continue;
            }
            if (separator.size() + text.size() > out.size() - used) {
                return {out.data(), used};
            }
            used += separator.copy(out.data() + used, separator.size());
            used += text.copy(out.data() + used, text.size());
        }
    }
    return {out.data(), used};
}

} // namespace tandem::sipparse
