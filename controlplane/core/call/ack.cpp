// SPDX-License-Identifier: Apache-2.0
//
// Writes ACKs. A late 2xx is answered from its own text, so it needs no object and cannot leak one.
#include "controlplane/core/call/ack.hpp"

#include "controlplane/core/call/party.hpp"
#include "controlplane/core/call/write_request.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;
using sipparse::MessageWriter;

constexpr std::string_view kUnwantedReason = "SIP;cause=487;text=\"Not wanted any more\"";

void commit_ack(CoreState& core,
                const MessageWriter& writer,
                transaction::ClientHandle invite,
                const transaction::Flow& flow) {
    core.visits.visit(base::Stage::WriteAck);
    const auto message = writer.finish();
    if (message.empty()) {
        core.counters.add(CoreCounter::MessagesTooLong);
        return;
    }
    core.effects.send_ack({.invite = invite, .flow = flow}, message.size());
}

// The dialog a 2xx makes, as far as its own text tells.
class DialogOfResponse {
  public:
    explicit DialogOfResponse(const ResponseInput& response) {
        const auto& view = response.message.view;
        const auto routes = collect_route_set(view, RouteOrder::Reversed, routes_);
        view_ = {.call_id = view.find(HeaderId::CallId).value_or(std::string_view{}),
                 .local_party = party_of(view, HeaderId::From),
                 .local_tag = tag_of(view, HeaderId::From),
                 .remote_party = party_of(view, HeaderId::To),
                 .remote_tag = tag_of(view, HeaderId::To),
                 .remote_target = contact_uri(view),
                 .route_set = routes.value_or(std::string_view{}),
                 .contact_user = {},
                 .flow = response.message.flow};
        if (view_.route_set.empty()) {
            if (const auto hop = endpoint_of_uri(view_.remote_target)) {
                view_.flow.remote = *hop;
            }
        }
    }

    [[nodiscard]] const DialogView& view() const { return view_; }

  private:
    std::array<char, kRouteSetBytesMax> routes_{};
    DialogView view_;
};

void send_unwanted_bye(CoreState& core, const DialogView& dialog, std::uint32_t cseq) {
    const auto slot = take_slot(core, SlotUse::Ending);
    if (!slot.is_set()) {
        return;
    }
    const BranchText branch(core, slot);
    MessageWriter writer(core.effects.message_buffer());
    write_head(
        writer, dialog, {.method = sipparse::Method::Bye, .cseq = cseq, .branch = branch.text()});
    writer.header(HeaderId::Reason, kUnwantedReason);
    writer.no_body();
    send_request(core, writer, {.client = slot, .cancelled = {}, .owner = {}, .flow = dialog.flow});
}

} // namespace

void ack_refusal(CoreState& core,
                 const DialogView& dialog,
                 std::uint32_t cseq,
                 const ResponseInput& response) {
    DialogView answered = dialog;
    answered.remote_tag = tag_of(response.message.view, HeaderId::To);
    const BranchText branch(core, response.transaction);
    MessageWriter writer(core.effects.message_buffer());
    write_head(
        writer, answered, {.method = sipparse::Method::Ack, .cseq = cseq, .branch = branch.text()});
    writer.no_body();
    commit_ack(core, writer, response.transaction, dialog.flow);
}

void ack_success(CoreState& core, const SuccessAck& ack) {
    const BranchText branch(core.random);
    MessageWriter writer(core.effects.message_buffer());
    write_head(writer,
               ack.dialog,
               {.method = sipparse::Method::Ack, .cseq = ack.cseq, .branch = branch.text()});
    if (ack.body_of != nullptr) {
        write_relayed(writer, *ack.body_of, {});
    } else {
        writer.no_body();
    }
    commit_ack(core, writer, ack.invite, ack.dialog.flow);
}

void ack_unowned(CoreState& core, const ResponseInput& response) {
    const DialogOfResponse dialog(response);
    if (!dialog.view().remote_target.empty()) {
        ack_success(core,
                    {.dialog = dialog.view(),
                     .invite = response.transaction,
                     .cseq = response.message.view.cseq_number()});
    }
}

void end_unwanted(CoreState& core, const ResponseInput& response) {
    core.counters.add(CoreCounter::ResponsesLateSuccess);
    const DialogOfResponse dialog(response);
    if (dialog.view().remote_target.empty()) {
        return; // without Contact there is nobody to send to (12.1.1 demands one)
    }
    ack_success(core,
                {.dialog = dialog.view(),
                 .invite = response.transaction,
                 .cseq = response.message.view.cseq_number()});
    send_unwanted_bye(core, dialog.view(), response.message.view.cseq_number() + 1);
}

} // namespace tandem::controlplane
