// SPDX-License-Identifier: Apache-2.0
//
// generic-param, one at a time. Between names, "=" and ";" white space and folds may stand. A value
// without quotes runs to the next ";": header values are tokens or hosts, URI parameters may hold
// more (RFC 3261 25.1 paramchar), so only white space, quotes and separators end it.
#include "sipparse/params.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

namespace {

// Bytes of a quoted string or plain value at the front; 0 when there is none.
std::size_t value_bytes(std::string_view text) noexcept {
    return !text.empty() && text.front() == '"' ? quoted_string_bytes(text)
                                                : end_of_class<CharacterClass::ParamValue>(text);
}

} // namespace

void Params::Iterator::advance() noexcept {
    param_ = {};
    std::string_view text = trim_left(rest_);
    if (!text.empty() && text.front() == ';') {
        text = trim_left(text.substr(1));
        malformed_ = text.empty();
    }
    at_end_ = true;
    if (text.empty()) {
        return;
    }
    malformed_ = true;
    const std::size_t name_bytes = end_of_class<CharacterClass::ParamName>(text);
    if (name_bytes == 0) {
        return;
    }
    param_.name = text.substr(0, name_bytes);
    text = trim_left(text.substr(name_bytes));
    if (!text.empty() && text.front() == '=') {
        text = trim_left(text.substr(1));
        const std::size_t bytes = value_bytes(text);
        if (bytes == 0) {
            return;
        }
        param_.value = text.substr(0, bytes);
        param_.has_value = true;
        text = trim_left(text.substr(bytes));
    }
    if (!text.empty() && text.front() != ';') {
        return;
    }
    rest_ = text;
    malformed_ = false;
    at_end_ = false;
}

std::optional<Param> Params::find(std::string_view name) const noexcept {
    for (const Param& param : *this) {
        if (equals_ignoring_case(param.name, name)) {
            return param;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> Params::value(std::string_view name) const noexcept {
    const auto param = find(name);
    return param ? std::optional(param->value) : std::nullopt;
}

bool Params::well_formed() const noexcept {
    Iterator iterator = begin();
    while (iterator != end()) {
        ++iterator;
    }
    return !iterator.malformed();
}

} // namespace tandem::sipparse
