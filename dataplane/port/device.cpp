// SPDX-License-Identifier: Apache-2.0
//
// Takes the device text of a port apart. Cold thread, at start.
#include "dataplane/port/device.hpp"

#include <string_view>

namespace tandem::dataplane::port {

std::string device_name(const config::Port& port) {
    return port.device.substr(0, port.device.find(','));
}

std::string kernel_interface(const config::Port& port) {
    constexpr std::string_view kKey = "iface=";
    if (!port.is_vdev) {
        return {};
    }
    std::string_view rest = port.device;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const std::string_view argument = rest.substr(0, comma);
        if (argument.substr(0, kKey.size()) == kKey) {
            return std::string(argument.substr(kKey.size()));
        }
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    return {};
}

} // namespace tandem::dataplane::port
