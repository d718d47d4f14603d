// SPDX-License-Identifier: Apache-2.0
//
// The core of a replay case: tells each event it finds in the ring as text, and sends the commands
// a case gives as words. Knows nothing of calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shm/read_record.hpp"
#include "test_node.hpp"

namespace tandem::replay {

class ScriptedCore {
  public:
    // The node has its core attached.
    explicit ScriptedCore(TestNode& node) : node_(&node) {}

    // "request INVITE", "response 180 INVITE user=5", "timeout client-final user=5", … of all
    // events that are in the ring. Client slots are kept and not told.
    std::vector<std::string> events();

    // "answer 200 OK", "answer 180 Ringing reliable=1": to the last request told by an event, also
    // that of another core.
    // "answer-invite 200 OK": to the INVITE of the last CANCEL.
    // "request 10.77.0.101:5070 user=5 local=…", "stop rseq=1"; "garbage" is a record of no type;
    // after "deaf" events are left unread; "die" ends it.
    // Throws for others.
    void command(std::string_view words, std::string_view payload);

    [[nodiscard]] bool is_deaf() const { return deaf_; }

  private:
    void keep(const shm::EventView& event);
    void answer(transaction::ServerHandle transaction, std::string_view words);
    void send_request(std::string_view words, std::string_view payload);

    TestNode* node_;
    shm::EventReader reader_;
    std::vector<transaction::ClientHandle> slots_;
    transaction::ServerHandle last_request_;
    transaction::ServerHandle last_invite_;
    transaction::ClientHandle last_sent_;
    std::string last_message_; // of the request to answer
    std::string invite_message_;
    bool deaf_ = false;
};

} // namespace tandem::replay
