// SPDX-License-Identifier: Apache-2.0
//
// The registrar of RFC 3261 section 10: bindings of DNs learnt from REGISTER, their expiry, and the
// questions others ask of them (where is this DN reached, does this source hold a binding). A
// binding keeps the flow its requests go to: the Contact, or the source address when the Contact is
// private and differs (nat-contact = auto). All bindings live in one pool; a REGISTER is taken as a
// whole or not at all (10.3 step 7). Core thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/stage.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/effects.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/refusal.hpp"

namespace tandem::controlplane {

// The longest Contact URI a binding keeps; a longer one is refused with 400.
constexpr std::size_t kContactUriBytesMax = 255;

// What max-contacts may be at most.
constexpr std::size_t kContactsOfDnMax = 16;

// One binding as others see it; lives until the next step.
struct BindingView {
    DnIndex dn{};
    std::string_view contact_uri; // without angle brackets
    base::Endpoint destination;   // where requests go
    base::Endpoint source;        // where the last REGISTER came from
    base::WallNs expires_wall_ns = 0;
    std::uint64_t call_id_hash = 0;
    std::uint32_t cseq = 0;
    bool via_source = false; // nat-contact chose the source address
    bool restored = false;   // known from an earlier life, not refreshed since
};

// What became of a binding of an earlier life.
enum class RestoreOutcome : std::uint8_t {
    Restored,
    Expired,
    UnknownDn,      // not in the configuration any more
    StaticDn,       // its Contact is configured now
    BadContact,     // no SIP URI, or one that leads back here
    PoolFull,       // max-registrations
    ReplacedOldest, // restored, and the oldest of the DN is gone for it (max-contacts)
};

// The one hash of Call-IDs of REGISTERs. Its key is no secret, so that every life of the core and
// its peer agree: it is compared within one DN only, whose phones could remove each other's
// bindings anyway.
[[nodiscard]] std::uint64_t call_id_hash(std::string_view call_id);

class Changes;
class FieldSink;

class Registrar {
  public:
    // All references outlive the registrar. `visits` may be null.
    Registrar(const config::Configuration& configuration,
              Directory& directory,
              Changes& changes,
              const base::StageVisits* visits = nullptr);
    ~Registrar();
    Registrar(const Registrar&) = delete;
    Registrar& operator=(const Registrar&) = delete;

    // Takes a REGISTER whose sender `dn` is known and allowed, and answers it: 200 with all
    // bindings of the DN, or 400, 403 (To is not the sender, or a Contact leads back here), 404,
    // 423 with Min-Expires, 500 (an old CSeq), 503 (pool full).
    void receive(const RequestInput& request,
                 DnIndex dn,
                 std::string_view to_tag,
                 const Now& now,
                 Effects& effects);

    // Takes a binding of an earlier life as the newest of its DN, for the rest of its time and at
    // most for max-expires. Has no effect on the outside.
    [[nodiscard]] RestoreOutcome restore(const BindingChange& binding, const Now& now);

    // Removes what has expired by now. Call with every step; cheap when nothing is due.
    void expire(const Now& now, Effects& effects);
    // When expire() has something to do next; the greatest value when never.
    [[nodiscard]] base::MonotonicNs next_deadline() const;

    // Live bindings of a DN, the newest first; returns how many were written.
    [[nodiscard]] std::size_t
    bindings(DnIndex dn, const Now& now, std::span<BindingView> out) const;
    // Does this DN hold a binding whose requests come from or go to `source`?
    [[nodiscard]] bool holds_flow(DnIndex dn, base::Endpoint source, const Now& now) const;

    // All bindings, a page at a time: continues at `cursor` (start with 0) and moves it.
    [[nodiscard]] std::size_t list(std::uint32_t& cursor, std::span<BindingView> out) const;

    // The same in an order in which restore() would make them again: DN by DN, the oldest first,
    // never half a DN. `dn_cursor` starts with 0 and is the count of DNs at the end. `out` has room
    // for kContactsOfDnMax at least.
    [[nodiscard]] std::size_t list_by_dn(std::uint32_t& dn_cursor,
                                         std::span<BindingView> out) const;

    [[nodiscard]] std::uint32_t in_use() const;
    // Memory of the bindings in use.
    [[nodiscard]] std::uint64_t bytes_in_use() const;
    [[nodiscard]] std::uint32_t capacity() const;
    // REGISTERs refused because the pool was full.
    [[nodiscard]] std::uint64_t refused_full() const;
    // Answers that did not fit a message: the phone's REGISTER ran into its timeout.
    [[nodiscard]] std::uint64_t unanswered() const;

    // What the core's own object has of the registrar.
    void write_fields(FieldSink& sink) const;
    // The objects: the bindings of each DN that ever had some, or of one DN.
    void write_bindings(FieldSink& sink) const;
    void write_bindings_of(DnIndex dn, FieldSink& sink) const;

  private:
    class State;
    std::unique_ptr<State> state_;
    const base::StageVisits* visits_;
};

} // namespace tandem::controlplane
