// SPDX-License-Identifier: Apache-2.0
//
// For tests of io/: a run directory, and a dataplane reduced to its end of the seam: it hands its
// region over, answers the handshake, gives out slots and keeps the commands that come. Driven by
// the test's thread, a turn at a time. Never part of a process.
#pragma once

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <poll.h>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "base/time.hpp"
#include "shm/attach.hpp"
#include "shm/handover.hpp"
#include "shm/read_record.hpp"
#include "shm/region.hpp"
#include "shm/write_record.hpp"
#include "sipparse/index.hpp"

namespace tandem::controlplane {

inline shm::Region test_region(std::uint32_t epoch,
                               std::size_t command_ring_bytes = shm::kRingBytesMin) {
    return std::move(*shm::Region::create({.node = 1,
                                           .dataplane_epoch = epoch,
                                           .event_ring_bytes = shm::kRingBytesMin,
                                           .command_ring_bytes = command_ring_bytes,
                                           .note_count = shm::kNoteCountMin,
                                           .limits = {},
                                           .branch_key = {1},
                                           .call_id_key = {2},
                                           .try_huge_pages = false}));
}

class TemporaryDirectory {
  public:
    TemporaryDirectory() : path_(testing::TempDir() + "tandem-io-XXXXXX") {
        EXPECT_NE(::mkdtemp(path_.data()), nullptr);
    }

    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    [[nodiscard]] std::string file(std::string_view name) const {
        return path_ + "/" + std::string(name);
    }

  private:
    std::string path_;
};

// Asks again each millisecond, calling between(); false when a minute was not enough.
template <typename Condition, typename Between>
[[nodiscard]] bool wait_until(Condition&& condition, Between&& between) {
    const auto end = base::monotonic_now() + 60 * base::kNsPerS;
    while (!condition()) {
        if (base::monotonic_now() > end) {
            return false;
        }
        between();
        ::poll(nullptr, 0, 1);
    }
    return true;
}

template <typename Condition>
[[nodiscard]] bool wait_until(Condition&& condition) {
    return wait_until(condition, [] {});
}

template <typename Head>
struct KeptCommand {
    Head head;
    std::string message;
};

class TestDataplane {
  public:
    TestDataplane(const std::string& socket_path, std::uint32_t epoch)
        : region_(test_region(epoch)),
          server_(std::move(*shm::HandoverServer::listen(socket_path, region_))),
          worker_(region_, 0) {}

    // Everything that is due, without waiting.
    void turn() {
        while (server_.serve().kind != shm::HandoverEvent::Kind::None) {
        }
        const auto change = worker_.poll();
        if (change == shm::LinkChange::Opened) {
            ++opened;
            give_slots();
        } else if (change == shm::LinkChange::Closed) {
            ++closed;
        }
        worker_.beat(base::monotonic_now());
        if (worker_.is_open()) {
            worker_.events().publish();
            if (reads_commands) {
                read_commands();
            }
        }
    }

    template <typename Condition>
    [[nodiscard]] bool turn_until(Condition&& condition) {
        return wait_until(condition, [this] { turn(); });
    }

    // A new server transaction with the message; invalid when there is no room.
    transaction::ServerHandle receive(const std::string& text, std::string_view source) {
        const transaction::ServerHandle handle{.index = ++servers_given_, .generation = 1};
        const auto index = index_of(text);
        const bool written = shm::write_request(worker_.events(),
                                                {.transaction = handle,
                                                 .received_ns = base::monotonic_now(),
                                                 .flow = flow_from(source),
                                                 .message = {}},
                                                *index,
                                                text);
        worker_.events().publish();
        return written ? handle : transaction::ServerHandle{};
    }

    void receive_response(const std::string& text, const shm::SendRequestCommand& request) {
        const auto index = index_of(text);
        EXPECT_TRUE(shm::write_response(worker_.events(),
                                        {.transaction = request.transaction,
                                         .user = request.user,
                                         .received_ns = base::monotonic_now(),
                                         .flow = request.flow,
                                         .message = {}},
                                        *index,
                                        text));
    }

    void receive_ack(const std::string& text,
                     transaction::ServerHandle invite,
                     std::string_view source) {
        const auto index = index_of(text);
        EXPECT_TRUE(shm::write_ack(worker_.events(),
                                   {.invite = invite,
                                    .received_ns = base::monotonic_now(),
                                    .flow = flow_from(source),
                                    .message = {}},
                                   *index,
                                   text));
    }

    [[nodiscard]] const shm::Region& region() const { return region_; }

    [[nodiscard]] shm::WorkerLink& worker() { return worker_; }

    [[nodiscard]] shm::HandoverServer& server() { return server_; }

    std::deque<KeptCommand<shm::SendRequestCommand>> requests;
    std::deque<KeptCommand<shm::SendResponseCommand>> responses;
    std::deque<KeptCommand<shm::SendAckCommand>> acks;
    int opened = 0;
    int closed = 0;
    bool reads_commands = true;

  private:
    static std::unique_ptr<sipparse::MessageIndex> index_of(std::string_view text) {
        auto index = std::make_unique<sipparse::MessageIndex>();
        EXPECT_EQ(sipparse::index_datagram(text, *index), sipparse::ParseError::None) << text;
        return index;
    }

    static transaction::Flow flow_from(std::string_view source) {
        transaction::Flow flow;
        flow.remote = base::parse_endpoint(source, 5060).value();
        flow.local = base::parse_endpoint("10.77.0.10:5060", 5060).value();
        return flow;
    }

    void give_slots() {
        std::vector<transaction::ClientHandle> slots;
        for (std::uint32_t i = 0; i < shm::kSlotsPerRecordMax; ++i) {
            slots.push_back({.index = i, .generation = 1});
        }
        EXPECT_TRUE(shm::write_client_slots(worker_.events(), slots));
    }

    void read_commands() {
        while (const auto record = worker_.commands().peek()) {
            const auto view = shm::read_command(*record);
            EXPECT_TRUE(view);
            if (view) {
                keep(*view);
            }
            worker_.commands().release();
        }
    }

    void keep(const shm::CommandView& view) {
        if (const auto* request = std::get_if<shm::SendRequestView>(&view)) {
            requests.push_back({request->command, std::string(request->message)});
        } else if (const auto* response = std::get_if<shm::SendResponseView>(&view)) {
            responses.push_back({response->command, std::string(response->message)});
        } else if (const auto* ack = std::get_if<shm::SendAckView>(&view)) {
            acks.push_back({ack->command, std::string(ack->message)});
        }
    }

    shm::Region region_;
    shm::HandoverServer server_;
    shm::WorkerLink worker_;
    std::uint32_t servers_given_ = 0;
};

} // namespace tandem::controlplane
