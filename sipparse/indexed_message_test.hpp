// SPDX-License-Identifier: Apache-2.0
//
// For the tests of this room: a message with its index, a text in memory of exactly its size (so
// that AddressSanitizer sees a read behind it), and a walk over all truncations of a text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sipparse/index.hpp"
#include "sipparse/message_view.hpp"

namespace tandem::sipparse {

class ExactText {
  public:
    explicit ExactText(std::string_view text)
        : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
        std::copy(text.begin(), text.end(), bytes_.get());
    }

    [[nodiscard]] std::string_view text() const { return {bytes_.get(), size_}; }

  private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

struct IndexedMessage {
    explicit IndexedMessage(std::string text)
        : bytes(std::move(text)), error(index_datagram(bytes, index)) {}

    [[nodiscard]] MessageView view() const { return {bytes, &index}; }

    std::string bytes;
    MessageIndex index;
    ParseError error;
};

// Calls take(std::string_view) with every beginning of the text, the empty one and the whole
// included.
template <typename Take>
void for_each_cut(std::string_view text, Take take) {
    for (std::size_t bytes = 0; bytes <= text.size(); ++bytes) {
        const ExactText cut(text.substr(0, bytes));
        take(cut.text());
    }
}

// An INVITE that is right in every respect, with `extra` header lines and a body.
inline std::string sample_invite(std::string_view extra = {}, std::string_view body = "v=0\r\n") {
    std::string text = "INVITE sip:1001@10.77.0.10 SIP/2.0\r\n"
                       "Via: SIP/2.0/UDP 10.77.0.100:5062;branch=z9hG4bKa1;rport\r\n"
                       "Via: SIP/2.0/UDP 10.77.0.99;branch=z9hG4bKa0\r\n"
                       "Max-Forwards: 70\r\n"
                       "From: \"Anna\" <sip:1000@10.77.0.10>;tag=f1\r\n"
                       "To: <sip:1001@10.77.0.10>\r\n"
                       "Call-ID: c1@10.77.0.100\r\n"
                       "CSeq: 7 INVITE\r\n"
                       "Contact: <sip:1000@10.77.0.100:5062>\r\n";
    text += extra;
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    text += body;
    return text;
}

} // namespace tandem::sipparse
