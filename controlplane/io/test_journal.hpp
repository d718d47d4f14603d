// SPDX-License-Identifier: Apache-2.0
//
// For tests of the journal: bindings by number, files as bytes, and a registrar reduced to a list.
// Never part of a process.
#pragma once

#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include "controlplane/core/test_message.hpp"
#include "controlplane/io/journal.hpp"
#include "controlplane/io/test_dataplane.hpp"

namespace tandem::controlplane {

using JournalBytes = std::vector<std::byte>;

// A change that owns its texts.
struct OwnedBinding {
    std::string number;
    std::string contact;
    BindingChange change;

    // Binding `i` of the DN 1000 + i; `expires` 0 removes it.
    static OwnedBinding of(std::uint32_t i, base::WallNs expires = 1'700'000'000 * base::kNsPerS) {
        OwnedBinding owned;
        owned.number = std::to_string(1000 + i);
        owned.contact = "sip:" + owned.number + "@10.77.0.100:5062;ob";
        owned.change.call_id_hash = 0x1122334455667788 + i;
        owned.change.flow = endpoint_of("10.77.0.100:5062");
        owned.change.source = endpoint_of("203.0.113.9:41000");
        owned.change.cseq = 7 + i;
        owned.change.via_source = i % 2 == 1;
        owned.change.expires_wall_ns = expires;
        return owned;
    }

    static OwnedBinding copy(const BindingChange& change) {
        return {.number = std::string(change.number),
                .contact = std::string(change.contact_uri),
                .change = change};
    }

    [[nodiscard]] BindingChange view() const {
        auto view = change;
        view.number = number;
        view.contact_uri = contact;
        return view;
    }

    [[nodiscard]] std::string text() const {
        std::string endpoints(2 * base::kEndpointTextBytesMax, ' ');
        base::write_endpoint(change.source, base::write_endpoint(change.flow, endpoints.data()));
        return number + " " + contact + " " + endpoints + " " + std::to_string(change.cseq) + " " +
               std::to_string(change.call_id_hash) + " " + std::to_string(change.via_source) + " " +
               std::to_string(change.expires_wall_ns);
    }
};

inline std::string text_of(const BindingChange& change) {
    return OwnedBinding::copy(change).text();
}

inline std::vector<std::string> texts_of(std::span<const BindingChange> changes) {
    std::vector<std::string> texts;
    for (const auto& change : changes) {
        texts.push_back(text_of(change));
    }
    return texts;
}

inline std::vector<std::string> texts_of(const std::vector<OwnedBinding>& bindings) {
    std::vector<std::string> texts;
    for (const auto& binding : bindings) {
        texts.push_back(binding.text());
    }
    return texts;
}

inline JournalBytes body_of(const BindingChange& change) {
    std::array<std::byte, kJournalBodyBytesMax> body;
    const auto bytes = write_body(change, body);
    return {body.begin(), body.begin() + static_cast<std::ptrdiff_t>(bytes)};
}

inline JournalBytes header_bytes(std::uint64_t salt) {
    std::array<std::byte, kJournalHeaderBytes> header;
    write_journal_header(salt, header);
    return {header.begin(), header.end()};
}

// A file with these changes.
inline JournalBytes journal_bytes(const std::vector<OwnedBinding>& changes,
                                  std::uint64_t salt = 99) {
    auto bytes = header_bytes(salt);
    for (const auto& change : changes) {
        append_record(salt, body_of(change.view()), bytes);
    }
    return bytes;
}

inline JournalBytes file_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

inline void write_file(const std::string& path, std::span<const std::byte> bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

// The bindings of a list instead of a registrar's; `read_hook` runs after each page, as steps of
// the core do.
class ListedBindings final : public BindingSource {
  public:
    [[nodiscard]] std::optional<Numbers> numbers() override {
        const std::lock_guard lock(mutex_);
        return answers_ ? std::optional(Numbers{.in_use = bindings_.size(), .restored = restored_})
                        : std::nullopt;
    }

    [[nodiscard]] std::optional<bool> read(std::uint32_t& cursor, BodyPage& page) override {
        page.clear();
        bool at_end = false;
        {
            const std::lock_guard lock(mutex_);
            if (!answers_) {
                return std::nullopt;
            }
            for (std::size_t row = 0; row < page_rows && cursor < bindings_.size(); ++row) {
                page.add(bindings_[cursor++].view());
            }
            at_end = cursor >= bindings_.size();
        }
        if (read_hook) {
            read_hook();
        }
        return at_end;
    }

    void set(std::vector<OwnedBinding> bindings) {
        const std::lock_guard lock(mutex_);
        bindings_ = std::move(bindings);
    }

    void set_restored(std::uint64_t restored) {
        const std::lock_guard lock(mutex_);
        restored_ = restored;
    }

    void set_answers(bool answers) {
        const std::lock_guard lock(mutex_);
        answers_ = answers;
    }

    std::size_t page_rows = BodyPage::kRowsMax;
    std::function<void()> read_hook;

  private:
    std::mutex mutex_;
    std::vector<OwnedBinding> bindings_;
    std::uint64_t restored_ = 0;
    bool answers_ = true;
};

} // namespace tandem::controlplane
