// SPDX-License-Identifier: Apache-2.0
//
// Who sends a request outside a dialog: the trunk whose contact address is the source, else the DN
// in From. A DN with a password proves itself by digest (digest.hpp); require-registration refuses
// what does not come from a flow of its binding; anybody else gets 403. Pure, on the core thread.
#pragma once

#include "base/result.hpp"
#include "base/stage.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/input.hpp"
#include "controlplane/core/refusal.hpp"

namespace tandem::controlplane {

class Digest;
class Registrar;

struct CallerParts {
    const Directory& directory;
    const Registrar& registrar;
    Digest& digest;
    const base::StageVisits* visits = nullptr;
};

// The sender, or 401 with challenges, 403 or 400.
[[nodiscard]] base::Result<Device, Refusal>
identify_caller(const RequestInput& request, const CallerParts& parts, const Now& now);

} // namespace tandem::controlplane
