// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: both ends of a ring whose cursors and bytes another process changes at will between
// any two calls. Nothing they hand out lies outside the ring, no walk over it goes on for ever, a
// claim that is refused says why, and a ring once called corrupt stays so until it is reset. Built
// with libFuzzer.
#include "shm/ring.hpp"

#include <optional>

#include "shm/ring_memory_for_test.hpp"
#include "tests/fuzz/input.hpp"

namespace tandem::fuzz {

namespace {

constexpr std::size_t kCapacity = 256;

class Ring {
  public:
    void run(Input& input) {
        constexpr int kCallsMax = 200; // an input is short; what it can reach is reached by then
        for (int call = 0; call < kCallsMax && !input.is_empty(); ++call) {
            step(input);
        }
    }

  private:
    void step(Input& input) {
        const auto choice = input.number<std::uint8_t>();
        switch (choice % 12) {
        case 0:
            write_word(input);
            break;
        case 1:
            memory_.cursors().producer.tail_bytes.store(cursor(input, choice));
            break;
        case 2:
            memory_.cursors().consumer.head_bytes.store(cursor(input, choice));
            break;
        case 3:
        case 4:
            claim(input);
            break;
        case 5:
            producer_.publish();
            break;
        case 6:
        case 7:
            peek();
            break;
        case 8:
            release();
            break;
        case 9:
            visit_unread();
            break;
        case 10:
            sleep();
            break;
        default:
            reset(choice);
            break;
        }
    }

    // Any value, or one near what makes sense.
    std::uint64_t cursor(Input& input, std::uint8_t choice) {
        return choice >= 128 ? input.number<std::uint64_t>() : input.number<std::uint16_t>();
    }

    void write_word(Input& input) {
        const std::size_t offset = input.number<std::uint8_t>() % (kCapacity / 8) * 8;
        memory_.word(offset) = input.number<std::uint64_t>();
    }

    void require_inside(const void* begin, std::size_t bytes) {
        const auto* const at = static_cast<const std::byte*>(begin);
        const auto ring = memory_.memory();
        require(at >= ring.data && at + bytes <= ring.data + ring.capacity_bytes);
    }

    void claim(Input& input) {
        const std::size_t bytes = input.number<std::uint8_t>() % 40;
        const auto refused = producer_.refused();
        std::byte* const at = producer_.claim(1, bytes);
        if (at == nullptr) {
            require(producer_.is_corrupt() || bytes > producer_.payload_bytes_max() ||
                    producer_.refused() == refused + 1);
            return;
        }
        require(!producer_.is_corrupt() && bytes <= producer_.payload_bytes_max());
        require(producer_.claimed() == at);
        require_inside(at, bytes);
        std::memset(at, 0x5a, bytes);
        if (input.number<std::uint8_t>() % 8 == 0) {
            producer_.abort();
        } else {
            producer_.commit(bytes - bytes % 3);
        }
    }

    void peek() {
        const bool was_corrupt = consumer_.is_corrupt();
        const auto record = consumer_.peek();
        require(!was_corrupt || (!record && consumer_.is_corrupt()));
        is_peeked_ = record.has_value();
        if (record) {
            require_inside(record->payload.data(), record->payload.size());
            require(record->type != shm::kPaddingType);
        }
    }

    void release() {
        if (is_peeked_) {
            consumer_.release();
            is_peeked_ = false;
        }
    }

    void visit_unread() {
        std::size_t records = 0;
        producer_.for_each_unread([&](const shm::Record& record) {
            require_inside(record.payload.data(), record.payload.size());
            ++records;
        });
        require(records <= kCapacity / sizeof(shm::RecordHeader));
        require(producer_.used_bytes() <= kCapacity);
    }

    void sleep() {
        const bool was_corrupt = consumer_.is_corrupt();
        if (consumer_.fall_asleep()) {
            require(!was_corrupt);
            consumer_.wake_up();
        }
        require(memory_.cursors().consumer.sleeps.load() % 2 == 0);
    }

    void reset(std::uint8_t choice) {
        if (choice < 200) { // mostly go on with what there is
            return;
        }
        producer_.reset();
        consumer_.reset();
        is_peeked_ = false;
        require(!producer_.is_corrupt() && !consumer_.is_corrupt());
        require(!consumer_.peek());
    }

    shm::RingMemoryForTest memory_{kCapacity};
    shm::RingProducer producer_{memory_.memory()};
    shm::RingConsumer consumer_{memory_.memory()};
    bool is_peeked_ = false;
};

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    fuzz::Input input(data, size);
    fuzz::Ring ring;
    ring.run(input);
    return 0;
}
