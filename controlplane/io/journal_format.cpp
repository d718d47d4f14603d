// SPDX-License-Identifier: Apache-2.0
//
// Writes and reads the bytes of the journal. Every length is checked before it is used.
#include "controlplane/io/journal_format.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <unordered_map>

#include "base/siphash.hpp"

namespace tandem::controlplane {

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::array<char, 8> kMagic = {'T', 'N', 'D', 'M', 'J', 'R', 'N', 'L'};
// Its second byte is 0, which no SIP URI holds.
constexpr std::uint16_t kRecordMagic = 0x00B1;
constexpr std::uint8_t kBindingBody = 1;
constexpr std::uint8_t kViaSource = 1;
constexpr std::uint64_t kChecksumKey = 0x4A6F75726E616C31;

class Writer {
  public:
    explicit Writer(std::byte* at) : at_(at) {}

    template <typename Number>
    void put(Number number) {
        for (std::size_t i = 0; i < sizeof number; ++i) {
            *at_++ = static_cast<std::byte>(number >> (8 * i));
        }
    }

    void put(std::string_view text) {
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }

    [[nodiscard]] std::byte* at() const { return at_; }

  private:
    std::byte* at_;
};

// Reads behind checks of its caller.
class Reader {
  public:
    explicit Reader(Bytes bytes) : bytes_(bytes) {}

    template <typename Number>
    Number take() {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < sizeof(Number); ++i) {
            number |= std::to_integer<std::uint64_t>(bytes_[i]) << (8 * i);
        }
        bytes_ = bytes_.subspan(sizeof(Number));
        return static_cast<Number>(number);
    }

    std::string_view text(std::size_t length) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes seen as characters
        const std::string_view text(reinterpret_cast<const char*>(bytes_.data()), length);
        bytes_ = bytes_.subspan(length);
        return text;
    }

    [[nodiscard]] std::size_t left() const { return bytes_.size(); }

  private:
    Bytes bytes_;
};

std::string_view as_text(Bytes bytes) {
    return Reader(bytes).text(bytes.size());
}

std::uint64_t header_checksum(Bytes header) {
    return base::siphash({.low = kChecksumKey, .high = 0},
                         as_text(header.first(kJournalHeaderBytes - sizeof(std::uint64_t))));
}

std::uint64_t body_checksum(std::uint64_t salt, Bytes body) {
    return base::SipHash({.low = kChecksumKey, .high = salt})
        .add(std::uint64_t{body.size()})
        .add(as_text(body))
        .finish();
}

void read_head(Bytes bytes, JournalContent& content) {
    if (bytes.empty()) {
        content.head = JournalHead::Empty;
        return;
    }
    content.head = JournalHead::Foreign;
    const auto magic_bytes = std::min(bytes.size(), kMagic.size());
    if (std::memcmp(bytes.data(), kMagic.data(), magic_bytes) != 0) {
        return;
    }
    content.head = JournalHead::Damaged;
    Reader reader(bytes.subspan(magic_bytes));
    if (reader.left() < 2 * sizeof(std::uint32_t)) {
        return;
    }
    content.version = reader.take<std::uint32_t>();
    const auto header_bytes = reader.take<std::uint32_t>();
    if (content.version != kJournalVersion) {
        content.head = JournalHead::OtherVersion;
        return;
    }
    if (header_bytes != kJournalHeaderBytes || bytes.size() < kJournalHeaderBytes) {
        return;
    }
    content.salt = reader.take<std::uint64_t>();
    if (reader.take<std::uint64_t>() == header_checksum(bytes.first(kJournalHeaderBytes))) {
        content.head = JournalHead::Good;
    }
}

// The body of the whole record at the beginning of `bytes`; empty when none stands there.
Bytes body_at(std::uint64_t salt, Bytes bytes) {
    if (bytes.size() < kJournalFrameBytes) {
        return {};
    }
    Reader reader(bytes);
    const auto magic = reader.take<std::uint16_t>();
    const std::size_t body_bytes = reader.take<std::uint16_t>();
    const auto checksum = reader.take<std::uint64_t>();
    if (magic != kRecordMagic || body_bytes > kJournalBodyBytesMax || body_bytes > reader.left()) {
        return {};
    }
    const auto body = bytes.subspan(kJournalFrameBytes, body_bytes);
    return checksum == body_checksum(salt, body) ? body : Bytes{};
}

// What names a binding, as a key.
struct BindingName {
    std::string_view number;
    std::string_view contact_uri;

    bool operator==(const BindingName&) const = default;
};

// Phones choose Contacts, so the hash is keyed.
struct BindingNameHash {
    std::size_t operator()(const BindingName& name) const {
        return base::SipHash({.low = kChecksumKey, .high = salt})
            .add(std::uint64_t{name.number.size()})
            .add(name.number)
            .add(name.contact_uri)
            .finish();
    }

    std::uint64_t salt = 0;
};

// Keeps the last change of each binding.
class Fold {
  public:
    explicit Fold(std::uint64_t salt) : last_(0, BindingNameHash{salt}) {}

