// SPDX-License-Identifier: Apache-2.0
//
// Via and parameters as nearly all messages have them, "SIP/2.0/UDP host;name=value;flag" with one
// white space and no quotes, walked over in one go. Other forms are read by via.cpp and params.cpp,
// to the same values. Inside sipparse only.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipparse/character_class.hpp"
#include "sipparse/lexical.hpp"
#include "sipparse/params.hpp"
#include "sipparse/words.hpp"

namespace tandem::sipparse {

// "SIP/2.0/", a transport of three letters and a space.
inline constexpr std::size_t kUsualSentBy = kWordBytes + 4; // where the host begins

[[nodiscard]] inline bool begins_as_usual_via(std::string_view text) noexcept {
    return text.size() > kUsualSentBy && load_word(text.data()) == word_of("SIP/2.0/") &&
           is_token({text.data() + kWordBytes, kUsualSentBy - 1 - kWordBytes}) &&
           text[kUsualSentBy - 1] == ' ';
}

// visit(param) for each, from the semicolon at `at` on; false ends the walk. Where the parameters
// end: at a comma or the end of the text. 0: they have another form, or visit() ended it.
template <class Visit>
[[nodiscard]] std::size_t
walk_usual_params(std::string_view text, std::size_t at, Visit&& visit) noexcept {
    while (at < text.size() && text[at] == ';') {
        const std::size_t name = at + 1;
        at = end_of_class<CharacterClass::ParamName>(text, name);
        Param param{.name = {text.data() + name, at - name}, .value = {}};
        if (at < text.size() && text[at] == '=') {
            const std::size_t value = at + 1;
            at = end_of_class<CharacterClass::ParamValue>(text, value);
            param.value = {text.data() + value, at - value};
            param.has_value = true;
        }
        const bool is_whole = !param.name.empty() && param.has_value != param.value.empty();
        if (!is_whole || !visit(param)) {
            return 0;
        }
    }
    return at == text.size() || text[at] == ',' ? at : 0;
}

} // namespace tandem::sipparse
