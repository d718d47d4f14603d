// SPDX-License-Identifier: Apache-2.0
//
// Parameters as nearly all messages have them, ";name=value;flag" without white space or quotes,
// walked over in one go. Whatever else they are, Params reads them (params.hpp). Inside sipparse
// only.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipparse/character_class.hpp"
#include "sipparse/params.hpp"

namespace tandem::sipparse {

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
