// SPDX-License-Identifier: Apache-2.0
//
// Registrations: every phone in turn sends a REGISTER, the first time a new binding, later the same
// with a higher CSeq, and looks at the answer. No clock, no allocation after construction. One
// thread.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/load/check.hpp"
#include "bench/load/fault.hpp"
#include "bench/load/wire.hpp"
#include "sipparse/message_index.hpp"

namespace tandem::bench::load {

struct RegisterCounts {
    std::uint64_t sent = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
};

class RegisterLoad {
  public:
    RegisterLoad(const Directory& directory, Wire& wire, Faults& faults);

    // The next phone's REGISTER. False: its last one has not been answered yet.
    bool send_next();
    // An answer for one of the phones.
    void receive(const Datagram& datagram);

    [[nodiscard]] const RegisterCounts& counts() const { return counts_; }

    // Sent and neither answered nor failed.
    [[nodiscard]] std::uint64_t open() const {
        return counts_.sent - counts_.completed - counts_.failed;
    }

  private:
    struct Phone {
        std::uint32_t cseq = 0;
        std::uint32_t salt = 0;
        bool waits = false;
    };

    void fail(std::uint32_t phone, Fault fault, std::string_view message);

    Wire& wire_;
    Faults& faults_;
    RegisterCounts counts_;
    std::vector<Phone> phones_;
    std::uint32_t next_ = 0;
    sipparse::MessageIndex index_;
};

} // namespace tandem::bench::load
