// SPDX-License-Identifier: Apache-2.0
//
// What a configuration file says, as plain values: the contract between the config room and both
// processes. Everything here has been validated by load_file(); a reader needs no further check.
// Values are final: a DN option that is not set carries the application's value or its default.
// It holds no libconfig type, opens no file and is never changed after loading, so it may be read
// from any thread. Built once at start, on the main thread, by config/load_file.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/endpoint.hpp"

namespace tandem::config {

enum class NatContact : std::uint8_t { Off, Auto };
enum class Idle : std::uint8_t { Poll, Adaptive };
enum class Hugepages : std::uint8_t { Auto, On, Off };
enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warning, Error, Off };
enum class DigestAlgorithm : std::uint8_t { Sha256, Md5 };

// Line of the file on which row i of a level's options is set; 0 = not set there. Indexed by
// OptionRow::slot (config/option_table.hpp); empty in a default constructed value.
using OptionLines = std::vector<std::uint32_t>;

// Group `application`: the node, its SIP address, registrar, digest, session timers and pools.
struct Application {
    std::string node = "a"; // part of branches, tags and Call-IDs: 1-8 of [a-z0-9]
    std::string run_directory = "/run/tandem";       // dataplane.sock, controlplane.sock, shm.sock
    std::string state_directory = "/var/lib/tandem"; // bindings.journal; made when missing
    LogLevel log_level = LogLevel::Info;
    std::string record_inputs; // directory of recordings; empty = nothing is recorded

    base::Ipv4Address sip_address; // the address phones and trunks use (the VIP); always set
    std::uint16_t sip_port = 5060; // UDP, on sip_address and on every port address
    std::string realm;             // of digest challenges; sip-address as text when not set

    std::uint32_t min_expires_s = 60;   // below: 423 (RFC 3261 section 10.3)
    std::uint32_t max_expires_s = 3600; // above, or when a phone names none: this one
    std::uint32_t max_contacts = 1;     // 1..16
    bool require_registration = false;
    NatContact nat_contact = NatContact::Off;

    std::uint32_t ring_timeout_s = 60;      // 0 = no limit; at the end the caller gets 480
    std::uint32_t session_expires_s = 1800; // RFC 4028; >= min_se_s
    std::uint32_t min_se_s = 90;            // RFC 4028 section 5; >= 90

    // In the order in which challenges are offered (RFC 8760 section 2.4); never empty.
    std::vector<DigestAlgorithm> digest_algorithms = {DigestAlgorithm::Sha256,
                                                      DigestAlgorithm::Md5};
    std::uint32_t nonce_lifetime_s = 60;
    std::uint32_t auth_failures_max = 10; // per source address and window; 0 = no limit
    std::uint32_t auth_failures_window_s = 60;

    std::uint32_t max_calls_at_once = 20'000;
    std::uint32_t max_registrations = 262'144; // bindings, all DNs together
    std::uint32_t max_transactions = 65'536;   // live: machine, timers, bytes
    std::uint32_t max_lingering_transactions = 262'144;
    std::uint32_t event_ring_bytes = 16U << 20;   // power of two
    std::uint32_t command_ring_bytes = 16U << 20; // power of two
    std::uint32_t ladder_notes = 262'144;         // power of two

    std::uint32_t process_heartbeat_timeout_ms = 10;

    OptionLines lines;
};

// Group `dataplane`: how the DPDK process runs.
struct Dataplane {
    std::vector<std::string> eal;          // further EAL arguments, one word each, as given
    std::string lcores;                    // argument of EAL --lcores; empty = EAL decides
    Hugepages hugepages = Hugepages::Auto; // Off = EAL --no-huge; Auto = use them if there are any
    Idle idle = Idle::Poll;

    OptionLines lines;
};

using MacAddress = std::array<std::uint8_t, 6>;

// One element of the list `ports`.
struct Port {
    std::string name;   // for people and counters; unique
    std::string device; // PCI address, or vdev with arguments ("net_af_packet0,iface=sip0"); unique
    bool is_vdev = false;      // `device` goes to EAL --vdev, else to --allow
    base::Ipv4Address address; // unicast address of this node on the port; always set
    std::uint32_t prefix_length = 24;
    base::Ipv4Address gateway;     // not set: only the own subnet is reachable
    std::optional<MacAddress> mac; // not set: the device's own
    std::uint32_t mtu = 1500;
    std::uint32_t rx_descriptors = 1024;
    std::uint32_t tx_descriptors = 1024;

    std::uint32_t line = 0; // where the element starts in the file
    OptionLines lines;
};

// Where a DN is reached.
struct Contact {
    bool learned = true;   // "*": from REGISTER; `target` and `user` are not set
    base::Endpoint target; // static: UDP address and port (5060 when none is given)
    std::string user;      // static: user part of the SIP URI; empty = the number that is called
};

// "1000-1099", "0042" or "alice". Numbers of a range have the same count of digits.
struct NumberRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;   // inclusive
    std::uint32_t digits = 0; // printed with leading zeros up to this width; 0 = `name` counts
    std::string name;         // the only DN of this range when it is not all digits
};

// Extensions with the same options: one element of the list `dns` with type = "Extension".
struct DnRange {
    std::vector<NumberRange> numbers; // never empty, no number twice in the whole file
    Contact contact;
    std::string password; // empty = no authentication; "<number>" stands for the DN's number,
                          // use password_of()
    std::string realm;
    std::uint32_t max_calls = 0; // at once; 0 = no limit
    std::uint32_t max_contacts = 1;
    NatContact nat_contact = NatContact::Off;
    bool require_registration = false;
    std::uint32_t ring_timeout_s = 60; // 0 = no limit

    std::uint32_t line = 0; // where the element starts in the file
    OptionLines lines;
};

// One element of the list `dns` with type = "Trunk".
struct Trunk {
    std::string name;   // unique
    Contact contact;    // never learned
    std::string prefix; // of dialled numbers; "" = every number
    // Not set: the number is left as dialled. Set, also to "": stands in place of the prefix.
    std::optional<std::string> replace_prefix;
    std::uint32_t priority = 0;        // lower first, equal ones in turn
    std::uint32_t capacity = 0;        // calls at once, in and out; 0 = no limit
    std::uint32_t ring_timeout_s = 60; // of calls to the trunk; 0 = no limit

    std::uint32_t line = 0; // where the element starts in the file
    OptionLines lines;
};

struct Configuration {
    std::string file; // path as given to load_file()
    Application application;
    Dataplane dataplane;
    std::vector<Port> ports;        // at least one
    std::vector<DnRange> dn_ranges; // in file order
    std::vector<Trunk> trunks;      // in file order
};

// Walks the DNs of a range in file order:
//   for (DnCursor cursor(range); cursor.next(number);) { ... }
// The range outlives the cursor.
class DnCursor {
  public:
    explicit DnCursor(const DnRange& range) : range_(&range) {}

    // Writes the next DN number into `number` (its storage is reused); false after the last one.
    [[nodiscard]] bool next(std::string& number);

  private:
    const DnRange* range_;
    std::size_t index_ = 0;
    std::uint64_t offset_ = 0;
};

// How many DNs the range stands for.
[[nodiscard]] std::uint64_t dn_count(const DnRange& range);
// All extensions of the file; what a pool for DNs must hold.
[[nodiscard]] std::uint64_t dn_count(const Configuration& configuration);
// The password of one DN of the range, with "<number>" replaced; empty = no authentication.
[[nodiscard]] std::string password_of(const DnRange& range, std::string_view number);

} // namespace tandem::config
