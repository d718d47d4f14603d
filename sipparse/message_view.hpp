// SPDX-License-Identifier: Apache-2.0
//
// MessageView: the bytes of a message and its index, read together. Owns nothing; both must outlive
// it (in shared memory: until the record is released). The index comes from index_datagram() in
// this process or went through validate()/copy_index(). All texts are views into the bytes. Used by
// the dataplane per packet and by the core per event; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sipparse/list_values.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::sipparse {

struct HeaderView {
    HeaderId id = HeaderId::Other;
    std::string_view name;  // as written in the message, possibly compact
    std::string_view value; // trimmed; may hold folds
};

class HeaderValues;
class HeaderListValues;

struct MessageView {
    std::string_view bytes;
    const MessageIndex* index = nullptr;

    [[nodiscard]] bool is_request() const noexcept { return index->kind == MessageKind::Request; }

    [[nodiscard]] bool is_response() const noexcept { return index->kind == MessageKind::Response; }

    // Requests: of the start line. Responses: of CSeq.
    [[nodiscard]] Method method() const noexcept { return index->method; }

    [[nodiscard]] std::string_view method_text() const noexcept {
        return slice(index->method_text);
    }

    [[nodiscard]] std::string_view request_uri() const noexcept {
        return slice(index->request_uri);
    }

    [[nodiscard]] std::uint16_t status_code() const noexcept { return index->status_code; }

    [[nodiscard]] std::string_view reason() const noexcept { return slice(index->reason); }

    [[nodiscard]] std::string_view body() const noexcept { return slice(index->body); }

    [[nodiscard]] std::uint32_t cseq_number() const noexcept { return index->cseq_number; }

    // The message without what follows its body in the datagram.
    [[nodiscard]] std::string_view message() const noexcept {
        return {bytes.data(), index->total_bytes};
    }

    [[nodiscard]] std::size_t header_count() const noexcept { return index->header_count; }

    // position < header_count(); in the order of the message.
    [[nodiscard]] HeaderView header(std::size_t position) const noexcept {
        const HeaderLine& line = index->lines[position];
        return {line.id, name_of(line), value_of(line)};
    }

    [[nodiscard]] bool has(HeaderId id) const noexcept { return has_header(*index, id); }

    // Value of the first line of that header, for a list the whole line. Not for Other.
    [[nodiscard]] std::optional<std::string_view> find(HeaderId id) const noexcept {
        const std::size_t line = first_line(id);
        if (id == HeaderId::Other || line == header_count()) {
            return std::nullopt;
        }
        return value_of(index->lines[line]);
    }

    // The same by name for headers the table does not know, any case.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

    // First element of the first line of a list header: the top Via, the top Route.
    [[nodiscard]] std::optional<std::string_view> find_first(HeaderId id) const noexcept;

    // Number of lines of that header.
    [[nodiscard]] std::size_t count(HeaderId id) const noexcept;

    // for (std::string_view value : view.each(id)): one value per line, in order.
    [[nodiscard]] HeaderValues each(HeaderId id) const noexcept;

    // for (std::string_view element : view.list(id)): one element per comma separated value over
    // all lines, in order; for headers that are no lists the same as each().
    [[nodiscard]] HeaderListValues list(HeaderId id) const noexcept;

    [[nodiscard]] std::string_view slice(ByteSpan span) const noexcept {
        return {bytes.data() + span.offset, span.bytes};
    }

    // As written, without white space before the colon.
    [[nodiscard]] std::string_view name_of(const HeaderLine& line) const noexcept;

    [[nodiscard]] std::string_view value_of(const HeaderLine& line) const noexcept {
        return {bytes.data() + line.value_offset, line.value_bytes};
    }

    // Number of the first line of that header, or header_count(). Also for Other.
    [[nodiscard]] std::size_t first_line(HeaderId id) const noexcept {
        const std::size_t row = static_cast<std::size_t>(id);
        const std::size_t line =
            row < kFirstLines && has_header(*index, id) ? index->first[row] : header_count();
        return line < header_count() ? line : header_count();
    }

    // Number of the next line of the same header, or header_count(). Numbers only grow, whatever
    // the index says.
    [[nodiscard]] std::size_t next_line(std::size_t line) const noexcept {
        const std::size_t next = index->lines[line].next;
        return next > line && next < header_count() ? next : header_count();
    }
};

class HeaderValues {
  public:
    HeaderValues(const MessageView& view, HeaderId id) noexcept : view_(view), id_(id) {}

    class Iterator {
      public:
        Iterator(const MessageView& view, HeaderId id) noexcept
            : view_(view), line_(view.first_line(id)) {}

        [[nodiscard]] std::string_view operator*() const noexcept {
            return view_.value_of(view_.index->lines[line_]);
        }

        Iterator& operator++() noexcept {
            line_ = view_.next_line(line_);
            return *this;
        }

        [[nodiscard]] bool operator==(EndOfRange /*end*/) const noexcept {
            return line_ >= view_.header_count();
        }

      private:
        MessageView view_;
        std::size_t line_;
    };

    [[nodiscard]] Iterator begin() const noexcept { return {view_, id_}; }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

  private:
    MessageView view_;
    HeaderId id_;
};

class HeaderListValues {
  public:
    HeaderListValues(const MessageView& view, HeaderId id) noexcept : view_(view), id_(id) {}

    class Iterator {
      public:
        Iterator(const MessageView& view, HeaderId id) noexcept;

        [[nodiscard]] std::string_view operator*() const noexcept {
            return is_list_ ? *elements_ : *lines_;
        }

        Iterator& operator++() noexcept;

        [[nodiscard]] bool operator==(EndOfRange end) const noexcept { return lines_ == end; }

      private:
        void skip_lines_without_elements() noexcept;

        HeaderValues::Iterator lines_;
        ListValues::Iterator elements_;
        bool is_list_;
    };

    [[nodiscard]] Iterator begin() const noexcept { return {view_, id_}; }

    [[nodiscard]] static EndOfRange end() noexcept { return {}; }

  private:
    MessageView view_;
    HeaderId id_;
};

} // namespace tandem::sipparse
