// SPDX-License-Identifier: Apache-2.0
//
// Writes what the core remembers, object by object and field by field, so that two cores can be
// compared and one can tell the other. A member that is added to an object does not compile until
// it is written here. Between steps; core thread only.
#pragma once

#include "controlplane/core/core_state.hpp"
#include "controlplane/core/field_sink.hpp"

namespace tandem::controlplane {

// Added to the kind of an object that is no more; its key is all that follows.
constexpr std::uint8_t kGoneKind = 0x80;

// Each object that ever changed, in the order of their places.
void write_objects(const CoreState& core, FieldSink& sink);
// The core's own object.
void write_core(const CoreState& core, FieldSink& sink);
// The objects the last step changed, each with its key and version first; or the core and every
// object, when more changed than is listed.
void write_changed_objects(const CoreState& core, FieldSink& sink);

// call/call_fields.cpp
void write_call(const CoreState& core, const Call& call, FieldSink& sink);

} // namespace tandem::controlplane
