// SPDX-License-Identifier: Apache-2.0
//
// The head of a response is kept as a response without status of its own and read again when its
// time has come.
#include "controlplane/core/call/reply.hpp"

#include "controlplane/core/answer.hpp"
#include "controlplane/core/call/call_objects.hpp"
#include "controlplane/core/call/write_request.hpp"
#include "controlplane/core/relayed_headers.hpp"

namespace tandem::controlplane {

namespace {

using sipparse::HeaderId;

constexpr std::size_t kNumberDigitsMax = 20;

std::size_t write_number(std::uint64_t number, std::span<char, kNumberDigitsMax> out) {
    std::array<char, kNumberDigitsMax> reversed{};
    std::size_t digits = 0;
    do {
        reversed[digits++] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    for (std::size_t i = 0; i < digits; ++i) {
        out[i] = reversed[digits - 1 - i];
    }
    return digits;
}

} // namespace

bool keep_head(CoreState& core, const RequestInput& request, Text& head) {
    const ViaSource source(request.message);
    const bool forms_dialog = request.message.view.method() == sipparse::Method::Invite;
    const auto written = sipparse::write_response(request.message.view,
                                                  {.status_code = 200,
                                                   .reason = "OK",
                                                   .received = source.received(),
                                                   .rport = source.rport(),
                                                   .copy_record_route = forms_dialog},
                                                  core.effects.message_buffer());
    return !written.empty() && keep_text(core, written, head);
}

void ReplyHeaders::add(HeaderId id, std::string_view value) {
    if (count_ < headers_.size()) {
        headers_[count_++] = {.id = id, .value = value};
    }
}

void ReplyHeaders::compose(HeaderId id, std::initializer_list<std::string_view> pieces) {
    const std::size_t begin = used_;
    for (const auto piece : pieces) {
        if (text_.size() - used_ < piece.size()) {
            used_ = begin;
            return;
        }
        used_ += piece.copy(text_.data() + used_, piece.size());
    }
    add(id, {text_.data() + begin, used_ - begin});
}

void ReplyHeaders::compose_number(HeaderId id, std::uint64_t number, std::string_view behind) {
    std::array<char, kNumberDigitsMax> digits{};
    const std::size_t count = write_number(number, digits);
    compose(id, {{digits.data(), count}, behind});
}

void ReplyHeaders::add_relayed(const sipparse::MessageView& response, const Device& sender) {
    for (std::size_t i = 0; i < response.header_count() && count_ < headers_.size(); ++i) {
        const auto header = response.header(i);
        if (is_relayed(response, header, sender.trunk.has_value())) {
            headers_[count_++] = {.id = header.id, .value = header.value, .name = header.name};
        }
    }
}

void ReplyHeaders::add_contact(std::string_view user, base::Endpoint local) {
    std::array<char, base::kEndpointTextBytesMax> text{};
    const auto* end = base::write_endpoint(local, text.data());
    const std::string_view place{text.data(), static_cast<std::size_t>(end - text.data())};
    compose(HeaderId::Contact, {"<sip:", user, user.empty() ? "" : "@", place, ">"});
}

void reply(CoreState& core, const Reply& parts) {
    core.visits.visit(base::Stage::Reply);
    const auto head = core.texts.view(*parts.head);
    if (head.empty()) {
        return;
    }
    sipparse::ResponseOptions options{.status_code = parts.status_code,
                                      .reason = parts.reason,
                                      .to_tag = parts.to_tag,
                                      .copy_record_route = parts.status_code < 300};
    if (parts.headers != nullptr) {
        options.headers = parts.headers->all();
    }
    if (parts.body_of != nullptr) {
        options.content_type =
            parts.body_of->find(HeaderId::ContentType).value_or(std::string_view{});
        options.body = parts.body_of->body();
    }
    auto message = sipparse::write_response_from_head(head, options, core.effects.message_buffer());
    if (message.empty()) {
        core.counters.add(CoreCounter::MessagesTooLong);
        options.headers = {};
        options.body = {};
        options.content_type = {};
        message = sipparse::write_response_from_head(head, options, core.effects.message_buffer());
    }
    core.effects.send_response({.transaction = parts.transaction,
                                .status_code = parts.status_code,
                                .reliable = parts.reliable,
                                .rseq = parts.rseq},
                               message.size());
}

} // namespace tandem::controlplane
