// SPDX-License-Identifier: Apache-2.0
//
// Undoes the escapes of a user part. Called by caller.cpp, registrar.cpp and router.cpp.
#include "controlplane/core/dialled_number.hpp"

#include "sipparse/lexical.hpp"

namespace tandem::controlplane {

DialledNumber::DialledNumber(std::string_view user) {
    while (!user.empty() && bytes_ < text_.size()) {
        char c = user.front();
        std::size_t taken = 1;
        if (c == '%' && user.size() >= 3) {
            const int high = sipparse::hex_digit(user[1]);
            const int low = sipparse::hex_digit(user[2]);
            if (high >= 0 && low >= 0) {
                c = static_cast<char>(high * 16 + low);
                taken = 3;
            }
        }
        text_[bytes_++] = c;
        user.remove_prefix(taken);
    }
}

} // namespace tandem::controlplane
