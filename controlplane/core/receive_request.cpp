// SPDX-License-Identifier: Apache-2.0
//
// The order is that of RFC 3261 section 8.2: method, Request-URI, extensions; then the hops left
// (16.3), the dialog, the sender.
#include "controlplane/core/receive_request.hpp"

#include <array>

#include "controlplane/core/answer.hpp"
#include "controlplane/core/call/dialog.hpp"
#include "controlplane/core/call/in_dialog.hpp"
#include "controlplane/core/call/start_call.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "controlplane/core/caller.hpp"
#include "controlplane/core/refuse.hpp"
#include "sipparse/integer_header.hpp"
#include "sipparse/name_addr.hpp"
#include "sipparse/sip_uri.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::Method;

constexpr std::size_t kTagDigits = 16;

bool is_supported(Method method) {
    switch (method) {
    case Method::Invite:
    case Method::Ack:
    case Method::Cancel:
    case Method::Bye:
    case Method::Options:
    case Method::Register:
    case Method::Prack:
    case Method::Update:
    case Method::Info:
    case Method::Message:
    case Method::Notify:
        return true;
    default:
        return false;
    }
}

std::optional<Refusal> refuse_extensions(const sipparse::MessageView& view) {
    for (const auto id : {HeaderId::Require, HeaderId::ProxyRequire}) {
        const auto tag = sipparse::first_unsupported(view, id, passed_option_tags());
        if (tag) {
            Refusal refusal(420, "Bad Extension");
            (void)refusal.add(HeaderId::Unsupported, {*tag});
            return refusal;
        }
    }
    return std::nullopt;
}

struct Ends {
    std::string_view from_tag; // empty: none
    std::string_view to_tag;   // empty: none
};

// False: From or To is missing or malformed.
bool read_tag(const sipparse::MessageView& view, HeaderId id, std::string_view& tag) {
    const auto value = view.find(id);
    const auto address = value ? sipparse::parse_name_addr(*value) : std::nullopt;
    tag = address ? address->tag().value_or(std::string_view{}) : std::string_view{};
    return address.has_value();
}

// Nothing when the request may go on; then `ends` is filled.
std::optional<Refusal> inspect(const sipparse::MessageView& view, Ends& ends) {
    if (sipparse::uri_scheme(view.request_uri()) != sipparse::UriScheme::Sip) {
        return Refusal(416, "Unsupported URI Scheme");
    }
    const auto uri = sipparse::parse_sip_uri(view.request_uri());
    if (!uri) {
        return Refusal(400, "Malformed Request-URI");
    }
    if (!uri->headers.empty()) {
        return Refusal(400, "Headers In Request-URI"); // 19.1.1; RFC 4475 section 3.1.2.11
    }
    if (!read_tag(view, HeaderId::From, ends.from_tag)) {
        return Refusal(400, "Malformed From");
    }
    if (!read_tag(view, HeaderId::To, ends.to_tag)) {
        return Refusal(400, "Malformed To");
    }
    if (ends.from_tag.empty()) {
        return Refusal(400, "Missing From Tag");
    }
    if (auto refusal = refuse_extensions(view)) {
        return refusal;
    }
    const auto hops = view.find(HeaderId::MaxForwards);
    if (hops && sipparse::parse_max_forwards(*hops) == std::uint8_t{0} &&
        view.method() != Method::Register && view.method() != Method::Options) {
        return Refusal(483, "Too Many Hops");
    }
    return std::nullopt;
}

void register_contact(CoreState& core, const RequestInput& request, const Device& sender) {
    if (!sender.dn) {
        return refuse_request(
            core, request, Refusal(403, "Trunks Do Not Register"), CoreCounter::RefusedCaller);
    }
    std::array<char, kTagDigits> tag{};
    core.random.fill_hex(tag);
    core.registrar.receive(request, *sender.dn, {tag.data(), tag.size()}, core.now, core.effects);
}

void receive_out_of_dialog(CoreState& core, const RequestInput& request) {
    const auto method = request.message.view.method();
    if (method == Method::Options) {
        return answer_options(core, request); // anybody may ask whether we are alive
    }
    if (method == Method::Bye || method == Method::Prack || method == Method::Update) {
        return refuse_request(core,
                              request,
                              Refusal(481, "Call/Transaction Does Not Exist"),
                              CoreCounter::RefusedUnknownDialog);
    }
    if (method != Method::Invite && method != Method::Register) {
        return refuse_method(core, request);
    }
    const auto sender = identify_caller(request,
                                        {.directory = core.directory,
                                         .registrar = core.registrar,
                                         .digest = core.digest,
                                         .visits = &core.visits},
                                        core.now);
    if (!sender) {
        return refuse_request(core, request, sender.error(), CoreCounter::RefusedCaller);
    }
    if (method == Method::Register) {
        return register_contact(core, request, *sender);
    }
    start_call(core, request, *sender);
}

} // namespace

void receive_request(CoreState& core, const RequestInput& request) {
    core.visits.visit(base::Stage::ReceiveRequest);
    core.counters.add(CoreCounter::RequestsReceived);
    const auto& view = request.message.view;
    if (!is_supported(view.method())) {
        return refuse_method(core, request);
    }
    Ends ends;
    if (const auto refusal = inspect(view, ends)) {
        return refuse_request(core, request, *refusal, CoreCounter::RefusedMalformed);
    }
    if (!ends.to_tag.empty()) {
        return receive_in_dialog(core, request);
    }
    receive_out_of_dialog(core, request);
}

void answer_options(CoreState& core, const RequestInput& request) {
    std::array<char, kTagDigits> tag{};
    core.random.fill_hex(tag);
    const std::array<sipparse::ExtraHeader, 4> headers{{
        {.id = HeaderId::Allow, .value = kAllowedMethods},
        {.id = HeaderId::Accept, .value = "application/sdp"},
        {.id = HeaderId::Supported, .value = "100rel, timer"},
        {.id = HeaderId::Server, .value = kProductName},
    }};
    const Answer ok{
        .status_code = 200, .reason = "OK", .to_tag = {tag.data(), tag.size()}, .headers = headers};
    if (!answer(request, ok, core.effects)) {
        core.counters.add(CoreCounter::MessagesTooLong);
    }
}

void refuse_method(CoreState& core, const RequestInput& request) {
    Refusal refusal(405, "Method Not Allowed");
    (void)refusal.add(HeaderId::Allow, {kAllowedMethods});
    refuse_request(core, request, refusal, CoreCounter::RefusedMalformed);
}

} // namespace tandem::controlplane
