// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: the Authorization lines of a REGISTER. In the input `{nonce}` stands for the nonce
// of the challenge under way and `{response}` for the answer that is right for what the line says,
// so that the search gets behind the hash. An answer is good only when a second computation over
// the parsed parameters says so, never twice, and a right one is never called wrong. Built with
// libFuzzer.
#include "controlplane/core/digest.hpp"

#include <array>
#include <string>

#include "controlplane/core/changes.hpp"
#include "controlplane/core/digest_hash.hpp"
#include "sipparse/credentials.hpp"
#include "sipparse/index.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

using controlplane::Digest;
using controlplane::DigestHash;
using controlplane::DigestVerdict;
using sipparse::HeaderId;

constexpr controlplane::DigestQuestion kQuestion{
    .username = "1000", .password = "secret", .realm = "tandem"};
constexpr std::array<std::uint8_t, 32> kKey{1, 2, 3};
constexpr std::string_view kNoncePlace = "{nonce}";
constexpr std::string_view kResponsePlace = "{response}";

void replace_all(std::string& text, std::string_view place, std::string_view by) {
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
        text.replace(at, place.size(), by);
        at += by.size();
    }
}

// The answer to `params` by RFC 7616 3.4.1 for who must be asked; "" when the algorithm is none of
// ours.
std::string right_answer(const sipparse::DigestParams& params) {
    static DigestHash hash(kKey);
    const bool is_md5 = params.algorithm == sipparse::DigestAlgorithm::Md5;
    if (!is_md5 && params.algorithm != sipparse::DigestAlgorithm::Sha256) {
        return {};
    }
    const auto algorithm = is_md5 ? config::DigestAlgorithm::Md5 : config::DigestAlgorithm::Sha256;
    const auto a1 = hash.hash(algorithm, {kQuestion.username, kQuestion.realm, kQuestion.password});
    const auto a2 = hash.hash(algorithm, {"REGISTER", sipparse::without_quotes(params.uri)});
    const auto response = hash.hash(algorithm,
                                    {a1.text(),
                                     sipparse::without_quotes(params.nonce),
                                     params.nc_text,
                                     sipparse::without_quotes(params.cnonce),
                                     sipparse::without_quotes(params.qop),
                                     a2.text()});
    return std::string(response.text());
}

bool is_right(std::string_view value) {
    const auto params = sipparse::is_digest(value) ? sipparse::parse_digest(value) : std::nullopt;
    if (!params || !sipparse::has_answer(*params)) {
        return false;
    }
    std::string given(sipparse::without_quotes(params->response));
    for (char& c : given) {
        c = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    }
    const std::string right = right_answer(*params);
    return !right.empty() && given == right &&
           sipparse::quoted_equals(params->realm, kQuestion.realm) &&
           sipparse::quoted_equals(params->username, kQuestion.username);
}

// A REGISTER with the input as its further header lines.
class Request {
  public:
    explicit Request(std::string_view lines)
        : text_("REGISTER sip:tandem SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 10.77.0.100;branch=z9hG4bKr\r\n"
                "From: <sip:1000@tandem>;tag=f\r\nTo: <sip:1000@tandem>\r\n"
                "Call-ID: r\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 70\r\n") {
        text_ += lines;
        text_ += "\r\n\r\n";
    }

    void fill(std::string_view nonce) {
        replace_all(text_, kNoncePlace, nonce);
        if (!index()) {
            return;
        }
        // Each place is filled with what is right for the line it stands in.
        for (auto at = text_.find(kResponsePlace); at != std::string::npos;
             at = text_.find(kResponsePlace, at + 1)) {
            const auto answer = answer_around(at);
            text_.replace(at, kResponsePlace.size(), answer);
            if (!index()) {
                return;
            }
        }
    }

    [[nodiscard]] bool index() {
        return sipparse::index_datagram(text_, index_) == sipparse::ParseError::None;
    }

    [[nodiscard]] controlplane::RequestInput input() const {
        controlplane::RequestInput input;
        input.message.view = {.bytes = text_, .index = &index_};
        input.message.flow.remote = {.address = {0x0a4d0064}, .port = 5060};
        return input;
    }

    struct Answers {
        std::size_t all = 0; // Authorization lines of any kind
        std::size_t right = 0;
    };

    [[nodiscard]] Answers answers() const {
        Answers answers;
        for (const auto value : input().message.view.each(HeaderId::Authorization)) {
            ++answers.all;
            answers.right += is_right(value) ? 1U : 0U;
        }
        return answers;
    }

  private:
    [[nodiscard]] std::string answer_around(std::size_t at) const {
        const sipparse::MessageView view{.bytes = text_, .index = &index_};
        for (const auto value : view.each(HeaderId::Authorization)) {
            const auto begin = static_cast<std::size_t>(value.data() - text_.data());
            if (at < begin || at >= begin + value.size()) {
                continue;
            }
            const auto params = sipparse::parse_digest(value);
            return params ? right_answer(*params) : std::string();
        }
        return {};
    }

    std::string text_;
    sipparse::MessageIndex index_{};
};

class Switch {
  public:
    void answer(std::string_view lines) {
        now_.monotonic_ns += base::kNsPerMs;
        now_.wall_ns += base::kNsPerMs;
        Request request(lines);
        if (!request.index()) {
            return;
        }
        request.fill(nonce_for(request));
        if (!request.index()) {
            return;
        }
        judge(request);
    }

  private:
    std::string nonce_for(const Request& request) {
        const auto refusal = digest_.challenge(request.input(), kQuestion.realm, false, now_);
        for (const auto& header : refusal.headers()) {
            const auto params = sipparse::parse_digest(refusal.value(header));
            require(params && sipparse::quoted_equals(params->realm, kQuestion.realm));
            return std::string(sipparse::without_quotes(params->nonce));
        }
        require(false);
        return {};
    }

    void judge(const Request& request) {
        const auto answers = request.answers();
        const bool right = answers.right > 0;
        const auto wrong_before = digest_.wrong_count();
        const DigestVerdict verdict = digest_.check(request.input(), kQuestion, now_);
        require(verdict != DigestVerdict::TooMany); // no limit is set
        require((verdict == DigestVerdict::Wrong) == (digest_.wrong_count() == wrong_before + 1));
        require(verdict != DigestVerdict::Wrong || answers.right < answers.all);
        if (verdict != DigestVerdict::Good) {
            require(right || verdict != DigestVerdict::Stale); // stale is said of right ones only
            return;
        }
        require(right);
        require(digest_.check(request.input(), kQuestion, now_) == DigestVerdict::Stale);
    }

    static config::Application application() {
        config::Application application;
        application.auth_failures_max = 0;
        application.digest_algorithms = {config::DigestAlgorithm::Sha256,
                                         config::DigestAlgorithm::Md5};
        return application;
    }

    config::Application application_ = application();
    controlplane::Changes changes_;
    Digest digest_{application_, kKey, changes_};
    controlplane::Now now_{.monotonic_ns = base::kNsPerS, .wall_ns = 1'700'000'000 * base::kNsPerS};
};

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    static fuzz::Switch tested;
    tested.answer({reinterpret_cast<const char*>(data), size});
    return 0;
}
