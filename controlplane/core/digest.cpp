// SPDX-License-Identifier: Apache-2.0
//
// Checks digest answers and makes challenges. The order matters: the limit per source is asked
// before a hash is computed, and an answer is called stale only when it is right.
#include "controlplane/core/digest.hpp"

#include <array>
#include <charconv>

#include "base/assert.hpp"
#include "base/endpoint.hpp"
#include "controlplane/core/digest_hash.hpp"
#include "controlplane/core/digest_memory.hpp"
#include "sipparse/credentials.hpp"

namespace tandem::controlplane {

namespace {

constexpr std::size_t kTimeTextBytes = 16; // milliseconds since the epoch, in hex
constexpr std::size_t kNumberTextBytes = 8;
constexpr std::size_t kStampTextBytes = kTimeTextBytes + kNumberTextBytes;
constexpr std::size_t kSealTextBytes = 32; // 16 bytes of the HMAC, in hex
constexpr std::size_t kNonceBytes = kStampTextBytes + kSealTextBytes;
// Clocks of a pair may differ by this much before a nonce from the future is called stale.
constexpr std::uint64_t kClockSkewMs = 1'000;

using NonceText = std::array<char, kNonceBytes>;

std::string_view algorithm_name(config::DigestAlgorithm algorithm) {
    return algorithm == config::DigestAlgorithm::Sha256 ? "SHA-256" : "MD5";
}

std::optional<config::DigestAlgorithm> algorithm_of(const sipparse::DigestParams& params) {
    switch (params.algorithm) {
    case sipparse::DigestAlgorithm::Md5:
        return config::DigestAlgorithm::Md5;
    case sipparse::DigestAlgorithm::Sha256:
        return config::DigestAlgorithm::Sha256;
    default:
        return std::nullopt;
    }
}

// All of `text`, or nothing.
template <typename Number>
bool read_hex(std::string_view text, Number& number) {
    const auto* end = text.data() + text.size();
    return std::from_chars(text.data(), end, number, 16).ptr == end;
}

std::uint64_t milliseconds(const Now& now) {
    return now.wall_ns / base::kNsPerMs;
}

} // namespace

class Digest::State {
  public:
    State(const config::Application& application,
          std::span<const std::uint8_t, 32> key,
          Changes& changes)
        : application_(application), hash_(key), changes_(changes),
          failures_(application.auth_failures_max,
                    application.auth_failures_window_s * base::kNsPerS) {}

    DigestVerdict
    check(const RequestInput& request, const DigestQuestion& question, const Now& now) {
        sipparse::DigestParams params;
        const auto found = find_answer(request, question.realm, params);
        if (found != DigestVerdict::Good) {
            return found;
        }
        const auto source = request.message.flow.remote.address;
        if (failures_.limited(source, now.monotonic_ns)) {
            return DigestVerdict::TooMany;
        }
        if (!is_right(request, question, params)) {
            failures_.add(source, now.monotonic_ns);
            return DigestVerdict::Wrong;
        }
        return take_nonce(request, question.realm, params, now) ? DigestVerdict::Good
                                                                : DigestVerdict::Stale;
    }

    NonceText make_nonce(base::Ipv4Address source, std::string_view realm, NonceStamp stamp) {
        NonceText nonce;
        write_hex(stamp.time_ms, std::span(nonce).first<kTimeTextBytes>());
        write_hex(stamp.number, std::span(nonce).subspan<kTimeTextBytes, kNumberTextBytes>());
        const auto seal = hash_.seal(stamp, source, realm);
        static_assert(sizeof seal * 2 == kSealTextBytes);
        write_hex(seal, std::span(nonce).last<kSealTextBytes>());
        return nonce;
    }

    const config::Application& application_;
    DigestHash hash_;
    Changes& changes_;
    DigestFailures failures_;
    NonceCounts counts_;
    std::uint32_t challenges_ = 0;

  private:
    // The first answer for our realm with an algorithm we offer. A request may carry several.
    DigestVerdict find_answer(const RequestInput& request,
                              std::string_view realm,
                              sipparse::DigestParams& params) const {
        for (const auto value : request.message.view.each(sipparse::HeaderId::Authorization)) {
            if (!sipparse::is_digest(value)) {
                continue;
            }
            const auto parsed = sipparse::parse_digest(value);
            if (!parsed || !sipparse::has_answer(*parsed)) {
                return DigestVerdict::Malformed;
            }
            if (!sipparse::quoted_equals(parsed->realm, realm) || !offered(*parsed)) {
                continue;
            }
            // RFC 7616 3.4: a server that offers qop gets qop, nc and cnonce back.
            if (sipparse::without_quotes(parsed->qop) != "auth" || parsed->nonce_count == 0 ||
                parsed->nc_text.size() != 8 || sipparse::without_quotes(parsed->cnonce).empty()) {
                return DigestVerdict::Malformed;
            }
            params = *parsed;
            return DigestVerdict::Good;
        }
        return DigestVerdict::NoAnswer;
    }

