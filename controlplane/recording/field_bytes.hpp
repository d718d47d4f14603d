// SPDX-License-Identifier: Apache-2.0
//
// Fields as canonical bytes. FieldBytes keeps the bytes alone, which is what the recorder writes on
// the core thread; NamedBytes also keeps where each field lies and how it is called, which is what
// a comparison needs to say where two sides differ. One thread uses one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "controlplane/core/field_sink.hpp"
#include "controlplane/recording/bytes.hpp"

namespace tandem::controlplane::recording {

class FieldBytes : public FieldSink {
  public:
    void begin(std::string_view /*name*/, std::uint8_t kind) override {
        bytes_.push_back(static_cast<char>(kind));
    }

    void number(std::string_view /*name*/, std::uint64_t value) override {
        put_number(bytes_, value);
    }

    void text(std::string_view /*name*/, std::string_view value) override {
        put_text(bytes_, value);
    }

    virtual void clear() { bytes_.clear(); }

    [[nodiscard]] const std::string& bytes() const { return bytes_; }

  protected:
    std::string bytes_;
};

class NamedBytes final : public FieldBytes {
  public:
    // One that was begun: an object, an effect, an input.
    struct Part {
        std::string_view name;
        std::uint8_t kind = 0;
        std::size_t offset = 0; // of its kind
        std::size_t first_field = 0;
    };

    struct Field {
        std::string_view name;
        std::size_t offset = 0;
        bool is_text = false;
    };

    void begin(std::string_view name, std::uint8_t kind) override {
        parts_.push_back(
            {.name = name, .kind = kind, .offset = bytes_.size(), .first_field = fields_.size()});
        FieldBytes::begin(name, kind);
    }

    void number(std::string_view name, std::uint64_t value) override {
        fields_.push_back({.name = name, .offset = bytes_.size(), .is_text = false});
        FieldBytes::number(name, value);
    }

    void text(std::string_view name, std::string_view value) override {
        fields_.push_back({.name = name, .offset = bytes_.size(), .is_text = true});
        FieldBytes::text(name, value);
    }

    void clear() override {
        FieldBytes::clear();
        parts_.clear();
        fields_.clear();
    }

    [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }

    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

    // The bytes of one part, its kind included. position < parts().size()
    [[nodiscard]] std::string_view part_bytes(std::size_t position) const {
        const auto begin = parts_[position].offset;
        const auto end = position + 1 < parts_.size() ? parts_[position + 1].offset : bytes_.size();
        return std::string_view(bytes_).substr(begin, end - begin);
    }

  private:
    std::vector<Part> parts_;
    std::vector<Field> fields_;
};

// Where `other` first differs from `own`, for people: which part, which field, and what each side
// has there. The bytes of the other side may be anything. Empty when they are equal.
[[nodiscard]] std::string first_difference(const NamedBytes& own, std::string_view other);

// "name=value name=value" of one part, messages on lines of their own.
[[nodiscard]] std::string part_text(const NamedBytes& bytes, std::size_t position);

} // namespace tandem::controlplane::recording
