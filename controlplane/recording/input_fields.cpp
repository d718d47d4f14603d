// SPDX-License-Identifier: Apache-2.0
//
// The description of each input, and the two that read it: a writer of fields, and a reader that
// believes nothing.
#include "controlplane/recording/input_fields.hpp"

#include <array>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include "controlplane/core/fields.hpp"
#include "controlplane/recording/bytes.hpp"
#include "sipparse/index.hpp"

namespace tandem::controlplane::recording {

namespace {

// T is `Plain`, to be read, or `const Plain`, to be written.
template <typename T, typename Plain>
concept Is = std::same_as<std::remove_const_t<T>, Plain>;

template <typename Archive, Is<RequestInput> T>
void describe(Archive& archive, T& input) {
    auto& [transaction, message] = input;
    archive.name("request");
    archive.field("transaction", transaction);
    archive.message(message);
}

template <typename Archive, Is<ResponseInput> T>
void describe(Archive& archive, T& input) {
    auto& [transaction, user, message] = input;
    archive.name("response");
    archive.field("transaction", transaction);
    archive.field("user", user);
    archive.message(message);
}

template <typename Archive, Is<CancelInput> T>
void describe(Archive& archive, T& input) {
    auto& [transaction, invite, message] = input;
    archive.name("cancel");
    archive.field("transaction", transaction);
    archive.field("invite", invite);
    archive.message(message);
}

template <typename Archive, Is<AckInput> T>
void describe(Archive& archive, T& input) {
    auto& [invite, message] = input;
    archive.name("ack");
    archive.field("invite", invite);
    archive.message(message);
}

template <typename Archive, Is<TimeoutInput> T>
void describe(Archive& archive, T& input) {
    auto& [kind, handle, user] = input;
    archive.name("timeout");
    archive.enumerator("kind",
                       kind,
                       transaction::TimeoutKind::ClientFinal,
                       transaction::TimeoutKind::TransportServer);
    archive.field("handle", handle);
    archive.field("user", user);
}

template <typename Archive, Is<StrayInput> T>
void describe(Archive& archive, T& input) {
    auto& [message] = input;
    archive.name("stray");
    archive.message(message);
}

template <typename Archive, Is<SlotsInput> T>
void describe(Archive& archive, T& input) {
    auto& [slots] = input;
    archive.name("slots");
    archive.slots(slots);
}

template <typename Archive, Is<AttachedInput> T>
void describe(Archive& archive, T& input) {
    auto& [owner, branch_key, call_id_key] = input;
    auto& [epoch, node, worker] = owner;
    archive.name("attached");
    archive.field("epoch", epoch);
    archive.field("node", node);
    archive.field("worker", worker);
    archive.key(branch_key);
    archive.key(call_id_key);
}

template <typename Archive, Is<DetachedInput> T>
void describe(Archive& archive, T& /*input*/) {
    archive.name("detached");
}

template <typename Archive, Is<TimersInput> T>
void describe(Archive& archive, T& /*input*/) {
    archive.name("timers");
}

template <typename Archive, Is<OrphanInput> T>
void describe(Archive& archive, T& input) {
    auto& [kind, server, client, message, to_tag] = input;
    archive.name("orphan");
    archive.enumerator(
        "kind", kind, transaction::OrphanKind::Request, transaction::OrphanKind::Refused);
    archive.field("server", server);
    archive.field("client", client);
    archive.message(message);
    archive.text("to_tag", to_tag);
}

template <typename Archive, Is<BindingInput> T>
void describe(Archive& archive, T& input) {
    auto& [number, contact_uri, call_id_hash, flow, source, cseq, via_source, expires_wall_ns] =
        input.binding;
    archive.name("binding");
    archive.text("number", number);
    archive.text("contact_uri", contact_uri);
    archive.field("call_id_hash", call_id_hash);
    archive.field("flow", flow);
    archive.field("source", source);
    archive.field("cseq", cseq);
    archive.field("via_source", via_source);
    archive.field("expires_wall_ns", expires_wall_ns);
}

class Writer {
  public:
    Writer(FieldSink& sink, std::size_t kind) : sink_(sink), kind_(kind) {}

    void name(std::string_view name) { sink_.begin(name, static_cast<std::uint8_t>(kind_)); }

    template <typename T>
    void field(std::string_view name, const T& value) {
        write_field(sink_, name, value);
    }

    template <typename T>
    void enumerator(std::string_view name, T value, T /*first*/, T /*last*/) {
        write_field(sink_, name, value);
    }

    void message(const Datagram& datagram) {
        const auto& [view, flow] = datagram;
        write_flow(sink_, flow);
        sink_.text("message", view.bytes);
    }

