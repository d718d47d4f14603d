// SPDX-License-Identifier: Apache-2.0
//
// Which objects a step changed, and how often each has changed so far: what a second core has to be
// told, and how it notices that it missed something. An object is what is told as a whole: a call
// with its legs, attempts and exchanges; the bindings of a DN; the turn of a trunk; a set of nonce
// counts. Whoever is about to change one says touch(); its version rises by one in each step that
// did, however often it did. A version may rise while the object stays as it was, never the other
// way round (object_watch in recording/ and its tests hold the core to that). Core thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tandem::controlplane {

enum class ObjectKind : std::uint8_t {
    Core = 1, // everything no other object has; different after each step, never listed
    Call,     // key: the call id
    Bindings, // key: DnIndex
    Trunk,    // key: TrunkIndex
    Nonces,   // key: the set in NonceCounts
};

// Lies in the object. 0: it never changed, so there is nothing to tell about it.
class Version {
  public:
    [[nodiscard]] std::uint64_t value() const { return value_; }

  private:
    friend class Changes;

    std::uint64_t value_ = 0;
    std::uint64_t step_ = 0; // the last one that changed it
};

struct ChangedObject {
    ObjectKind kind = ObjectKind::Core;
    std::uint64_t key = 0;
    std::uint64_t place = 0; // where the core finds it: a packed handle, or the key again
};

// Nearly every step changes one call. Only the death of a dataplane or a thousand bindings that
// expire together change more than this; then all objects count as changed.
constexpr std::size_t kChangesListedMax = 64;

class Changes {
  public:
    void begin_step() {
        ++step_;
        count_ = 0;
        more_ = false;
    }

    void touch(const ChangedObject& object, Version& version) {
        if (version.step_ == step_) {
            return;
        }
        version.step_ = step_;
        ++version.value_;
        if (count_ < objects_.size()) {
            objects_[count_++] = object;
        } else {
            more_ = true;
        }
    }

    // In the order of their first change in the step.
    [[nodiscard]] std::span<const ChangedObject> listed() const {
        return {objects_.data(), count_};
    }

    // The step changed more than is listed.
    [[nodiscard]] bool more() const { return more_; }

  private:
    std::uint64_t step_ = 1;
    std::size_t count_ = 0;
    bool more_ = false;
    std::array<ChangedObject, kChangesListedMax> objects_{};
};

} // namespace tandem::controlplane
