// SPDX-License-Identifier: Apache-2.0
//
// For tests of the core: the client's side of digest authentication. Never part of a process.
#pragma once

#include <string>
#include <string_view>

#include "controlplane/core/digest_hash.hpp"
#include "controlplane/core/test_directory.hpp"
#include "sipparse/credentials.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::controlplane {

struct TestAnswer {
    std::string username;
    std::string password;
    std::string method = "REGISTER";
    std::string uri = "sip:10.77.0.10";
    std::string nc = "00000001";
    std::string cnonce = "0a4f113b";
    std::string qop = "auth";
};

// The Authorization line for a challenge, the value of a WWW-Authenticate header.
inline std::string authorization(std::string_view challenge, const TestAnswer& answer) {
    const auto params = sipparse::parse_digest(challenge);
    EXPECT_TRUE(params) << challenge;
    const auto algorithm = params->algorithm == sipparse::DigestAlgorithm::Sha256
                               ? config::DigestAlgorithm::Sha256
                               : config::DigestAlgorithm::Md5;
    const std::string realm(sipparse::without_quotes(params->realm));
    const std::string nonce(sipparse::without_quotes(params->nonce));
    DigestHash hash(kTestSecret);
    const auto a1 = hash.hash(algorithm, {answer.username, realm, answer.password});
    const auto a2 = hash.hash(algorithm, {answer.method, answer.uri});
    const auto response =
        hash.hash(algorithm, {a1.text(), nonce, answer.nc, answer.cnonce, answer.qop, a2.text()});
    std::string line = "Authorization: Digest username=\"" + answer.username + "\", realm=\"" +
                       realm + "\", nonce=\"" + nonce + "\", uri=\"" + answer.uri +
                       "\", response=\"" + std::string(response.text()) +
                       "\", algorithm=" + std::string(params->algorithm_text);
    if (!answer.qop.empty()) {
        line += ", qop=" + answer.qop + ", nc=" + answer.nc + ", cnonce=\"" + answer.cnonce + "\"";
    }
    return line + "\n";
}

} // namespace tandem::controlplane
