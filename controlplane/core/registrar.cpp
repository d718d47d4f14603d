// SPDX-License-Identifier: Apache-2.0
//
// Keeps the bindings: takes REGISTERs as a whole, lets bindings expire, answers who is where.
#include "controlplane/core/registrar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/siphash.hpp"
#include "controlplane/core/answer.hpp"
#include "controlplane/core/dialled_number.hpp"
#include "controlplane/core/fields.hpp"
#include "controlplane/core/registrar_state.hpp"
#include "sipparse/name_addr.hpp"

namespace tandem::controlplane {

std::uint64_t call_id_hash(std::string_view call_id) {
    constexpr base::SipHashKey kKey = {.low = 0x43616C6C2D494400, .high = 0x52454749535445};
    return base::siphash(kKey, call_id);
}

bool Registrar::State::is_own(base::Ipv4Address address) const {
    return address == application_.sip_address ||
           std::any_of(configuration_.ports.begin(),
                       configuration_.ports.end(),
                       [&](const config::Port& port) { return port.address == address; });
}

namespace {

// One more member does not compile until it is written here.
void write_binding(const Binding& binding, FieldSink& sink) {
    const auto& [dn,
                 next,
                 call_id_hash,
                 cseq,
                 contact_bytes,
                 via_source,
                 restored,
                 destination,
                 source,
                 expires_ns,
                 expires_wall_ns,
                 timer,
                 contact] = binding;
    static_cast<void>(dn);   // whose list this is
    static_cast<void>(next); // comes next
    write_field(sink, "call_id_hash", call_id_hash);
    write_field(sink, "cseq", cseq);
    write_field(sink, "contact", std::string_view(contact.data(), contact_bytes));
    write_field(sink, "via_source", via_source);
    write_field(sink, "restored", restored);
    write_field(sink, "destination", destination);
    write_field(sink, "source", source);
    write_field(sink, "expires_ns", expires_ns);
    write_field(sink, "expires_wall_ns", expires_wall_ns);
    write_field(sink, "timer", timer);
}

} // namespace

std::optional<Refusal> Registrar::State::refuse_target(const RequestInput& request,
                                                       DnIndex dn) const {
    const auto value = request.message.view.find(sipparse::HeaderId::To);
    const auto to = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    const auto uri = to ? sipparse::parse_sip_uri(to->uri) : std::nullopt;
    if (!uri) {
        return Refusal(400, "Malformed To");
    }
    const auto target = directory_.find_dn(DialledNumber(uri->user).text());
    if (!target) {
        return Refusal(404, "Not Found");
    }
    if (*target != dn) {
        return Refusal(403, "Not Your Address Of Record");
    }
    if (!tables_.at(dn).range->contact.learned) {
        return Refusal(403, "Contact Is Configured");
    }
    return std::nullopt;
}

// RFC 3261 10.3 step 7: a binding made with this Call-ID changes only with a higher CSeq.
std::optional<Refusal> Registrar::State::refuse_order(const Change& change) const {
    bool old = false;
    const auto check = [&](const Binding& binding) {
        old = old ||
              (binding.call_id_hash == change.call_id_hash && change.request.cseq <= binding.cseq);
    };
    if (change.request.remove_all) {
        for_each_of(change.dn, [&](BindingHandle, const Binding& binding) { check(binding); });
    }
    for (std::size_t i = 0; i < change.request.count; ++i) {
        const auto handle = find(change.dn, named(change.request.contacts[i]));
        if (const Binding* binding = pool_.get(handle)) {
            check(*binding);
        }
    }
    return old ? std::optional(Refusal(500, "CSeq Too Low")) : std::nullopt;
}

// A phone that refreshes repeats its Contact letter by letter: then nothing is taken apart.
BindingHandle Registrar::State::find(DnIndex dn, const NamedContact& contact) const {
    const auto is_same = [&](const Binding& binding) {
        if (binding.contact_uri() == contact.text) {
            return true;
        }
        const auto kept = sipparse::parse_sip_uri(binding.contact_uri());
        return kept && sipparse::uri_equals(*kept, contact.uri);
    };
    BindingHandle found;
    for_each_of(dn, [&](BindingHandle handle, const Binding& binding) {
        if (!found.is_set() && is_same(binding)) {
            found = handle;
        }
    });
    return found;
}

BindingHandle Registrar::State::oldest(DnIndex dn) const {
    BindingHandle oldest;
    for_each_of(dn, [&](BindingHandle handle, const Binding&) { oldest = handle; });
    return oldest;
}

// Whether the pool can take every new Contact even before the DN's oldest make room.
bool Registrar::State::has_room(const Change& change) const {
    std::uint32_t fresh = 0;
    for (std::size_t i = 0; i < change.request.count; ++i) {
        const auto& contact = change.request.contacts[i];
        if (contact.expires_s != 0 && !find(change.dn, named(contact)).is_set()) {
            ++fresh;
        }
    }
    return fresh <= pool_.capacity() - pool_.in_use();
}

std::optional<Refusal>
Registrar::State::apply(const RequestInput& request, DnIndex dn, const Now& now, Effects& effects) {
    if (auto refusal = refuse_target(request, dn)) {
        return refusal;
    }
    const RegisterLimits limits{.min_expires_s = application_.min_expires_s,
                                .max_expires_s = application_.max_expires_s,
                                .nat_contact = tables_.at(dn).range->nat_contact};
    if (auto refusal = read_register(request.message, limits, request_)) {
        return refusal;
    }
    const Change change{.request = request_,
                        .input = request,
                        .dn = dn,
                        .call_id_hash = controlplane::call_id_hash(request_.call_id)};
    for (std::size_t i = 0; i < request_.count; ++i) {
        if (is_own(request_.contacts[i].destination.address)) {
            return Refusal(403, "Contact Is This Switch");
        }
    }
    if (auto refusal = refuse_order(change)) {
        return refusal;
    }
    if (!has_room(change)) {
        ++refused_full_;
        return Refusal(503, "Registrations Full");
    }
    if (request_.remove_all) {
        for_each_of(dn, [&](BindingHandle handle, const Binding&) { remove(handle, effects); });
    }
    for (std::size_t i = 0; i < request_.count; ++i) {
        put(change, request_.contacts[i], now, effects);
    }
    drop_oldest(change, effects);
    return std::nullopt;
}

void Registrar::State::touch(DnIndex dn) {
    const auto key = static_cast<std::uint64_t>(dn);
    changes_.touch({.kind = ObjectKind::Bindings, .key = key, .place = key},
                   tables_.at(dn).version);
}

void Registrar::State::unlink(BindingHandle handle) {
    Binding* binding = pool_.get(handle);
    TANDEM_ASSERT(binding != nullptr);
    touch(binding->dn);
    auto& dn = tables_.at(binding->dn);
    BindingHandle* link = &dn.newest;
    while (*link != handle) {
        Binding* newer = pool_.get(*link);
        TANDEM_ASSERT(newer != nullptr);
        link = &newer->next;
    }
    *link = binding->next;
    --dn.bindings;
    wheel_.cancel(binding->timer);
    pool_.destroy(handle);
}

void Registrar::State::remove(BindingHandle handle, Effects& effects) {
    const Binding* binding = pool_.get(handle);
    TANDEM_ASSERT(binding != nullptr);
    auto change = change_of(*binding);
    change.expires_wall_ns = 0;
    effects.binding_changed(change);
    unlink(handle);
}

BindingChange Registrar::State::change_of(const Binding& binding) const {
    return {.number = tables_.at(binding.dn).number,
            .contact_uri = binding.contact_uri(),
            .call_id_hash = binding.call_id_hash,
            .flow = binding.destination,
            .source = binding.source,
            .cseq = binding.cseq,
            .via_source = binding.via_source,
            .expires_wall_ns = binding.expires_wall_ns};
}

// Takes one Contact: removes, refreshes or adds its binding. What was touched is the newest.
void Registrar::State::put(const Change& change,
                           const RegisterContact& contact,
                           const Now& now,
                           Effects& effects) {
    const auto known = find(change.dn, named(contact));
    if (const Binding* binding = pool_.get(known)) {
        // Outside, the text names a binding: an equal URI with another text is a new one.
        if (contact.expires_s == 0 || binding->contact_uri() != contact.uri_text) {
            remove(known, effects);
        } else {
            unlink(known); // and made anew below, so that one place fills a binding
        }
    }
    if (contact.expires_s == 0) {
        return;
    }
    const auto& binding = add({.dn = change.dn,
                               .contact_uri = contact.uri_text,
                               .destination = contact.destination,
                               .source = change.input.message.flow.remote,
                               .call_id_hash = change.call_id_hash,
                               .cseq = change.request.cseq,
                               .via_source = contact.via_source,
                               .life_ns = contact.expires_s * base::kNsPerS},
                              now);
    effects.binding_changed(change_of(binding));
}

const Binding& Registrar::State::add(const NewBinding& wanted, const Now& now) {
    const auto handle = pool_.create();
    Binding* binding = pool_.get(handle);
    TANDEM_ASSERT(binding != nullptr);
    touch(wanted.dn);
    auto& dn = tables_.at(wanted.dn);
    binding->dn = wanted.dn;
    binding->next = dn.newest;
    dn.newest = handle;
    ++dn.bindings;
    binding->call_id_hash = wanted.call_id_hash;
    binding->cseq = wanted.cseq;
    binding->contact_bytes = static_cast<std::uint16_t>(
        wanted.contact_uri.copy(binding->contact.data(), binding->contact.size()));
    binding->via_source = wanted.via_source;
    binding->restored = wanted.restored;
    binding->destination = wanted.destination;
    binding->source = wanted.source;
    binding->expires_ns = now.monotonic_ns + wanted.life_ns;
    binding->expires_wall_ns = now.wall_ns + wanted.life_ns;
    binding->timer.owner = handle.packed();
    wheel_.arm(binding->timer, binding->expires_ns);
    return *binding;
}

// max-contacts: the newest replace the oldest.
void Registrar::State::drop_oldest(const Change& change, Effects& effects) {
    const auto& dn = tables_.at(change.dn);
    while (dn.bindings > dn.range->max_contacts) {
        remove(oldest(change.dn), effects);
    }
}

void Registrar::State::answer_bindings(const RequestInput& request,
                                       DnIndex dn,
                                       std::string_view to_tag,
                                       const Now& now,
                                       Effects& effects) {
    std::size_t count = 0;
    for_each_of(dn, [&](BindingHandle, const Binding& binding) {
        auto& text = contact_values_[count];
        const auto uri = binding.contact_uri();
        const auto left_ns = binding.expires_ns - std::min(now.monotonic_ns, binding.expires_ns);
        char* end = text.data();
        *end++ = '<';
        end += uri.copy(end, uri.size());
        end += std::string_view(">;expires=").copy(end, 10);
        end = std::to_chars(end, text.data() + text.size(), left_ns / base::kNsPerS).ptr;
        contact_headers_[count++] = {
            .id = sipparse::HeaderId::Contact,
            .value = {text.data(), static_cast<std::size_t>(end - text.data())}};
    });
    const bool sent = answer(request,
                             {.status_code = 200,
                              .reason = "OK",
                              .to_tag = to_tag,
                              .headers = {contact_headers_.data(), count}},
                             effects);
    unanswered_ += sent ? 0U : 1U;
}

Registrar::Registrar(const config::Configuration& configuration,
                     Directory& directory,
                     Changes& changes,
                     const base::StageVisits* visits)
    : state_(std::make_unique<State>(configuration, directory, changes)), // at construction
      visits_(visits) {}

Registrar::~Registrar() = default;

void Registrar::receive(const RequestInput& request,
                        DnIndex dn,
                        std::string_view to_tag,
                        const Now& now,
                        Effects& effects) {
    base::visit(visits_, base::Stage::Registrar);
    expire(now, effects);
    if (const auto refusal = state_->apply(request, dn, now, effects)) {
        state_->unanswered_ += refuse(request, *refusal, to_tag, effects) ? 0U : 1U;
        return;
    }
    state_->answer_bindings(request, dn, to_tag, now, effects);
}

void Registrar::expire(const Now& now, Effects& effects) {
    state_->wheel_.advance(now.monotonic_ns, [&](base::TimerNode& timer) {
        state_->remove(BindingHandle::unpack(timer.owner), effects);
    });
}

base::MonotonicNs Registrar::next_deadline() const {
    return state_->wheel_.next_deadline().value_or(std::numeric_limits<base::MonotonicNs>::max());
}

std::size_t Registrar::bindings(DnIndex dn, const Now& now, std::span<BindingView> out) const {
    base::visit(visits_, base::Stage::Registrar);
    std::size_t count = 0;
    state_->for_each_of(dn, [&](BindingHandle, const Binding& binding) {
        if (count < out.size() && binding.expires_ns > now.monotonic_ns) {
            out[count++] = view_of(binding);
        }
    });
    return count;
}

bool Registrar::holds_flow(DnIndex dn, base::Endpoint source, const Now& now) const {
    base::visit(visits_, base::Stage::Registrar);
    bool held = false;
    state_->for_each_of(dn, [&](BindingHandle, const Binding& binding) {
        held = held || (binding.expires_ns > now.monotonic_ns &&
                        (binding.source == source || binding.destination == source));
    });
    return held;
}

std::size_t Registrar::list(std::uint32_t& cursor, std::span<BindingView> out) const {
    std::size_t count = 0;
    for (; count < out.size() && cursor < state_->pool_.capacity(); ++cursor) {
        if (const Binding* binding = state_->pool_.at(cursor)) {
            out[count++] = view_of(*binding);
        }
    }
    return count;
}

void Registrar::write_fields(FieldSink& sink) const {
    sink.number("bindings.in_use", state_->pool_.in_use());
    sink.number("bindings.refused", state_->refused_full_);
    sink.number("bindings.unanswered", state_->unanswered_);
    sink.number("bindings.timers", state_->wheel_.armed_count());
}

void Registrar::write_bindings(FieldSink& sink) const {
    for (std::uint32_t index = 0; index < state_->tables_.dns.size(); ++index) {
        const auto& entry = state_->tables_.dns[index];
        // Bindings that came without a touch() have to be seen here: nobody else could complain.
        if (entry.version.value() != 0 || entry.bindings != 0) {
            write_bindings_of(DnIndex{index}, sink);
        }
    }
}

void Registrar::write_bindings_of(DnIndex dn, FieldSink& sink) const {
    const auto& entry = state_->tables_.at(dn);
    sink.begin("bindings", static_cast<std::uint8_t>(ObjectKind::Bindings));
    write_field(sink, "dn", dn);
    sink.number("version", entry.version.value());
    sink.text("number", entry.number);
    sink.number("count", entry.bindings);
    state_->for_each_of(dn, [&](BindingHandle handle, const Binding& binding) {
        write_field(sink, "binding", handle);
        write_binding(binding, sink);
    });
}

std::uint32_t Registrar::in_use() const {
    return state_->pool_.in_use();
}

std::uint64_t Registrar::bytes_in_use() const {
    return std::uint64_t{state_->pool_.in_use()} * BindingPool::element_bytes();
}

std::uint32_t Registrar::capacity() const {
    return state_->pool_.capacity();
}

std::uint64_t Registrar::refused_full() const {
    return state_->refused_full_;
}

std::uint64_t Registrar::unanswered() const {
    return state_->unanswered_;
}

} // namespace tandem::controlplane
