// SPDX-License-Identifier: Apache-2.0
//
// Rows adversarial/<case>/<4k|16k|64k>: the inputs of bench/corpus/adversarial.hpp, read by the
// implementation of stage 1 that this processor chooses. A byte must cost the same in all sizes.
#pragma once

namespace tandem::bench {

// At start.
void register_adversarial_rows();

} // namespace tandem::bench
