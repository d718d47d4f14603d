// SPDX-License-Identifier: Apache-2.0
//
// What the texts of options may look like, one predicate each. Decides characters only; lengths and
// words for messages stand in the rows (config/option_rows.cpp), which are the only caller.
#pragma once

#include <string_view>

namespace tandem::config {

[[nodiscard]] bool is_node_name(std::string_view text);
[[nodiscard]] bool is_name(std::string_view text);
[[nodiscard]] bool is_absolute_path(std::string_view text);
// May stand in a quoted string of a SIP header: no quote, no backslash.
[[nodiscard]] bool is_realm(std::string_view text);
[[nodiscard]] bool is_printable(std::string_view text);
[[nodiscard]] bool is_word(std::string_view text); // printable, no space
// What a phone may dial: digits, letters and *#+._-
[[nodiscard]] bool is_dialled(std::string_view text);
// "0000:01:00.0" or "01:00.0".
[[nodiscard]] bool is_pci_address(std::string_view text);
// A PCI address, or a DPDK vdev: "net_af_packet0,iface=sip0".
[[nodiscard]] bool is_device(std::string_view text);

} // namespace tandem::config
