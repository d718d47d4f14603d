// SPDX-License-Identifier: Apache-2.0
//
// What the parser says of a message, as text, key by key: the left side of every "expect" line of a
// torture case. Also walks everything stage 2 and the writer offer over a message. Tests only.
#pragma once

#include <string>
#include <string_view>

#include "sipparse/message_view.hpp"
#include "sipparse/parse_error.hpp"

namespace tandem::torture {

// "unknown key" for a key nobody wrote an observation for.
[[nodiscard]] std::string
observe(std::string_view key, const sipparse::MessageView& view, sipparse::ParseError error);

// Every header by every parser, and a response and a copy written from the message; returns how
// many bytes were written.
std::size_t touch_everything(const sipparse::MessageView& view);

} // namespace tandem::torture
