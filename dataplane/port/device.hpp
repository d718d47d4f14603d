// SPDX-License-Identifier: Apache-2.0
//
// What the `device` of a port means: "0000:00:05.0", or a vdev with arguments such as
// "net_af_packet0,iface=sip0,framesz=16384". Text only. Cold thread, at start.
#pragma once

#include <string>

#include "config/configuration.hpp"

namespace tandem::dataplane::port {

// The name DPDK gives the device: what stands before the first comma.
[[nodiscard]] std::string device_name(const config::Port& port);
// The kernel interface behind a vdev ("iface=…"); empty when there is none.
[[nodiscard]] std::string kernel_interface(const config::Port& port);

} // namespace tandem::dataplane::port
