// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: the journal of bindings. The first byte says whether the rest is a file as it lies
// on the disk, or a script of whole records (with any body) and stretches of damage, so that the
// search gets behind the checksums. What is read must lie in the file, add up to it, and be what a
// plain fold of the records says. Built with libFuzzer.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "controlplane/io/journal_format.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

using controlplane::BindingChange;
using controlplane::JournalContent;
using controlplane::JournalHead;

constexpr std::uint64_t kSalt = 0x1122334455667788;

bool lies_in(std::string_view text, std::string_view file) {
    return text.empty() ||
           (text.data() >= file.data() && text.data() + text.size() <= file.data() + file.size());
}

std::string body_text(const BindingChange& change) {
    std::array<std::byte, controlplane::kJournalBodyBytesMax> body;
    const auto bytes = controlplane::write_body(change, body);
    require(bytes > 0); // what was read can be written
    const auto again = controlplane::read_body(std::span<const std::byte>(body).first(bytes));
    require(again && again->number == change.number && again->contact_uri == change.contact_uri &&
            again->call_id_hash == change.call_id_hash && again->flow == change.flow &&
            again->source == change.source && again->cseq == change.cseq &&
            again->via_source == change.via_source &&
            again->expires_wall_ns == change.expires_wall_ns);
    return {reinterpret_cast<const char*>(body.data()), bytes};
}

JournalContent check_file(const Piece& file) {
    auto content = controlplane::read_journal(file.as_bytes());
    if (content.head != JournalHead::Good) {
        require(content.bindings.empty() && content.records == 0);
        require((content.head == JournalHead::Empty) == (file.size() == 0));
        require(!controlplane::sentence(content).empty());
        return content;
    }
    require(content.whole_bytes >= controlplane::kJournalHeaderBytes);
    require(content.whole_bytes + content.torn_bytes == file.size());
    require(content.bindings.size() <= content.records);
    for (const auto& binding : content.bindings) {
        require(binding.expires_wall_ns != 0);
        require(lies_in(binding.number, file.text()) && lies_in(binding.contact_uri, file.text()));
        body_text(binding);
    }
    return content;
}

// What a file must say, kept beside its bytes.
class Model {
  public:
    Model() : bytes_(controlplane::kJournalHeaderBytes) {
        controlplane::write_journal_header(kSalt,
                                           std::span<std::byte, controlplane::kJournalHeaderBytes>(
                                               bytes_.data(), controlplane::kJournalHeaderBytes));
    }

    void record(const Piece& body) {
        controlplane::append_record(kSalt, body.as_bytes(), bytes_);
        if (body.size() == 0 || body.size() > controlplane::kJournalBodyBytesMax) {
            damaged_ = true; // no record: the reader takes it for damage
            return;
        }
        corrupt_ += std::exchange(damaged_, false) ? 1U : 0U;
        const auto change = controlplane::read_body(body.as_bytes());
        if (!change) {
            ++corrupt_;
            return;
        }
        ++records_;
        std::erase_if(live_, [&](const auto& kept) {
            return kept.number == change->number && kept.contact == change->contact_uri;
        });
        if (change->expires_wall_ns != 0) {
            live_.push_back({std::string(change->number),
                             std::string(change->contact_uri),
                             body_text(*change)});
        }
    }

    void damage(const Piece& bytes) {
        const auto damage = bytes.as_bytes();
        bytes_.insert(bytes_.end(), damage.begin(), damage.end());
        damaged_ = damaged_ || !damage.empty();
    }

    void check() const {
        const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes_.data());
        const Piece file({begin, bytes_.size()});
        const auto content = check_file(file);
        require(content.head == JournalHead::Good && content.salt == kSalt);
        require(content.records == records_ && content.corrupt == corrupt_);
        require((content.torn_bytes > 0) == damaged_);
        require(content.bindings.size() == live_.size());
        for (std::size_t i = 0; i < live_.size(); ++i) {
            require(body_text(content.bindings[i]) == live_[i].body);
        }
    }

  private:
    struct Live {
        std::string number;
        std::string contact;
        std::string body;
    };

    std::vector<std::byte> bytes_;
    std::vector<Live> live_;
    std::uint64_t records_ = 0;
    std::uint64_t corrupt_ = 0;
    bool damaged_ = false; // since the last record
};

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tandem::fuzz::Input input(data, size);
    if (input.number<std::uint8_t>() % 2 == 0) {
        tandem::fuzz::check_file(input.rest());
        return 0;
    }
    tandem::fuzz::Model model;
    while (!input.is_empty()) {
        const bool is_record = input.number<std::uint8_t>() % 4 != 0;
        const auto bytes = input.piece(input.number<std::uint16_t>() % 512);
        is_record ? model.record(bytes) : model.damage(bytes);
    }
    model.check();
    return 0;
}
