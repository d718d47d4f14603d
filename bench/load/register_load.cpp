// SPDX-License-Identifier: Apache-2.0
//
// Which phone is next, and to which one an answer belongs: its address and port say so.
#include "bench/load/register_load.hpp"

#include "sipparse/index.hpp"

namespace tandem::bench::load {

namespace {

// The phone at a place, or one beyond all.
std::uint32_t phone_at(const Place& place) {
    const std::uint32_t low = place.address - Directory::address(0);
    const std::uint32_t host = (low >> 8U) * 250 + (low & 0xffU);
    return (place.port - 5060U) * kAddresses + host;
}

} // namespace

RegisterLoad::RegisterLoad(const Directory& directory, Wire& wire, Faults& faults)
    : wire_(wire), faults_(faults), phones_(directory.numbers) {}

bool RegisterLoad::send_next() {
    Phone& phone = phones_[next_];
    if (phone.waits) {
        return false;
    }
    phone.waits = true;
    ++phone.cseq;
    phone.salt = static_cast<std::uint32_t>(scatter(counts_.sent));
    ++counts_.sent;
    const Registration registration{.phone = next_, .cseq = phone.cseq, .salt = phone.salt};
    const bool sent = send_to_switch(wire_, Directory::place(next_), [&](TextWriter& out) {
        write_register(out, registration);
    });
    if (!sent) {
        fail(next_, Fault::NoRoom, {});
    }
    next_ = next_ + 1 < phones_.size() ? next_ + 1 : 0;
    return true;
}

void RegisterLoad::receive(const Datagram& datagram) {
    if (sipparse::index_datagram(datagram.payload, index_) != sipparse::ParseError::None) {
        faults_.add(Fault::NotSip, "registration", counts_.completed, "", datagram.payload);
        return;
    }
    const std::uint32_t number = phone_at(datagram.destination);
    if (number >= phones_.size() || !phones_[number].waits) {
        faults_.add(Fault::Stranger, "registration", counts_.completed, "", datagram.payload);
        return;
    }
    Phone& phone = phones_[number];
    const sipparse::MessageView view{.bytes = datagram.payload, .index = &index_};
    const Fault fault = check_register_response(
        {.phone = number, .cseq = phone.cseq, .salt = phone.salt},
        {.source = datagram.source, .destination = datagram.destination, .view = view});
    if (fault != Fault::None) {
        fail(number, fault, datagram.payload);
        return;
    }
    phone.waits = false;
    ++counts_.completed;
}

void RegisterLoad::fail(std::uint32_t phone, Fault fault, std::string_view message) {
    phones_[phone].waits = false;
    ++counts_.failed;
    faults_.add(fault, "registration", phone, "registering", message);
}

} // namespace tandem::bench::load
