// SPDX-License-Identifier: Apache-2.0
//
// A peer's request gets 500, an INVITE of ours CANCEL, its refusal ACK. Each is written from the
// message alone, so that nothing has to be kept and a core that dies here leaves no more behind
// than the one before. A 2xx to such an INVITE comes as a response without an owner, and is ended
// by receive_response.cpp.
#include "controlplane/core/close_orphan.hpp"

#include <array>

#include "controlplane/core/answer.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "sipparse/list_values.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::Method;
using transaction::OrphanKind;

constexpr std::size_t kTagDigits = 16;

// A CANCEL is answered as if its INVITE were still there, which gets its final response by itself
// (RFC 3261 section 9.2).
void answer_request(CoreState& core, const OrphanInput& orphan) {
    std::array<char, kTagDigits> tag{};
    core.random.fill_hex(tag);
    const bool is_cancel = orphan.message.view.method() == Method::Cancel;
    const Answer final{.status_code = is_cancel ? std::uint16_t{200} : std::uint16_t{500},
                       .reason = is_cancel ? "OK" : "Server Internal Error",
                       .to_tag = {tag.data(), tag.size()}};
    const RequestInput request{.transaction = orphan.server, .message = orphan.message};
    core.counters.add(answer(request, final, core.effects) ? CoreCounter::OrphansAnswered
                                                           : CoreCounter::MessagesTooLong);
}

// Sections 9.1 and 17.1.1.3: Request-URI, top Via, Route, From, Call-ID and the number of CSeq are
// those of the INVITE; To is that of the response where there is one.
void write_for_invite(sipparse::MessageWriter& writer, const OrphanInput& orphan, Method method) {
    const auto& invite = orphan.message.view;
    const auto line = [&](HeaderId id) { return invite.find(id).value_or(std::string_view{}); };
    const auto vias = line(HeaderId::Via);
    const bool adds_tag = !orphan.to_tag.empty() && tag_of(invite, HeaderId::To).empty();
    writer.request_line(sipparse::method_name(method), invite.request_uri());
    writer.header(HeaderId::Via, vias.substr(0, sipparse::list_element_bytes(vias)));
    writer.header(HeaderId::MaxForwards, std::uint64_t{kMaxForwardsDefault});
    for (const std::string_view route : invite.each(HeaderId::Route)) {
        writer.header(HeaderId::Route, route);
    }
    writer.header(HeaderId::From, line(HeaderId::From));
    writer.header(HeaderId::To,
                  {line(HeaderId::To),
                   adds_tag ? ";tag=" : "",
                   adds_tag ? orphan.to_tag : std::string_view{}});
    writer.header(HeaderId::CallId, line(HeaderId::CallId));
    writer.begin_header(HeaderId::CSeq);
    writer.value(std::uint64_t{invite.cseq_number()});
    writer.value(" ");
    writer.value(sipparse::method_name(method));
    writer.end_header();
    writer.header(HeaderId::UserAgent, kProductName);
    writer.no_body();
}

// Without a slot the INVITE ends by its timer in the dataplane.
void cancel_invite(CoreState& core, const OrphanInput& orphan) {
    const auto slot = take_slot(core, SlotUse::Ending);
    if (!slot.is_set()) {
        return;
    }
    sipparse::MessageWriter writer(core.effects.message_buffer());
    write_for_invite(writer, orphan, Method::Cancel);
    if (send_request(core,
                     writer,
                     {.client = slot,
                      .cancelled = orphan.client,
                      .owner = {},
                      .flow = orphan.message.flow})) {
        core.counters.add(CoreCounter::OrphansCancelled);
    }
}

void acknowledge_refusal(CoreState& core, const OrphanInput& orphan) {
    sipparse::MessageWriter writer(core.effects.message_buffer());
    write_for_invite(writer, orphan, Method::Ack);
    const auto message = writer.finish();
    if (message.empty()) {
        return core.counters.add(CoreCounter::MessagesTooLong);
    }
    core.counters.add(CoreCounter::OrphansAcknowledged);
    core.effects.send_ack({.invite = orphan.client, .flow = orphan.message.flow}, message.size());
}

} // namespace

void close_orphan(CoreState& core, const OrphanInput& orphan) {
    switch (orphan.kind) {
    case OrphanKind::Request:
        return answer_request(core, orphan);
    case OrphanKind::Invite:
        return cancel_invite(core, orphan);
    case OrphanKind::Refused:
        return acknowledge_refusal(core, orphan);
    }
}

} // namespace tandem::controlplane
