// SPDX-License-Identifier: Apache-2.0
//
// The pools of the transaction layer by name, and the most that was ever seen in use of each. The
// worker looks once a millisecond; what comes and goes in between is not seen.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "transaction/layer.hpp"

namespace tandem::dataplane {

inline constexpr std::array<std::string_view, 10> kPoolNames = {"server transactions",
                                                                "client transactions",
                                                                "lingering transactions",
                                                                "forks",
                                                                "refusals",
                                                                "buffers of 512 B",
                                                                "buffers of 1 KiB",
                                                                "buffers of 2 KiB",
                                                                "buffers of 8 KiB",
                                                                "buffers of 64 KiB"};
static_assert(kPoolNames.size() == 5 + transaction::kBufferClassBytes.size());

using PoolRows = std::array<transaction::PoolStatus, kPoolNames.size()>;

// In the order of kPoolNames.
[[nodiscard]] inline PoolRows pool_rows(const transaction::LayerStatus& status) noexcept {
    PoolRows rows = {
        status.server_live, status.client_live, status.lingering, status.forks, status.refusals};
    std::copy(status.buffers.begin(), status.buffers.end(), rows.begin() + 5);
    return rows;
}

class PoolPeaks {
  public:
    void see(const transaction::LayerStatus& status) noexcept {
        const PoolRows rows = pool_rows(status);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            peaks_[i] = std::max(peaks_[i], rows[i].used);
        }
    }

    [[nodiscard]] const std::array<std::uint32_t, kPoolNames.size()>& peaks() const noexcept {
        return peaks_;
    }

  private:
    std::array<std::uint32_t, kPoolNames.size()> peaks_{};
};

} // namespace tandem::dataplane
