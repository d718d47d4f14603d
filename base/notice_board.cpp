// SPDX-License-Identifier: Apache-2.0
//
// The cold half of the notice board: adding texts at start and taking what was raised, at most once
// a second per notice.
#include "base/notice_board.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace tandem::base {

NoticeId NoticeBoard::add(std::string_view text) noexcept {
    text = text.substr(0, kNoticeTextBytesMax);
    for (std::size_t slot = 0; slot < count_; ++slot) {
        if (std::string_view(slots_[slot].text.data(), slots_[slot].text_bytes) == text) {
            return {.slot = static_cast<std::uint32_t>(slot)};
        }
    }
    TANDEM_ASSERT(count_ < kNoticesMax);
    Slot& slot = slots_[count_];
    std::ranges::copy(text, slot.text.begin());
    slot.text_bytes = text.size();
    return {.slot = static_cast<std::uint32_t>(count_++)};
}

std::uint64_t NoticeBoard::take(std::size_t slot, MonotonicNs now) noexcept {
    Slot& notice = slots_[slot];
    // Orders nothing: see raise().
    const std::uint64_t raised = notice.raised.load(std::memory_order_relaxed);
    if (raised == notice.reported || now < notice.next_report_ns) {
        return 0;
    }
    notice.next_report_ns = now + kNsPerS;
    const std::uint64_t times = raised - notice.reported;
    notice.reported = raised;
    return times;
}

} // namespace tandem::base
