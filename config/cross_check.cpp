// SPDX-License-Identifier: Apache-2.0
//
// The checks of config/cross_check.hpp, one function each. Every message names the values, and for
// something used twice both lines. Called by the loader, on the main thread.
#include "config/cross_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "config/option_table.hpp"

namespace tandem::config {

namespace {

std::uint32_t subnet_mask(const Port& port) {
    return ~std::uint32_t{0} << (32 - port.prefix_length);
}

bool in_subnet(base::Ipv4Address address, const Port& port) {
    return ((address.value ^ port.address.value) & subnet_mask(port)) == 0;
}

// Neither the address of the subnet itself nor its broadcast address.
bool is_host_of_subnet(base::Ipv4Address address, const Port& port) {
    const std::uint32_t host = address.value & ~subnet_mask(port);
    return host != 0 && host != ~subnet_mask(port);
}

std::string subnet_text(const Port& port) {
    return fmt::format(
        "{}/{}", address_text({port.address.value & subnet_mask(port)}), port.prefix_length);
}

void check_limits(const Application& application, ProblemList& problems) {
    const auto line = [&application](std::string_view name) {
        return line_of(application.lines, Level::Application, name);
    };
    if (application.min_expires_s > application.max_expires_s) {
        problems.add(std::max(line("min-expires"), line("max-expires")),
                     fmt::format("application: min-expires = {} is above max-expires = {}; it must "
                                 "be at most that",
                                 application.min_expires_s,
                                 application.max_expires_s));
    }
    if (application.session_expires_s < application.min_se_s) {
        problems.add(std::max(line("session-expires"), line("min-se")),
                     fmt::format("application: session-expires = {} is below min-se = {}; it must "
                                 "be at least that",
                                 application.session_expires_s,
                                 application.min_se_s));
    }
}

void check_gateway(const Port& port, ProblemList& problems) {
    const std::uint32_t line = line_of(port.lines, Level::Port, "gateway");
    const std::string gateway = address_text(port.gateway);
    if (!in_subnet(port.gateway, port) || !is_host_of_subnet(port.gateway, port)) {
        problems.add(line,
                     fmt::format("port \"{}\": gateway = \"{}\" is no host of the subnet {}; it "
                                 "must be one",
                                 port.name,
                                 gateway,
                                 subnet_text(port)));
    } else if (port.gateway == port.address) {
        problems.add(line,
                     fmt::format("port \"{}\": gateway = \"{}\" is the port's own address; it must "
                                 "be another host of the subnet {}",
                                 port.name,
                                 gateway,
                                 subnet_text(port)));
    }
}

void check_subnet(const Port& port, ProblemList& problems) {
    if (port.address.value == 0) {
        return;
    }
    if (!is_host_of_subnet(port.address, port)) {
        problems.add(
            line_of(port.lines, Level::Port, "address"),
            fmt::format("port \"{}\": address = \"{}\" is the network or broadcast address "
                        "of {}; it must be a host of it",
                        port.name,
                        address_text(port.address),
                        subnet_text(port)));
    }
    if (port.gateway.value != 0) {
        check_gateway(port, problems);
    }
}

// `option` of two ports with the same value.
void check_unique(const Configuration& configuration,
                  std::string_view option,
                  std::string (*value_of)(const Port&),
                  ProblemList& problems) {
    for (std::size_t i = 0; i < configuration.ports.size(); ++i) {
        const Port& port = configuration.ports[i];
        const std::string value = value_of(port);
        for (std::size_t j = 0; j < i && !value.empty(); ++j) {
            const Port& other = configuration.ports[j];
            if (value == value_of(other)) {
                problems.add(line_of(port.lines, Level::Port, option),
                             fmt::format("{} = \"{}\" is given to two ports: here and on line {}; "
                                         "each port needs its own",
                                         option,
                                         value,
                                         line_of(other.lines, Level::Port, option)));
                break;
            }
        }
    }
}

void check_ports(const Configuration& configuration, ProblemList& problems) {
    if (configuration.ports.size() > kPortsMax) {
        problems.add(configuration.ports[kPortsMax].line,
                     fmt::format("more than {} ports", kPortsMax));
        return;
    }
    check_unique(
        configuration, "name", [](const Port& port) { return port.name; }, problems);
    check_unique(
        configuration, "device", [](const Port& port) { return port.device; }, problems);
    check_unique(
        configuration,
        "address",
        [](const Port& port) {
            return port.address.value == 0 ? std::string() : address_text(port.address);
        },
        problems);
    for (const Port& port : configuration.ports) {
        check_subnet(port, problems);
    }
}

void check_sip_address(const Configuration& configuration, ProblemList& problems) {
    const base::Ipv4Address sip_address = configuration.application.sip_address;
    const bool ports_known = std::all_of(configuration.ports.begin(),
                                         configuration.ports.end(),
                                         [](const Port& port) { return port.address.value != 0; });
    if (sip_address.value == 0 || configuration.ports.empty() || !ports_known) {
        return;
    }
    const std::uint32_t line =
        line_of(configuration.application.lines, Level::Application, "sip-address");
    std::string subnets;
    bool reachable = false;
    for (const Port& port : configuration.ports) {
        const std::string_view taken_by = sip_address == port.address   ? "address"
                                          : sip_address == port.gateway ? "gateway"
                                                                        : "";
        if (!taken_by.empty()) {
            problems.add(line,
                         fmt::format("application: sip-address = \"{}\" is the {} of port \"{}\" "
                                     "(line {}); it must be an address of its own",
                                     address_text(sip_address),
                                     taken_by,
                                     port.name,
                                     line_of(port.lines, Level::Port, taken_by)));
            return;
        }
        reachable |= in_subnet(sip_address, port) && is_host_of_subnet(sip_address, port);
        subnets += (subnets.empty() ? "" : ", ") + subnet_text(port);
    }
    if (!reachable) {
        problems.add(line,
                     fmt::format("application: sip-address = \"{}\" is no host of the subnet of a "
                                 "port; it must be in one of {}",
                                 address_text(sip_address),
                                 subnets));
    }
}

void check_contact(const Configuration& configuration,
                   const Contact& contact,
                   std::uint32_t line,
                   ProblemList& problems) {
    if (contact.learned) {
        return;
    }
    const base::Ipv4Address address = contact.target.address;
    const bool own = address == configuration.application.sip_address ||
                     std::any_of(configuration.ports.begin(),
                                 configuration.ports.end(),
                                 [address](const Port& port) { return port.address == address; });
    if (own && address.value != 0) {
        problems.add(line,
                     fmt::format("contact at {} is an address of this node; it must be another "
                                 "host",
                                 address_text(address)));
    }
}

void check_contacts(const Configuration& configuration, ProblemList& problems) {
    for (const DnRange& range : configuration.dn_ranges) {
        check_contact(configuration,
                      range.contact,
                      line_of(range.lines, Level::Extension, "contact"),
                      problems);
    }
    for (const Trunk& trunk : configuration.trunks) {
        check_contact(
            configuration, trunk.contact, line_of(trunk.lines, Level::Trunk, "contact"), problems);
    }
}

// A part of the numbering space that one item of `numbers`, or the name of a trunk, takes.
struct Claim {
    NumberRange numbers;
    std::uint32_t line;
};

bool claim_before(const Claim& a, const Claim& b) {
    return std::tie(a.numbers.digits, a.numbers.name, a.numbers.first, a.line) <
           std::tie(b.numbers.digits, b.numbers.name, b.numbers.first, b.line);
}

bool overlap(const Claim& a, const Claim& b) {
    return a.numbers.digits == b.numbers.digits && a.numbers.name == b.numbers.name &&
           b.numbers.first <= a.numbers.last;
}

std::vector<Claim> claims_of(const Configuration& configuration) {
    std::vector<Claim> claims;
    for (const DnRange& range : configuration.dn_ranges) {
        const std::uint32_t line = line_of(range.lines, Level::Extension, "numbers");
        for (const NumberRange& numbers : range.numbers) {
            claims.push_back(Claim{numbers, line});
        }
    }
    for (const Trunk& trunk : configuration.trunks) {
        const ParsedValue parsed = parse_numbers(trunk.name);
        const auto* numbers =
            parsed ? std::get_if<std::vector<NumberRange>>(&parsed.value()) : nullptr;
        if (numbers != nullptr && numbers->size() == 1) {
            claims.push_back(Claim{numbers->front(), line_of(trunk.lines, Level::Trunk, "name")});
        }
    }
    std::sort(claims.begin(), claims.end(), claim_before);
    return claims;
}

void check_numbers(const Configuration& configuration, ProblemList& problems) {
    const std::vector<Claim> claims = claims_of(configuration);
    std::size_t widest = 0; // of the claims so far, the one that reaches furthest
    for (std::size_t i = 1; i < claims.size(); ++i) {
        const Claim& claim = claims[i];
        const Claim& other = claims[widest];
        const bool twice = overlap(other, claim);
        if (twice) {
            const auto [earlier, later] =
                claim.line < other.line ? std::pair(&claim, &other) : std::pair(&other, &claim);
            NumberRange first = claim.numbers;
            first.last = first.first;
            problems.add(later->line,
                         fmt::format("DN {} is given twice: in \"{}\" here and in \"{}\" on line "
                                     "{}; once is allowed",
                                     number_range_text(first),
                                     number_range_text(later->numbers),
                                     number_range_text(earlier->numbers),
                                     earlier->line));
        }
        if (!twice || claim.numbers.last > other.numbers.last) {
            widest = i;
        }
    }
    if (const std::uint64_t count = dn_count(configuration); count > kDnsMax) {
        problems.add(0, fmt::format("the file has {} DNs; at most {} are allowed", count, kDnsMax));
    }
}

} // namespace

void cross_check(const Configuration& configuration, ProblemList& problems) {
    check_limits(configuration.application, problems);
    check_ports(configuration, problems);
    check_sip_address(configuration, problems);
    check_contacts(configuration, problems);
    check_numbers(configuration, problems);
}

} // namespace tandem::config
