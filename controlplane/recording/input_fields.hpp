// SPDX-License-Identifier: Apache-2.0
//
// Inputs of the core as fields, and back. One description of each kind of input serves both ways;
// a kind, or a member of one, that is added to core/input.hpp does not compile until it is
// described in input_fields.cpp. The index of a message is not kept: the reader makes it anew.
// Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "controlplane/core/field_sink.hpp"
#include "controlplane/core/input.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::controlplane::recording {

// A part of the sink whose kind is the place of the alternative in Input.
void write_input(FieldSink& sink, const Input& input);

class InputReader {
  public:
    // Nothing when these are not the bytes of one input. The views live as long as `bytes` and
    // until the next call.
    [[nodiscard]] std::optional<Input> read(std::string_view bytes);

  private:
    std::unique_ptr<sipparse::MessageIndex> index_ = std::make_unique<sipparse::MessageIndex>();
    std::vector<transaction::ClientHandle> slots_;
};

} // namespace tandem::controlplane::recording
