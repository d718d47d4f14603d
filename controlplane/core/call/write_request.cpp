// SPDX-License-Identifier: Apache-2.0
//
// RFC 3261 sections 8.1.1 and 12.2.1.1: the request a dialog sends.
#include "controlplane/core/call/write_request.hpp"

#include "controlplane/core/relayed_headers.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/list_values.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/via.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::MessageWriter;

constexpr std::size_t kRandomBranchDigits = 24;
// Owner::packed: the kind stands above the index, pools are far smaller than this.
constexpr unsigned kOwnerKindShift = 28;

class EndpointText {
  public:
    explicit EndpointText(base::Endpoint endpoint)
        : bytes_(static_cast<std::size_t>(base::write_endpoint(endpoint, text_.data()) -
                                          text_.data())) {}

    [[nodiscard]] std::string_view text() const { return {text_.data(), bytes_}; }

  private:
    std::array<char, base::kEndpointTextBytesMax> text_{};
    std::size_t bytes_;
};

struct Routing {
    std::string_view request_uri;
    std::string_view routes;
    std::string_view last_route; // URI: the remote target behind a strict router
};

// 12.2.1.1: with a strict router in front its URI becomes the Request-URI and the remote target
// the last Route.
Routing routing_of(const DialogView& dialog) {
    const auto routes = dialog.route_set;
    if (routes.empty()) {
        return {dialog.remote_target, {}, {}};
    }
    const std::size_t bytes = sipparse::list_element_bytes(routes);
    const auto first = sipparse::parse_name_addr(routes.substr(0, bytes));
    const auto uri = first ? sipparse::parse_sip_uri(first->uri) : std::nullopt;
    if (!uri || uri->lr()) {
        return {dialog.remote_target, routes, {}};
    }
    return {first->uri,
            bytes < routes.size() ? routes.substr(bytes + 1) : std::string_view{},
            dialog.remote_target};
}

void write_routes(MessageWriter& writer, const Routing& routing) {
    for (const std::string_view route : sipparse::ListValues(routing.routes)) {
        writer.header(HeaderId::Route, route);
    }
    if (!routing.last_route.empty()) {
        writer.header(HeaderId::Route, {"<", routing.last_route, ">"});
    }
}

void write_party(MessageWriter& writer, HeaderId id, std::string_view party, std::string_view tag) {
    writer.header(id, {party, tag.empty() ? "" : ";tag=", tag});
}

void write_tags(MessageWriter& writer, HeaderId id, sipparse::OptionTagSet tags) {
    if (tags.empty()) {
        return;
    }
    writer.begin_header(id);
    std::string_view separator;
    for (const auto tag : {sipparse::OptionTag::Reliable100, sipparse::OptionTag::Timer}) {
        if (tags.has(tag)) {
            writer.value(separator);
            writer.value(sipparse::option_tag_name(tag));
            separator = ", ";
        }
    }
    writer.end_header();
}

sipparse::OptionTagSet known_tags(const sipparse::MessageView& source, HeaderId id) {
    const auto all = sipparse::option_tags(source, id);
    sipparse::OptionTagSet known;
    for (const auto tag : {sipparse::OptionTag::Reliable100, sipparse::OptionTag::Timer}) {
        if (all.has(tag)) {
            known.add(tag);
        }
    }
    return known;
}

} // namespace

BranchText::BranchText(const CoreState& core, transaction::ClientHandle client)
    : bytes_(text_.size()) {
    transaction::write_branch(core.attachment.owner, client, core.attachment.branch_key, text_);
}

BranchText::BranchText(base::RandomStream& random)
    : bytes_(sipparse::kBranchCookie.size() + kRandomBranchDigits) {
    sipparse::kBranchCookie.copy(text_.data(), sipparse::kBranchCookie.size());
    random.fill_hex({text_.data() + sipparse::kBranchCookie.size(), kRandomBranchDigits});
}

