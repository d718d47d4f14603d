// SPDX-License-Identifier: Apache-2.0
//
// Digest authentication as a server (RFC 3261 section 22, RFC 8760 for SHA-256). The nonce keeps no
// state: it is a time, a number and an HMAC over both, source and realm. What is remembered is
// bounded: the highest nonce count of nonces in use, and failed answers per source address. Hashes
// come from OpenSSL, fetched once at construction. Core thread only; no allocation after
// construction.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "config/configuration.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/refusal.hpp"

namespace tandem::controlplane {

enum class DigestVerdict : std::uint8_t {
    Good,
    NoAnswer,  // nothing for our realm: challenge
    Stale,     // right, but the nonce is old or its count was used: challenge with stale=true
    Wrong,     // counted against the source: challenge
    Malformed, // 400
    TooMany,   // the source has failed too often within the window: 403, nothing was computed
};

struct DigestQuestion {
    std::string_view username; // who it must be: the DN
    std::string_view password;
    std::string_view realm;
};

class Changes;
class FieldSink;

class Digest {
  public:
    // `key` seals nonces; it is secret and random for each start of a pair.
    Digest(const config::Application& application,
           std::span<const std::uint8_t, 32> key,
           Changes& changes);
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    [[nodiscard]] DigestVerdict
    check(const RequestInput& request, const DigestQuestion& question, const Now& now);

    // 401 with one challenge per algorithm, in the order of preference (RFC 8760 section 2.4).
    [[nodiscard]] Refusal
    challenge(const RequestInput& request, std::string_view realm, bool stale, const Now& now);

    // How many answers were wrong, and how many requests were turned away by the limit.
    [[nodiscard]] std::uint64_t wrong_count() const;
    [[nodiscard]] std::uint64_t limited_count() const;

    // What the core's own object has of it: what is counted against sources.
    void write_fields(FieldSink& sink) const;
    // The objects: sets of nonces in use, those that ever changed or one.
    void write_nonces(FieldSink& sink) const;
    void write_nonces_of(std::uint32_t set, FieldSink& sink) const;

  private:
    class State;
    std::unique_ptr<State> state_;
};

} // namespace tandem::controlplane
