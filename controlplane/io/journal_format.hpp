// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the journal of bindings: how a change is written, and what a file of any bytes says.
// Pure functions over bytes, any thread; what happens to files is in journal_file.hpp. A file is a
// header and one record per change, appended; the last record of a binding (DN and Contact text)
// counts. Numbers are little endian.
//
//   header   "TNDMJRNL"  version:4  header bytes:4  salt:8  checksum:8
//   record   0x00B1:2  body bytes:2  checksum:8  body
//   body     1:1  flags:1  number bytes:1  contact bytes:1  cseq:4  call id hash:8  expires:8
//            flow address:4  flow port:2  source port:2  source address:4  number  contact
//
// Checksums are SipHash-2-4, keyed for records with the salt, so that no bytes of another file and
// nothing a phone may put into a Contact passes for a record. After damage the reader goes on at
// the next place where a whole record stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/option_value.hpp"
#include "controlplane/core/effects.hpp"
#include "controlplane/core/registrar.hpp"

namespace tandem::controlplane {

constexpr std::uint32_t kJournalVersion = 1;
constexpr std::size_t kJournalHeaderBytes = 32;
constexpr std::size_t kJournalFrameBytes = 12; // in front of each body
constexpr std::size_t kJournalBodyFixedBytes = 36;
constexpr std::size_t kJournalNumberBytesMax = config::kDnNameBytesMax;
constexpr std::size_t kJournalBodyBytesMax =
    kJournalBodyFixedBytes + kJournalNumberBytesMax + kContactUriBytesMax;

static_assert(config::kNumberDigitsMax <= kJournalNumberBytesMax);
static_assert(kContactUriBytesMax <= 255 && kJournalNumberBytesMax <= 255, "lengths of one byte");

// What the first bytes of a file say about the rest.
enum class JournalHead : std::uint8_t {
    Good,
    Empty,        // no byte: never written
    Foreign,      // no journal
    OtherVersion, // a journal of another release
    Damaged,      // a journal whose header does not hold
};

// What a file says; views point into its bytes.
struct JournalContent {
    JournalHead head = JournalHead::Empty;
    std::uint32_t version = 0;           // of Good and OtherVersion
    std::uint64_t salt = 0;              // of Good
    std::vector<BindingChange> bindings; // what holds at the end, in the order of its last change
    std::uint64_t records = 0;           // that were read
    std::uint64_t corrupt = 0;           // stretches that were skipped, and bodies without sense
    std::size_t whole_bytes = 0;         // behind the last whole record; after it the file is torn
    std::size_t torn_bytes = 0;
};

// Reads any bytes; never fails. The entry point of the fuzz target.
[[nodiscard]] JournalContent read_journal(std::span<const std::byte> bytes);

// Why a head other than Good and Empty is refused, as the end of a sentence about the file.
[[nodiscard]] std::string sentence(const JournalContent& content);

void write_journal_header(std::uint64_t salt, std::span<std::byte, kJournalHeaderBytes> out);

// The body of a change; returns its length. 0: a text is longer than its bound, which the registrar
// never accepts.
[[nodiscard]] std::size_t write_body(const BindingChange& change,
                                     std::span<std::byte, kJournalBodyBytesMax> out);
// The change of a body; nothing when it makes no sense.
[[nodiscard]] std::optional<BindingChange> read_body(std::span<const std::byte> body);

// Appends the record of a body to `out`.
void append_record(std::uint64_t salt,
                   std::span<const std::byte> body,
                   std::vector<std::byte>& out);

} // namespace tandem::controlplane
