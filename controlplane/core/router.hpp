// SPDX-License-Identifier: Apache-2.0
//
// Where a dialled number goes: a DN's contacts (all rung in parallel), or the trunks whose prefix
// matches longest, lowest priority first, equal ones in turn, full ones skipped. Chooses and
// never sends. Core thread only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "base/stage.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/refusal.hpp"

namespace tandem::controlplane {

constexpr std::size_t kTargetsMax = 16; // max-contacts of one DN

// One place to send the INVITE to.
struct Target {
    Device device;
    base::Endpoint destination;   // UDP address the request is sent to (flow of a NATed contact)
    std::string_view request_uri; // complete SIP URI; lives until the step ends
};

struct Route {
    std::array<Target, kTargetsMax> targets;
    std::uint32_t count = 0;
    Device device;                    // the called DN, or the trunk that was chosen
    std::uint32_t ring_timeout_s = 0; // 0 = no limit
};

// The URI as a Request-URI may have it: its "?headers" are cut off (RFC 3261 section 19.1.1). What
// is no SIP URI comes back as it is. A view of `uri`.
[[nodiscard]] std::string_view without_uri_headers(std::string_view uri);

class Changes;
class Registrar;

class Router {
  public:
    // All outlive the router; `visits` may be null.
    Router(Directory& directory,
           const Registrar& registrar,
           Changes& changes,
           const base::StageVisits* visits = nullptr);

    // `dialled` is the user part as sent. 404 unknown number, 414 a number no URI holds, 480 known
    // DN without contact, 486 at max-calls, 503 when every matching trunk is full. Does not count
    // the call in: Directory::take_call() does.
    [[nodiscard]] base::Result<Route, Refusal>
    route(const Device& caller, std::string_view dialled, const Now& now);

  private:
    [[nodiscard]] base::Result<Route, Refusal> route_to_dn(DnIndex index, const Now& now);
    [[nodiscard]] base::Result<Route, Refusal> route_to_trunk(std::string_view dialled);
    [[nodiscard]] base::Result<TrunkIndex, Refusal> choose_trunk(std::string_view dialled) const;

    Directory& directory_;
    const Registrar& registrar_;
    Changes& changes_;
    const base::StageVisits* visits_;
    std::uint64_t turn_ = 0; // counts choices of a trunk
    // Request-URIs of trunk and static targets are composed here; overwritten by the next route().
    std::array<std::array<char, 320>, kTargetsMax> uris_{};
};

} // namespace tandem::controlplane