    void text(std::string_view name, std::string_view value) { sink_.text(name, value); }

    void slots(std::span<const transaction::ClientHandle> slots) {
        sink_.number("count", slots.size());
        for (const auto slot : slots) {
            write_field(sink_, "slot", slot);
        }
    }

    void key(const base::SipHashKey& key) {
        const auto& [low, high] = key;
        sink_.number("key.low", low);
        sink_.number("key.high", high);
    }

  private:
    FieldSink& sink_;
    std::size_t kind_;
};

class Reader {
  public:
    Reader(ByteReader& bytes,
           sipparse::MessageIndex& index,
           std::vector<transaction::ClientHandle>& slots)
        : bytes_(bytes), index_(index), slots_(slots) {}

    void name(std::string_view /*name*/) {}

    template <std::unsigned_integral T>
    void field(std::string_view /*name*/, T& value) {
        value = static_cast<T>(bytes_.number_up_to(std::numeric_limits<T>::max()));
    }

    template <typename Tag>
    void field(std::string_view /*name*/, base::Handle<Tag>& handle) {
        handle = base::Handle<Tag>::unpack(bytes_.number());
    }

    void field(std::string_view /*name*/, base::Endpoint& value) { endpoint(value); }

    template <typename T>
    void enumerator(std::string_view /*name*/, T& value, T first, T last) {
        const auto number = bytes_.number_up_to(static_cast<std::uint64_t>(last));
        if (number < static_cast<std::uint64_t>(first)) {
            bytes_.fail();
        }
        value = static_cast<T>(number);
    }

    void message(Datagram& datagram) {
        endpoint(datagram.flow.remote);
        endpoint(datagram.flow.local);
        field("flow.port", datagram.flow.port);
        field("flow.worker", datagram.flow.worker);
        const auto text = bytes_.text();
        if (text.size() > sipparse::kMessageBytesMax) {
            bytes_.fail();
            return;
        }
        // The index is whole for any bytes; the dataplane refused what is no message long before.
        static_cast<void>(sipparse::index_datagram(text, index_));
        datagram.view = {.bytes = text, .index = &index_};
        if (index_.kind == sipparse::MessageKind::None) {
            bytes_.fail();
        }
    }

    void text(std::string_view /*name*/, std::string_view& value) { value = bytes_.text(); }

    void slots(std::span<const transaction::ClientHandle>& slots) {
        const auto count = bytes_.number_up_to(bytes_.rest().size());
        slots_.clear();
        for (std::uint64_t i = 0; i < count && !bytes_.failed(); ++i) {
            slots_.push_back(transaction::ClientHandle::unpack(bytes_.number()));
        }
        slots = slots_;
    }

    void key(base::SipHashKey& key) { key = {.low = bytes_.number(), .high = bytes_.number()}; }

  private:
    void endpoint(base::Endpoint& endpoint) {
        const auto packed = bytes_.number_up_to((std::uint64_t{1} << 48U) - 1);
        endpoint.address.value = static_cast<std::uint32_t>(packed >> 16U);
        endpoint.port = static_cast<std::uint16_t>(packed);
    }

    ByteReader& bytes_;
    sipparse::MessageIndex& index_;
    std::vector<transaction::ClientHandle>& slots_;
};

constexpr std::size_t kKinds = std::variant_size_v<Input>;

template <std::size_t kKind>
Input read_kind(Reader& reader) {
    std::variant_alternative_t<kKind, Input> input;
    describe(reader, input);
    return input;
}

template <std::size_t... kKind>
Input read_any(std::size_t kind, Reader& reader, std::index_sequence<kKind...> /*kinds*/) {
    constexpr std::array<Input (*)(Reader&), kKinds> kReaders{&read_kind<kKind>...};
    return kReaders.at(kind)(reader);
}

} // namespace

void write_input(FieldSink& sink, const Input& input) {
    Writer writer(sink, input.index());
    std::visit([&](const auto& alternative) { describe(writer, alternative); }, input);
}

std::optional<Input> InputReader::read(std::string_view bytes) {
    if (bytes.empty() || static_cast<unsigned char>(bytes.front()) >= kKinds) {
        return std::nullopt;
    }
    const auto kind = static_cast<unsigned char>(bytes.front());
    ByteReader rest(bytes.substr(1));
    Reader reader(rest, *index_, slots_);
    const auto input = read_any(kind, reader, std::make_index_sequence<kKinds>());
    return rest.done() ? std::optional(input) : std::nullopt;
}

} // namespace tandem::controlplane::recording
