// SPDX-License-Identifier: Apache-2.0
//
// The checks before DPDK starts. They promise nothing (things may change in between), they only
// explain better. Cold thread, at start.
#include "dataplane/port/preflight.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dataplane/port/device.hpp"

namespace tandem::dataplane::port {

namespace {

constexpr const char* kHugePageFolder = "/sys/kernel/mm/hugepages";

std::optional<std::string> missing_interface(const config::Port& port) {
    const std::string interface = kernel_interface(port);
    if (interface.empty()) {
        return std::nullopt;
    }
    if (::if_nametoindex(interface.c_str()) == 0) {
        return fmt::format("port {}: there is no network interface {} here", port.name, interface);
    }
    const int raw = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (raw < 0 && (errno == EPERM || errno == EACCES)) {
        return fmt::format("port {}: no permission to open {}: run as root or with CAP_NET_RAW",
                           port.name,
                           interface);
    }
    if (raw >= 0) {
        ::close(raw);
    }
    return std::nullopt;
}

std::optional<std::string> missing_device(const config::Port& port) {
    std::error_code ignored;
    if (port.is_vdev || std::filesystem::exists("/sys/bus/pci/devices/" + port.device, ignored)) {
        return std::nullopt;
    }
    return fmt::format("port {}: there is no PCI device {} here", port.name, port.device);
}

// "hugepages-2048kB" -> 2 MiB; 0 for another name.
std::size_t page_bytes(const std::string& name) {
    constexpr std::string_view kPrefix = "hugepages-";
    std::size_t kib = 0;
    if (name.compare(0, kPrefix.size(), kPrefix) == 0) {
        std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), kib);
    }
    return kib * 1024;
}

} // namespace

std::optional<std::string> missing(const config::Configuration& configuration) {
    for (const config::Port& port : configuration.ports) {
        if (auto problem = missing_device(port)) {
            return problem;
        }
        if (auto problem = missing_interface(port)) {
            return problem;
        }
    }
    return std::nullopt;
}

std::size_t free_huge_page_bytes() {
    std::error_code ignored;
    std::size_t bytes = 0;
    for (const auto& size : std::filesystem::directory_iterator(kHugePageFolder, ignored)) {
        std::ifstream file(size.path() / "free_hugepages");
        std::size_t pages = 0;
        if (file >> pages) {
            bytes += pages * page_bytes(size.path().filename().string());
        }
    }
    return bytes;
}

HugePageChoice
choose_huge_pages(config::Hugepages wanted, std::size_t needed_bytes, std::size_t free_bytes) {
    constexpr std::size_t kMiB = 1U << 20U;
    const bool enough = free_bytes >= needed_bytes;
    switch (wanted) {
    case config::Hugepages::Off:
        return {};
    case config::Hugepages::Auto:
        return {.use = enough, .problem = std::nullopt};
    case config::Hugepages::On:
        break;
    }
    if (enough) {
        return {.use = true, .problem = std::nullopt};
    }
    return {.use = false,
            .problem =
                fmt::format("no huge pages: {} MiB are needed, {} MiB are free; reserve them "
                            "in /proc/sys/vm/nr_hugepages or set hugepages = \"auto\"",
                            needed_bytes / kMiB + 1,
                            free_bytes / kMiB)};
}

} // namespace tandem::dataplane::port