    void add(const BindingChange& change) {
        const BindingName name{.number = change.number, .contact_uri = change.contact_uri};
        const auto [place, is_new] = last_.try_emplace(name, changes_.size());
        if (!is_new) {
            changes_[place->second].expires_wall_ns = 0;
            place->second = changes_.size();
        }
        changes_.push_back(change);
    }

    [[nodiscard]] std::vector<BindingChange> take() {
        std::erase_if(changes_, [](const auto& change) { return change.expires_wall_ns == 0; });
        return std::move(changes_);
    }

  private:
    std::vector<BindingChange> changes_;
    std::unordered_map<BindingName, std::size_t, BindingNameHash> last_; // into changes_
};

} // namespace

JournalContent read_journal(std::span<const std::byte> bytes) {
    JournalContent content;
    read_head(bytes, content);
    if (content.head != JournalHead::Good) {
        return content;
    }
    Fold fold(content.salt);
    std::size_t at = kJournalHeaderBytes;
    content.whole_bytes = at;
    while (at < bytes.size()) {
        const auto body = body_at(content.salt, bytes.subspan(at));
        if (body.empty()) {
            ++at; // a record may begin anywhere behind the damage
            continue;
        }
        content.corrupt += at > content.whole_bytes ? 1U : 0U;
        if (const auto change = read_body(body)) {
            fold.add(*change);
            ++content.records;
        } else {
            ++content.corrupt;
        }
        at += kJournalFrameBytes + body.size();
        content.whole_bytes = at;
    }
    content.torn_bytes = bytes.size() - content.whole_bytes;
    content.bindings = fold.take();
    return content;
}

std::string sentence(const JournalContent& content) {
    switch (content.head) {
    case JournalHead::Good:
    case JournalHead::Empty:
        break;
    case JournalHead::Foreign:
        return "is no journal of bindings";
    case JournalHead::OtherVersion:
        return fmt::format("is a journal of version {}, this release reads version {}",
                           content.version,
                           kJournalVersion);
    case JournalHead::Damaged:
        return "is a journal whose header is damaged";
    }
    return "is good";
}

void write_journal_header(std::uint64_t salt, std::span<std::byte, kJournalHeaderBytes> out) {
    Writer writer(out.data());
    writer.put(std::string_view(kMagic.data(), kMagic.size()));
    writer.put(kJournalVersion);
    writer.put(static_cast<std::uint32_t>(kJournalHeaderBytes));
    writer.put(salt);
    writer.put(header_checksum(out));
}

std::size_t write_body(const BindingChange& change,
                       std::span<std::byte, kJournalBodyBytesMax> out) {
    if (change.number.size() > kJournalNumberBytesMax ||
        change.contact_uri.size() > kContactUriBytesMax) {
        return 0;
    }
    Writer writer(out.data());
    writer.put(kBindingBody);
    writer.put(change.via_source ? kViaSource : std::uint8_t{0});
    writer.put(static_cast<std::uint8_t>(change.number.size()));
    writer.put(static_cast<std::uint8_t>(change.contact_uri.size()));
    writer.put(change.cseq);
    writer.put(change.call_id_hash);
    writer.put(change.expires_wall_ns);
    writer.put(change.flow.address.value);
    writer.put(change.flow.port);
    writer.put(change.source.port);
    writer.put(change.source.address.value);
    writer.put(change.number);
    writer.put(change.contact_uri);
    return static_cast<std::size_t>(writer.at() - out.data());
}

std::optional<BindingChange> read_body(std::span<const std::byte> body) {
    if (body.size() < kJournalBodyFixedBytes) {
        return std::nullopt;
    }
    Reader reader(body);
    const auto kind = reader.take<std::uint8_t>();
    const auto flags = reader.take<std::uint8_t>();
    const std::size_t number_bytes = reader.take<std::uint8_t>();
    const std::size_t contact_bytes = reader.take<std::uint8_t>();
    if (kind != kBindingBody || number_bytes > kJournalNumberBytesMax ||
        body.size() != kJournalBodyFixedBytes + number_bytes + contact_bytes) {
        return std::nullopt;
    }
    BindingChange change;
    change.via_source = (flags & kViaSource) != 0;
    change.cseq = reader.take<std::uint32_t>();
    change.call_id_hash = reader.take<std::uint64_t>();
    change.expires_wall_ns = reader.take<std::uint64_t>();
    change.flow.address.value = reader.take<std::uint32_t>();
    change.flow.port = reader.take<std::uint16_t>();
    change.source.port = reader.take<std::uint16_t>();
    change.source.address.value = reader.take<std::uint32_t>();
    change.number = reader.text(number_bytes);
    change.contact_uri = reader.text(contact_bytes);
    return change;
}

void append_record(std::uint64_t salt,
                   std::span<const std::byte> body,
                   std::vector<std::byte>& out) {
    const auto begin = out.size();
    out.resize(begin + kJournalFrameBytes + body.size());
    Writer writer(out.data() + begin);
    writer.put(kRecordMagic);
    writer.put(static_cast<std::uint16_t>(body.size()));
    writer.put(body_checksum(salt, body));
    std::memcpy(writer.at(), body.data(), body.size());
}

} // namespace tandem::controlplane
