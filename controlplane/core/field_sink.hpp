// SPDX-License-Identifier: Apache-2.0
//
// Where the fields of an object, an input or an effect go, one after the other, with their names:
// into bytes that are kept or compared, or into text for people. What is written has a canonical
// order and holds no padding, no pointer and no place in a pool of texts, so that equal things give
// equal bytes in every process. Core thread, or whoever owns the core.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::controlplane {

// Names have static storage: a sink may keep them.
class FieldSink {
  public:
    FieldSink() = default;
    FieldSink(const FieldSink&) = delete;
    FieldSink& operator=(const FieldSink&) = delete;
    virtual ~FieldSink() = default;

    // What follows up to the next begin() belongs together. `kind` tells it apart in the bytes.
    virtual void begin(std::string_view name, std::uint8_t kind) = 0;
    virtual void number(std::string_view name, std::uint64_t value) = 0;
    virtual void text(std::string_view name, std::string_view value) = 0;
};

} // namespace tandem::controlplane
