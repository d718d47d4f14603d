// SPDX-License-Identifier: Apache-2.0
//
// X-Genesys-<key>: value, any case of the prefix.
#include "sipparse/genesys_headers.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

// Goes on to the next line with the prefix, the one at line_ included.
void GenesysHeaders::Iterator::find() noexcept {
    for (; line_ < view_.header_count(); line_ = view_.next_line(line_)) {
        const HeaderLine& line = view_.index->lines[line_];
        const std::string_view name = view_.name_of(line);
        if (name.size() > kGenesysPrefix.size() &&
            equals_ignoring_case(name.substr(0, kGenesysPrefix.size()), kGenesysPrefix)) {
            header_ = {name.substr(kGenesysPrefix.size()), view_.value_of(line)};
            return;
        }
    }
}

} // namespace tandem::sipparse
