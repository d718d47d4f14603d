// SPDX-License-Identifier: Apache-2.0
//
//   Server     = server-val *( LWS server-val )
//   server-val = product / comment
//   product    = token [ SLASH token ]
#include "sipparse/product.hpp"

#include "sipparse/comment.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::sipparse {

void Products::Iterator::advance() noexcept {
    product_ = {};
    std::string_view text = trim_left(rest_);
    at_end_ = true;
    if (text.empty()) {
        return;
    }
    malformed_ = true;
    product_.comment = text.substr(0, comment_bytes(text));
    if (product_.comment.empty()) {
        product_.name = text.substr(0, token_bytes(text));
        if (product_.name.empty()) {
            return;
        }
    }
    rest_ = text.substr(product_.comment.size() + product_.name.size());
    text = trim_left(rest_);
    if (!product_.name.empty() && !text.empty() && text.front() == '/') {
        text = trim_left(text.substr(1));
        product_.version = text.substr(0, token_bytes(text));
        if (product_.version.empty()) {
            return;
        }
        rest_ = text.substr(product_.version.size());
    }
    malformed_ = false;
    at_end_ = false;
}

bool Products::well_formed() const noexcept {
    Iterator iterator = begin();
    const bool has_one = iterator != end();
    while (iterator != end()) {
        ++iterator;
    }
    return has_one && !iterator.malformed();
}

} // namespace tandem::sipparse
