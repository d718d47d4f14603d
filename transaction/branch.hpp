// SPDX-License-Identifier: Apache-2.0
//
// The branch of the requests we send: it names the client transaction itself, so a response finds
// its slot without a search. Layout: the magic cookie of RFC 3261 8.1.1.7, then hexadecimal node,
// dataplane epoch, worker, slot, generation and a keyed check that keeps guessed branches from
// touching a transaction. The core writes branches, the dataplane reads them. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/siphash.hpp"
#include "transaction/names.hpp"

namespace tandem::transaction {

// Of one life of a dataplane: random at its start, handed to the core with the region.
using BranchKey = base::SipHashKey;

// Who sends under a branch. All but `transaction` is the same for all branches of one worker.
struct BranchOwner {
    std::uint32_t epoch = 0; // of the dataplane: its start in seconds, raised above the last one
    std::uint8_t node = 0;
    std::uint8_t worker = 0;

    bool operator==(const BranchOwner&) const = default;
};

struct Branch {
    BranchOwner owner;
    ClientHandle transaction;
    std::uint32_t check = 0;
};

// Cookie 7, node 2, epoch 8, worker 2, slot 8, generation 8, check 8.
constexpr std::size_t kBranchBytes = 7 + 2 + 8 + 2 + 8 + 8 + 8;

// The check of a branch: low half of SipHash-2-4 over owner and transaction.
[[nodiscard]] std::uint32_t
branch_check(const BranchOwner& owner, ClientHandle transaction, const BranchKey& key) noexcept;

// Fills `out` with the branch, cookie included. A CANCEL and the ACK of a non-2xx carry the branch
// of their INVITE (RFC 3261 9.1, 17.1.1.3); the ACK of a 2xx carries a branch of its own slot or
// any other unique text, nothing is matched by it.
void write_branch(const BranchOwner& owner,
                  ClientHandle transaction,
                  const BranchKey& key,
                  std::span<char, kBranchBytes> out) noexcept;

// Takes a branch apart; nothing when the text has not this form. The check is not judged: a branch
// of another life was made with another key.
[[nodiscard]] std::optional<Branch> read_branch(std::string_view text) noexcept;

} // namespace tandem::transaction
