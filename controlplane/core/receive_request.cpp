// SPDX-License-Identifier: Apache-2.0
//
// The order is that of RFC 3261 section 8.2: method, Request-URI, the headers an answer needs,
// extensions; then the hops left (16.3), the dialog, the sender.
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
#include "sipparse/option_tags.hpp"
#include "sipparse/request_check.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::Method;
using sipparse::ParseError;

constexpr std::size_t kTagDigits = 16;
// Of a 420: more extensions than anybody has, and half of a Refusal's room.
constexpr std::size_t kUnsupportedBytesMax = 512;

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

Refusal refuse_defect(const sipparse::MessageView& view, const sipparse::Defect& defect) {
    const auto status = sipparse::status_for(defect.error);
    if (defect.error == ParseError::UriSchemeNotSupported) {
        return {status, "Unsupported URI Scheme"}; // RFC 3261 21.4.14
    }
    if (defect.error != ParseError::ExtensionNotSupported) {
        return {status, sipparse::sentence(defect)};
    }
    Refusal refusal(status, "Bad Extension"); // 21.4.15
    std::array<char, kUnsupportedBytesMax> tags;
    (void)refusal.add(HeaderId::Unsupported,
                      {sipparse::write_unsupported(view, passed_option_tags(), tags)});
    return refusal;
}

// Nothing when the request may go on. Its Route is not for us: as a user agent server we are the
// last hop.
std::optional<Refusal> inspect(const sipparse::MessageView& view) {
    const auto defect = sipparse::check_request(view, {.option_tags = passed_option_tags()});
    if (defect) {
        return refuse_defect(view, defect);
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
    if (const auto refusal = inspect(view)) {
        return refuse_request(core, request, *refusal, CoreCounter::RefusedMalformed);
    }
    if (!tag_of(view, HeaderId::To).empty()) {
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