    [[nodiscard]] bool offered(const sipparse::DigestParams& params) const {
        const auto algorithm = algorithm_of(params);
        for (const auto candidate : application_.digest_algorithms) {
            if (algorithm == candidate) {
                return true;
            }
        }
        return false;
    }

    // The digest-uri is hashed as sent and not compared with the Request-URI: proxies rewrite the
    // latter (RFC 3261 22.4 item 8), and the nonce count already keeps an answer from use twice.
    bool is_right(const RequestInput& request,
                  const DigestQuestion& question,
                  const sipparse::DigestParams& params) {
        const auto algorithm = algorithm_of(params);
        if (!algorithm || !sipparse::quoted_equals(params.username, question.username)) {
            return false;
        }
        const HexDigest secret =
            hash_.hash(*algorithm, {question.username, question.realm, question.password});
        const HexDigest request_hash = hash_.hash(
            *algorithm, {request.message.view.method_text(), sipparse::without_quotes(params.uri)});
        const HexDigest expected = hash_.hash(*algorithm,
                                              {secret.text(),
                                               sipparse::without_quotes(params.nonce),
                                               params.nc_text,
                                               sipparse::without_quotes(params.cnonce),
                                               sipparse::without_quotes(params.qop),
                                               request_hash.text()});
        return expected.equals(sipparse::without_quotes(params.response));
    }

    bool take_nonce(const RequestInput& request,
                    std::string_view realm,
                    const sipparse::DigestParams& params,
                    const Now& now) {
        const auto nonce = sipparse::without_quotes(params.nonce);
        NonceStamp stamp;
        if (nonce.size() != kNonceBytes ||
            !read_hex(nonce.substr(0, kTimeTextBytes), stamp.time_ms) ||
            !read_hex(nonce.substr(kTimeTextBytes, kNumberTextBytes), stamp.number)) {
            return false;
        }
        const auto ours = make_nonce(request.message.flow.remote.address, realm, stamp);
        if (nonce != std::string_view(ours.data(), ours.size())) {
            return false;
        }
        const auto now_ms = milliseconds(now);
        const auto lifetime_ms = std::uint64_t{application_.nonce_lifetime_s} * 1'000;
        if (stamp.time_ms > now_ms + kClockSkewMs || now_ms > stamp.time_ms + lifetime_ms) {
            return false;
        }
        std::uint64_t name = 0;
        if (!read_hex(nonce.substr(kStampTextBytes, 16), name)) {
            return false;
        }
        const auto set = NonceCounts::set_of(name);
        changes_.touch({.kind = ObjectKind::Nonces, .key = set, .place = set},
                       counts_.version(set));
        return counts_.take(name, stamp.time_ms, params.nonce_count);
    }
};

Digest::Digest(const config::Application& application,
               std::span<const std::uint8_t, 32> key,
               Changes& changes)
    : state_(std::make_unique<State>(application, key, changes)) {} // at construction

Digest::~Digest() = default;

DigestVerdict
Digest::check(const RequestInput& request, const DigestQuestion& question, const Now& now) {
    return state_->check(request, question, now);
}

Refusal
Digest::challenge(const RequestInput& request, std::string_view realm, bool stale, const Now& now) {
    Refusal refusal(401, "Unauthorized");
    const auto nonce =
        state_->make_nonce(request.message.flow.remote.address,
                           realm,
                           {.time_ms = milliseconds(now), .number = ++state_->challenges_});
    for (const auto algorithm : state_->application_.digest_algorithms) {
        const bool added = refusal.add(sipparse::HeaderId::WwwAuthenticate,
                                       {"Digest realm=\"",
                                        realm,
                                        "\", nonce=\"",
                                        {nonce.data(), nonce.size()},
                                        "\", qop=\"auth\", algorithm=",
                                        algorithm_name(algorithm),
                                        stale ? ", stale=true" : ""});
        TANDEM_ASSERT(added); // the realm is at most 255 characters (config)
    }
    return refusal;
}

void Digest::write_fields(FieldSink& sink) const {
    sink.number("challenges", state_->challenges_);
    state_->failures_.write_fields(sink);
}

void Digest::write_nonces(FieldSink& sink) const {
    for (std::uint32_t set = 0; set < NonceCounts::kSets; ++set) {
        if (state_->counts_.version(set).value() != 0) {
            write_nonces_of(set, sink);
        }
    }
}

void Digest::write_nonces_of(std::uint32_t set, FieldSink& sink) const {
    sink.begin("nonces", static_cast<std::uint8_t>(ObjectKind::Nonces));
    sink.number("set", set);
    sink.number("version", state_->counts_.version(set).value());
    state_->counts_.write_fields(set, sink);
}

std::uint64_t Digest::wrong_count() const {
    return state_->failures_.count();
}

std::uint64_t Digest::limited_count() const {
    return state_->failures_.limited_count();
}

} // namespace tandem::controlplane
