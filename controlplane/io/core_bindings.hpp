// SPDX-License-Identifier: Apache-2.0
//
// The registrar as the journal sees it: asked through the core thread, a page between two steps, so
// that writing 200,000 bindings never holds up a call. The journal's thread.
#pragma once

#include "controlplane/io/core_thread.hpp"
#include "controlplane/io/journal.hpp"

namespace tandem::controlplane {

class CoreBindings final : public BindingSource {
  public:
    explicit CoreBindings(CoreThread& thread) : thread_(thread) {}

    [[nodiscard]] std::optional<Numbers> numbers() override;
    [[nodiscard]] std::optional<bool> read(std::uint32_t& dn_cursor, BodyPage& page) override;

  private:
    CoreThread& thread_;
};

} // namespace tandem::controlplane
