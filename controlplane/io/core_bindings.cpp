// SPDX-License-Identifier: Apache-2.0
//
// Bodies are written inside the query, because the views of a binding end with it.
#include "controlplane/io/core_bindings.hpp"

#include <array>

#include "controlplane/core/directory.hpp"
#include "controlplane/core/registrar.hpp"

namespace tandem::controlplane {

std::optional<BindingSource::Numbers> CoreBindings::numbers() {
    Numbers numbers;
    const bool answered = thread_.query([&](const Core& core, const Now&) {
        numbers.in_use = core.registrar().in_use();
        numbers.restored = core.counters().value(CoreCounter::BindingsRestored) -
                           core.counters().value(CoreCounter::RestoreOverMaxContacts);
    });
    return answered ? std::optional(numbers) : std::nullopt;
}

std::optional<bool> CoreBindings::read(std::uint32_t& dn_cursor, BodyPage& page) {
    page.clear();
    bool at_end = false;
    const bool answered = thread_.query([&](const Core& core, const Now&) {
        std::array<BindingView, BodyPage::kRowsMax> views;
        const auto count = core.registrar().list_by_dn(dn_cursor, views);
        for (std::size_t i = 0; i < count; ++i) {
            const auto& view = views[i];
            page.add({.number = core.directory().dn(view.dn).number,
                      .contact_uri = view.contact_uri,
                      .call_id_hash = view.call_id_hash,
                      .flow = view.destination,
                      .source = view.source,
                      .cseq = view.cseq,
                      .via_source = view.via_source,
                      .expires_wall_ns = view.expires_wall_ns});
        }
        at_end = dn_cursor == core.directory().dn_count();
    });
    return answered ? std::optional(at_end) : std::nullopt;
}

} // namespace tandem::controlplane
