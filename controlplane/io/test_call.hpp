// SPDX-License-Identifier: Apache-2.0
//
// For tests of io/: the messages of a call between the static DNs 1000 and 1001 of
// call_configuration(), spoken through a TestDataplane by both phones at once. Never part of a
// process.
#pragma once

#include <string>
#include <string_view>

#include "controlplane/core/test_switch.hpp"
#include "controlplane/io/test_dataplane.hpp"

namespace tandem::controlplane {

constexpr std::string_view kTestCaller = "10.77.0.101:5070";

inline std::string request_text(const std::string& method,
                                const std::string& uri,
                                const std::string& to,
                                const std::string& call_id,
                                std::uint32_t cseq) {
    const auto number = std::to_string(cseq);
    return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.101:5070;branch=z9hG4bK" +
           method + call_id + number + "\r\nMax-Forwards: 70\r\n" +
           "From: <sip:1000@10.77.0.10>;tag=caller\r\nTo: " + to + "\r\nCall-ID: " + call_id +
           "\r\nCSeq: " + number + " " + method +
           "\r\nContact: <sip:1000@10.77.0.101:5070>\r\nContent-Length: 0\r\n\r\n";
}

inline std::string options_text(std::uint32_t cseq) {
    return request_text("OPTIONS", "sip:10.77.0.10", "<sip:10.77.0.10>", "options", cseq);
}

inline std::string ok_text(const Message& request, const std::string& tag) {
    return "SIP/2.0 200 OK\r\nVia: " + request.get("Via") + "\r\nFrom: " + request.get("From") +
           "\r\nTo: " + request.get("To") + tag + "\r\nCall-ID: " + request.get("Call-ID") +
           "\r\nCSeq: " + request.get("CSeq") +
           "\r\nContact: <sip:1001@10.77.0.101:5070>\r\nContent-Length: 0\r\n\r\n";
}

// Each act returns false when what it waits for did not come.
class TestCall {
  public:
    explicit TestCall(TestDataplane& dataplane) : dataplane_(&dataplane) {}

    // From the INVITE to the caller's ACK.
    [[nodiscard]] bool answer() {
        const std::string uri = "sip:1001@10.77.0.10";
        const auto handle = dataplane_->receive(
            request_text("INVITE", uri, "<" + uri + ">", "call", 1), kTestCaller);
        if (!callee_accepts("INVITE", ";tag=callee") || !caller_gets("1 INVITE")) {
            return false;
        }
        dataplane_->receive_ack(
            request_text("ACK", answer_.contact(), answer_.get("To"), "call", 1),
            handle,
            kTestCaller);
        // All of it has been read by the core.
        return dataplane_->turn_until(
            [&] { return dataplane_->worker().events().used_bytes() == 0; });
    }

    // The caller's BYE, answered on both sides.
    [[nodiscard]] bool hang_up() {
        dataplane_->receive(request_text("BYE", answer_.contact(), answer_.get("To"), "call", 2),
                            kTestCaller);
        return caller_gets("2 BYE") && callee_accepts("BYE", "");
    }

    // The call goes on through another dataplane.
    void move_to(TestDataplane& dataplane) { dataplane_ = &dataplane; }

  private:
    // Answers the next request with this method, which must come, with 200.
    bool callee_accepts(std::string_view method, const std::string& tag) {
        auto& requests = dataplane_->requests;
        if (!dataplane_->turn_until([&] { return !requests.empty(); })) {
            return false;
        }
        const Message request(requests.front().message);
        const auto head = requests.front().head;
        requests.pop_front();
        dataplane_->receive_response(ok_text(request, tag), head);
        return request.method() == method;
    }

    // Drops what comes before.
    bool caller_gets(std::string_view cseq) {
        auto& responses = dataplane_->responses;
        return dataplane_->turn_until([&] {
            while (!responses.empty()) {
                const Message response(responses.front().message);
                responses.pop_front();
                if (response.status() == 200 && response.get("CSeq") == cseq) {
                    answer_ = response;
                    return true;
                }
            }
            return false;
        });
    }

    TestDataplane* dataplane_;
    Message answer_;
};

} // namespace tandem::controlplane
