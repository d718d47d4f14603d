// SPDX-License-Identifier: Apache-2.0
//
// Method names to numbers: the length and one letter leave one candidate. Called once or twice per
// message by stage 1; any thread.
#include "sipparse/method.hpp"

namespace tandem::sipparse {

namespace {

Method candidate_of_six(char first) noexcept {
    switch (first) {
    case 'I':
        return Method::Invite;
    case 'C':
        return Method::Cancel;
    case 'U':
        return Method::Update;
    default:
        return Method::Notify;
    }
}

Method candidate_of_seven(char first) noexcept {
    switch (first) {
    case 'O':
        return Method::Options;
    case 'M':
        return Method::Message;
    default:
        return Method::Publish;
    }
}

Method candidate(std::string_view text) noexcept {
    switch (text.size()) {
    case 3:
        return text[0] == 'A' ? Method::Ack : Method::Bye;
    case 4:
        return Method::Info;
    case 5:
        return text[0] == 'P' ? Method::Prack : Method::Refer;
    case 6:
        return candidate_of_six(text[0]);
    case 7:
        return candidate_of_seven(text[0]);
    case 8:
        return Method::Register;
    case 9:
        return Method::Subscribe;
    default:
        return Method::Other;
    }
}

} // namespace

Method find_method(std::string_view text) noexcept {
    const Method method = candidate(text);
    return method_name(method) == text ? method : Method::Other;
}

} // namespace tandem::sipparse
