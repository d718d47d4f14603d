// SPDX-License-Identifier: Apache-2.0
//
// What the registrar owns, for the two files that are its verbs: registrar.cpp (REGISTERs, expiry,
// questions) and restore_binding.cpp (bindings of an earlier life). Each binding is in the pool, in
// the list of its DN, the newest first, and in the wheel. Core thread only.
#pragma once

#include <array>
#include <optional>

#include "base/timer_wheel.hpp"
#include "controlplane/core/binding.hpp"
#include "controlplane/core/directory_tables.hpp"
#include "controlplane/core/register_request.hpp"
#include "controlplane/core/registrar.hpp"
#include "sipparse/writer.hpp"

namespace tandem::controlplane {

// "<uri>;expires=4294967295" for each binding of a DN.
constexpr std::size_t kContactValueBytesMax = kContactUriBytesMax + 32;

static_assert(kContactsOfDnMax <= kRegisterContactsMax, "a 200 lists every binding of a DN");

// What a binding is made from.
struct NewBinding {
    DnIndex dn{};
    std::string_view contact_uri; // at most kContactUriBytesMax
    base::Endpoint destination;
    base::Endpoint source;
    std::uint64_t call_id_hash = 0;
    std::uint32_t cseq = 0;
    bool via_source = false;
    bool restored = false;
    std::uint64_t life_ns = 0;
};

// A Contact as a binding is looked for: as written, and taken apart.
struct NamedContact {
    std::string_view text;
    const sipparse::SipUri& uri;
};

[[nodiscard]] inline NamedContact named(const RegisterContact& contact) {
    return {.text = contact.uri_text, .uri = contact.uri};
}

class Registrar::State {
  public:
    State(const config::Configuration& configuration, Directory& directory, Changes& changes)
        : configuration_(configuration), application_(configuration.application),
          tables_(*directory.tables_), directory_(directory), changes_(changes),
          pool_("registrations", configuration.application.max_registrations), wheel_(0) {}

    // The request applied, or why it was not.
    std::optional<Refusal>
    apply(const RequestInput& request, DnIndex dn, const Now& now, Effects& effects);
    // The 200 with every binding of the DN.
    void answer_bindings(const RequestInput& request,
                         DnIndex dn,
                         std::string_view to_tag,
                         const Now& now,
                         Effects& effects);
    // Takes a binding away and says so.
    void remove(BindingHandle handle, Effects& effects);

    // The binding of the DN whose Contact is the same by RFC 3261 section 19.1.4; not set when
    // there is none.
    [[nodiscard]] BindingHandle find(DnIndex dn, const NamedContact& contact) const;
    // Makes the newest binding of its DN. The pool has room: the caller looked.
    const Binding& add(const NewBinding& wanted, const Now& now);
    // Takes a binding out of every list; its slot is free afterwards.
    void unlink(BindingHandle handle);
    // Not set when the DN has no binding.
    [[nodiscard]] BindingHandle oldest(DnIndex dn) const;
    // Whether a Contact at this address would make the switch call itself (RFC 5393).
    [[nodiscard]] bool is_own(base::Ipv4Address address) const;

    template <typename Visit>
    void for_each_of(DnIndex dn, Visit&& visit) const {
        auto handle = tables_.at(dn).newest;
        while (const Binding* binding = pool_.get(handle)) {
            const auto next = binding->next;
            visit(handle, *binding);
            handle = next;
        }
    }

    const config::Configuration& configuration_;
    const config::Application& application_;
    Directory::Tables& tables_;
    const Directory& directory_;
    Changes& changes_;
    BindingPool pool_;
    base::TimerWheel wheel_;
    std::uint64_t refused_full_ = 0;
    std::uint64_t unanswered_ = 0;
    RegisterRequest request_; // of the step under way; no state

  private:
    struct Change {
        const RegisterRequest& request;
        const RequestInput& input;
        DnIndex dn;
        std::uint64_t call_id_hash;
    };

    [[nodiscard]] std::optional<Refusal> refuse_target(const RequestInput& request,
                                                       DnIndex dn) const;
    [[nodiscard]] std::optional<Refusal> refuse_order(const Change& change) const;
    [[nodiscard]] bool has_room(const Change& change) const;
    [[nodiscard]] BindingChange change_of(const Binding& binding) const;
    void
    put(const Change& change, const RegisterContact& contact, const Now& now, Effects& effects);
    void drop_oldest(const Change& change, Effects& effects);
    // The bindings of the DN are about to change.
    void touch(DnIndex dn);

    // Text of the Contacts of one 200.
    std::array<std::array<char, kContactValueBytesMax>, kRegisterContactsMax> contact_values_{};
    std::array<sipparse::ExtraHeader, kRegisterContactsMax> contact_headers_; // of these values
};

[[nodiscard]] inline BindingView view_of(const Binding& binding) {
    return {.dn = binding.dn,
            .contact_uri = binding.contact_uri(),
            .destination = binding.destination,
            .source = binding.source,
            .expires_wall_ns = binding.expires_wall_ns,
            .call_id_hash = binding.call_id_hash,
            .cseq = binding.cseq,
            .via_source = binding.via_source,
            .restored = binding.restored};
}

} // namespace tandem::controlplane
