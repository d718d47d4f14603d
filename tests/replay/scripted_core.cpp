// SPDX-License-Identifier: Apache-2.0
//
// Records to words and words to records, by the readers and writers of shm/ as the real core does.
#include "scripted_core.hpp"

#include <array>
#include <fmt/format.h>
#include <sstream>
#include <stdexcept>

#include "shm/write_record.hpp"
#include "sipparse/index.hpp"
#include "sipparse/writer.hpp"

namespace tandem::replay {

namespace {

// The value of "key=…" in words, or "".
std::string value_of(std::string_view words, const std::string& key) {
    std::istringstream in{std::string(words)};
    std::string word;
    while (in >> word) {
        if (word.compare(0, key.size() + 1, key + "=") == 0) {
            return word.substr(key.size() + 1);
        }
    }
    return {};
}

std::uint64_t number_of(std::string_view words, const std::string& key) {
    const std::string value = value_of(words, key);
    return value.empty() ? 0 : std::stoull(value);
}

std::string timeout_name(transaction::TimeoutKind kind) {
    switch (kind) {
    case transaction::TimeoutKind::ClientFinal:
        return "client-final";
    case transaction::TimeoutKind::ServerAck:
        return "server-ack";
    case transaction::TimeoutKind::TwoXxAck:
        return "2xx-ack";
    case transaction::TimeoutKind::ReliableProvisional:
        return "reliable";
    case transaction::TimeoutKind::TransportClient:
        return "transport-client";
    case transaction::TimeoutKind::TransportServer:
        break;
    }
    return "transport-server";
}

std::string_view orphan_name(transaction::OrphanKind kind) {
    switch (kind) {
    case transaction::OrphanKind::Request:
        return "request";
    case transaction::OrphanKind::Invite:
        return "invite";
    case transaction::OrphanKind::Refused:
        break;
    }
    return "refused";
}

std::string endpoint_text(base::Endpoint endpoint) {
    std::array<char, base::kEndpointTextBytesMax> text{};
    const char* const end = base::write_endpoint(endpoint, text.data());
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

struct Teller {
    std::string operator()(const shm::RequestView& view) const {
        return fmt::format("request {} from {} at {}",
                           view.message.method_text(),
                           endpoint_text(view.event.flow.remote),
                           endpoint_text(view.event.flow.local));
    }

    std::string operator()(const shm::ResponseView& view) const {
        return fmt::format("response {} {} user={}",
                           view.message.status_code(),
                           view.message.method_text(),
                           view.event.user);
    }

    std::string operator()(const shm::CancelView&) const { return "cancel"; }

    std::string operator()(const shm::AckView&) const { return "ack"; }

    std::string operator()(const shm::StrayView& view) const {
        return fmt::format("stray {}", view.message.method_text());
    }

    std::string operator()(const shm::OrphanView& view) const {
        return fmt::format("orphan {} {}{}{}",
                           orphan_name(view.event.kind),
                           sipparse::method_name(view.message.method()),
                           view.to_tag.empty() ? "" : " tag=",
                           view.to_tag);
    }

    std::string operator()(const shm::TimeoutView& view) const {
        return fmt::format("timeout {} user={}", timeout_name(view.event.kind), view.event.user);
    }

    std::string operator()(const shm::ClientSlotsView&) const { return {}; }
};

} // namespace

void ScriptedCore::keep(const shm::EventView& event) {
    if (const auto* const request = std::get_if<shm::RequestView>(&event)) {
        last_request_ = request->event.transaction;
        last_message_ = std::string(request->message.message());
        if (request->message.method() == sipparse::Method::Invite) {
            last_invite_ = last_request_;
            invite_message_ = last_message_;
        }
    } else if (const auto* const cancel = std::get_if<shm::CancelView>(&event)) {
        last_request_ = cancel->event.transaction;
        last_message_ = std::string(cancel->message.message());
    } else if (const auto* const orphan = std::get_if<shm::OrphanView>(&event)) {
        last_request_ = transaction::ServerHandle::unpack(orphan->event.handle);
        last_message_ = std::string(orphan->message.message());
    } else if (const auto* const slots = std::get_if<shm::ClientSlotsView>(&event)) {
        for (std::size_t i = 0; i < slots->slots.size(); ++i) {
            slots_.push_back(slots->slots[i]);
        }
    }
}

std::vector<std::string> ScriptedCore::events() {
    std::vector<std::string> told;
    shm::RingConsumer& ring = node_->core().events();
    while (const auto record = ring.peek()) {
        node_->core().commands().mark(record->trace); // as the core thread does
        const auto event = reader_.read(*record);
        if (!event) {
            throw std::runtime_error("unreadable event");
        }
        keep(event.value());
        std::string text = std::visit(Teller{}, event.value());
        if (!text.empty()) {
            told.push_back(std::move(text));
        }
        ring.release();
    }
    return told;
}

void ScriptedCore::answer(transaction::ServerHandle transaction, std::string_view words) {
    std::istringstream in{std::string(words)};
    shm::SendResponseCommand command;
    command.transaction = transaction;
    in >> command.status_code;
    std::string reason;
    std::getline(in >> std::ws, reason);
    const std::size_t option = reason.find(" reliable=");
    std::string rseq;
    std::array<sipparse::ExtraHeader, 1> headers;
    std::size_t header_count = 0;
    if (option != std::string::npos) {
        rseq = value_of(reason, "reliable");
        command.rseq = static_cast<std::uint32_t>(std::stoul(rseq));
        command.flags = shm::SendResponseCommand::ReliableProvisional;
        headers[0] = {.id = sipparse::HeaderId::RSeq, .value = rseq};
        header_count = 1;
        reason.resize(option);
    }
    const std::string& request = transaction == last_invite_ ? invite_message_ : last_message_;
    sipparse::MessageIndex index;
    (void)sipparse::index_datagram(request, index);
    std::array<char, 4'096> out{};
    const std::string_view message =
        sipparse::write_response({.bytes = request, .index = &index},
                                 {.status_code = command.status_code,
                                  .reason = reason,
                                  .to_tag = "core",
                                  .headers = std::span(headers).first(header_count)},
                                 out);
    if (!shm::write_send_response(node_->core().commands(), command, message)) {
        throw std::runtime_error("command ring is full");
    }
}

// The payload is the message; "{branch}" in it becomes the branch of the slot that is taken.
void ScriptedCore::send_request(std::string_view words, std::string_view payload) {
    std::istringstream in{std::string(words)};
    std::string target;
    in >> target;
    if (slots_.empty()) {
        throw std::runtime_error("no client slot");
    }
    last_sent_ = slots_.back();
    slots_.pop_back();
    const shm::RegionInfo& info = node_->node().region().info();
    std::array<char, transaction::kBranchBytes> branch{};
    transaction::write_branch(
        {.epoch = info.dataplane_epoch, .node = static_cast<std::uint8_t>(info.node), .worker = 0},
        last_sent_,
        info.branch_key,
        branch);
    std::string message(payload);
    const std::size_t at = message.find("{branch}");
    if (at != std::string::npos) {
        message.replace(at, 8, branch.data(), branch.size());
    }
    const std::string local = value_of(words, "local");
    shm::SendRequestCommand command;
    command.transaction = last_sent_;
    command.user = number_of(words, "user");
    command.flow.remote = base::parse_endpoint(target, 5060).value();
    command.flow.local = base::parse_endpoint(local.empty() ? "10.77.0.10" : local, 5060).value();
    if (!shm::write_send_request(node_->core().commands(), command, message)) {
        throw std::runtime_error("command ring is full");
    }
}

void ScriptedCore::command(std::string_view words, std::string_view payload) {
    const std::size_t blank = words.find(' ');
    const std::string_view verb = words.substr(0, blank);
    const std::string_view rest =
        blank == std::string_view::npos ? std::string_view{} : words.substr(blank + 1);
    shm::RingProducer& ring = node_->core().commands();
    if (verb == "answer") {
        answer(last_request_, rest);
    } else if (verb == "answer-invite") {
        answer(last_invite_, rest);
    } else if (verb == "request") {
        send_request(rest, payload);
    } else if (verb == "stop") {
        (void)shm::write_stop_repeating(
            ring,
            {.transaction = last_invite_,
             .rseq = static_cast<std::uint32_t>(number_of(rest, "rseq"))});
    } else if (verb == "garbage") {
        if (ring.claim(77, 8) != nullptr) {
            ring.commit(8);
        }
    } else if (verb == "deaf") {
        deaf_ = true;
    } else if (verb == "die") {
        node_->kill_core(node_->node().state().now);
        return;
    } else {
        throw std::runtime_error("unknown command of the core: " + std::string(words));
    }
    ring.publish();
}

} // namespace tandem::replay