void write_head(MessageWriter& writer, const DialogView& dialog, const RequestHead& head) {
    const auto routing = routing_of(dialog);
    const EndpointText local(dialog.flow.local);
    writer.request_line(sipparse::method_name(head.method), routing.request_uri);
    writer.header(HeaderId::Via, {"SIP/2.0/UDP ", local.text(), ";branch=", head.branch, ";rport"});
    writer.header(HeaderId::MaxForwards, std::uint64_t{head.max_forwards});
    write_routes(writer, routing);
    write_party(writer, HeaderId::From, dialog.local_party, dialog.local_tag);
    write_party(writer, HeaderId::To, dialog.remote_party, dialog.remote_tag);
    writer.header(HeaderId::CallId, dialog.call_id);
    writer.begin_header(HeaderId::CSeq);
    writer.value(std::uint64_t{head.cseq});
    writer.value(" ");
    writer.value(sipparse::method_name(head.method));
    writer.end_header();
    writer.header(HeaderId::UserAgent, kProductName);
}

void write_contact(MessageWriter& writer, const DialogView& dialog) {
    const EndpointText local(dialog.flow.local);
    writer.header(
        HeaderId::Contact,
        {"<sip:", dialog.contact_user, dialog.contact_user.empty() ? "" : "@", local.text(), ">"});
}

sipparse::OptionTagSet passed_option_tags() {
    sipparse::OptionTagSet tags;
    tags.add(sipparse::OptionTag::Reliable100).add(sipparse::OptionTag::Timer);
    return tags;
}

void write_option_tags(MessageWriter& writer, const sipparse::MessageView& source) {
    write_tags(writer, HeaderId::Supported, known_tags(source, HeaderId::Supported));
    write_tags(writer, HeaderId::Require, known_tags(source, HeaderId::Require));
}

void write_relayed_headers(MessageWriter& writer,
                           const sipparse::MessageView& source,
                           const Device& sender) {
    for (std::size_t i = 0; i < source.header_count(); ++i) {
        const auto header = source.header(i);
        if (!is_relayed(source, header, sender.trunk.has_value())) {
            continue;
        }
        if (header.id == HeaderId::Other) {
            writer.header_raw(header.name, header.value);
        } else {
            writer.header(header.id, header.value);
        }
    }
}

void write_relayed(MessageWriter& writer,
                   const sipparse::MessageView& source,
                   const Device& sender) {
    write_relayed_headers(writer, source, sender);
    writer.body(source.find(HeaderId::ContentType).value_or(std::string_view{}), source.body());
}

std::uint8_t next_max_forwards(const sipparse::MessageView& request) {
    const auto value = request.find(HeaderId::MaxForwards);
    const auto hops = value ? sipparse::parse_max_forwards(*value) : std::nullopt;
    if (!hops) {
        return kMaxForwardsDefault;
    }
    return *hops == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(*hops - 1);
}

transaction::ClientHandle take_slot(CoreState& core, SlotUse use) {
    const bool reserved = use == SlotUse::NewWork && core.slots.count() <= kSlotsForEndings;
    const auto slot = reserved ? transaction::ClientHandle{} : core.slots.take();
    if (!slot.is_set()) {
        core.counters.add(CoreCounter::PoolFullClientSlots);
    }
    return slot;
}

std::uint64_t Owner::packed() const {
    return std::uint64_t{generation} << 32U |
           std::uint64_t{static_cast<std::uint32_t>(kind)} << kOwnerKindShift | index;
}

Owner Owner::unpack(std::uint64_t user) {
    const auto low = static_cast<std::uint32_t>(user);
    const std::uint32_t kind = low >> kOwnerKindShift;
    return {.kind = kind <= static_cast<std::uint32_t>(OwnerKind::Leg)
                        ? static_cast<OwnerKind>(kind)
                        : OwnerKind::Nobody,
            .index = low & ((1U << kOwnerKindShift) - 1),
            .generation = static_cast<std::uint32_t>(user >> 32U)};
}

bool send_request(CoreState& core, const MessageWriter& writer, const Sending& sending) {
    core.visits.visit(base::Stage::WriteRequest);
    const auto message = writer.finish();
    if (message.empty()) {
        core.counters.add(CoreCounter::MessagesTooLong);
        core.effects.return_slot(sending.client);
        return false;
    }
    core.effects.send_request({.transaction = sending.client,
                               .invite = sending.cancelled,
                               .user = sending.owner.packed(),
                               .flow = sending.flow},
                              message.size());
    return true;
}

} // namespace tandem::controlplane
