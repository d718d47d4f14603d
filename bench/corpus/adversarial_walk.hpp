// SPDX-License-Identifier: Apache-2.0
//
// What a switch does with what it gets, over an adversarial input: for a message the index, the
// keys, every check, every element of every list, the refusal and the message passed on; for others
// what reads them. The torture tests compare the outcome, bench/parse measures the same walk. One
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "bench/corpus/adversarial.hpp"
#include "sipparse/index.hpp"
#include "sipparse/message_keys.hpp"
#include "sipparse/request_check.hpp"
#include "sipparse/sdp.hpp"
#include "sipparse/sip_uri.hpp"
#include "sipparse/stream_framer.hpp"
#include "sipparse/tel_uri.hpp"
#include "sipparse/write_sdp.hpp"
#include "sipparse/writer.hpp"

namespace tandem::bench {

struct AdversarialOutcome {
    std::string_view error = {};  // a sentence: of stage 1, the description, the URI or the framer
    bool has_keys = false;        // of a message
    std::string_view defect = {}; // what check_request() says
    std::string_view malformed = {}; // the header check_headers() refuses, if any
    std::size_t elements = 0;        // of all lists; medias; parameters; bytes fed
    bool is_equal = false;           // a URI and the same one written otherwise
    std::size_t written = 0;         // texts that were asked for, and there was something to write
};

class AdversarialWalk {
  public:
    AdversarialWalk(const AdversarialCase& row, std::size_t bytes)
        : kind_(row.kind), text_(row.make(bytes)), other_(text_) {
        if (kind_ == AdversarialKind::SipUri) {
            other_.replace(other_.find('u'), 1, "%75");
        } else if (kind_ == AdversarialKind::TelUri) {
            other_.insert(other_.find('+') + 1, "-");
        }
    }

    [[nodiscard]] std::string_view text() const { return text_; }

    // By that implementation of stage 1.
    AdversarialOutcome walk(sipparse::Implementation implementation) {
        switch (kind_) {
        case AdversarialKind::Message:
            return walk_message(implementation);
        case AdversarialKind::Sdp:
            return walk_description();
        case AdversarialKind::SipUri:
            return walk_sip_uris();
        case AdversarialKind::TelUri:
            return walk_tel_uris();
        case AdversarialKind::Stream:
            break;
        }
        return walk_stream();
    }

  private:
    static constexpr std::string_view kRefused = "refused";
    static constexpr std::string_view kAccepted = "accepted";

    AdversarialOutcome walk_message(sipparse::Implementation implementation) {
        AdversarialOutcome outcome;
        const auto error = sipparse::index_datagram_with(implementation, text_, index_);
        const sipparse::MessageView view{text_, &index_};
        outcome.error = sipparse::sentence(error);
        outcome.has_keys = sipparse::read_key_parts(view).has_value();
        const sipparse::RequestRules rules{.takes_sips = true, .follows_route = true};
        outcome.defect = sipparse::sentence(sipparse::check_request(view, rules));
        const sipparse::Defect malformed = sipparse::check_headers(view);
        outcome.malformed =
            malformed ? sipparse::header_row(malformed.header).name : std::string_view{};
        for (std::size_t line = 0; line < view.header_count(); ++line) {
            const sipparse::HeaderView header = view.header(line);
            if (sipparse::header_row(header.id).is_list) {
                outcome.elements += count(sipparse::ListValues(header.value));
            }
        }
        outcome.written = write_message(view);
        return outcome;
    }

    // The refusal, its Unsupported, and what a proxy would pass on.
    std::size_t write_message(const sipparse::MessageView& view) {
        constexpr auto kEdits = std::to_array<sipparse::HeaderEdit>({
            {.kind = sipparse::EditKind::RemoveFirst, .id = sipparse::HeaderId::Via},
            {.kind = sipparse::EditKind::Replace,
             .id = sipparse::HeaderId::MaxForwards,
             .value = "69"},
        });
        const std::string_view refusal = sipparse::write_response(
            view, {.status_code = 400, .reason = "Bad Request", .to_tag = "t"}, out_);
        const std::string_view unsupported = sipparse::write_unsupported(view, {}, out_);
        const std::string_view passed_on = sipparse::write_edited(view, {.headers = kEdits}, out_);
        return (refusal.empty() ? 0U : 1U) + (unsupported.empty() ? 0U : 1U) +
               (passed_on.empty() ? 0U : 1U);
    }

    AdversarialOutcome walk_description() {
        AdversarialOutcome outcome;
        const auto result = sipparse::parse_sdp(text_);
        outcome.error = sipparse::sentence(result.error);
        outcome.elements = count(result.sdp.medias());
        if (result.error == sipparse::SdpError::None) {
            const auto held =
                std::to_array<sipparse::SdpEdit>({{.direction = sipparse::SdpDirection::Inactive}});
            outcome.written =
                sipparse::write_sdp(result.sdp, {.medias = held}, out_).empty() ? 0 : 1;
        }
        return outcome;
    }

    AdversarialOutcome walk_sip_uris() {
        AdversarialOutcome outcome;
        const auto uri = sipparse::parse_sip_uri(text_);
        const auto other = sipparse::parse_sip_uri(other_);
        outcome.error = uri && other ? kAccepted : kRefused;
        if (uri && other) {
            outcome.elements = count(uri->params);
            outcome.is_equal = sipparse::uri_equals(*uri, *other);
        }
        return outcome;
    }

    AdversarialOutcome walk_tel_uris() {
        AdversarialOutcome outcome;
        const auto uri = sipparse::parse_tel_uri(text_);
        const auto other = sipparse::parse_tel_uri(other_);
        outcome.error = uri && other ? kAccepted : kRefused;
        if (uri && other) {
            outcome.elements = count(uri->params);
            outcome.is_equal = sipparse::tel_equals(*uri, *other);
        }
        return outcome;
    }

    AdversarialOutcome walk_stream() {
        AdversarialOutcome outcome;
        sipparse::StreamFramer framer;
        sipparse::Frame frame;
        while (outcome.elements < text_.size() && frame.error == sipparse::FrameError::None &&
               !frame.is_whole) {
            ++outcome.elements;
            frame = framer.look({text_.data(), outcome.elements});
        }
        outcome.error = sipparse::sentence(frame.error);
        return outcome;
    }

    template <typename Range>
    static std::size_t count(const Range& range) {
        std::size_t elements = 0;
        for ([[maybe_unused]] const auto& element : range) {
            ++elements;
        }
        return elements;
    }

    AdversarialKind kind_;
    std::string text_;
    std::string other_;
    sipparse::MessageIndex index_;
    std::array<char, 3 * sipparse::kMessageBytesMax> out_; // more than any of them asks for
};

} // namespace tandem::bench
