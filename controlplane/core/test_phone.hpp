// SPDX-License-Identifier: Apache-2.0
//
// For tests of calls: a scripted phone. It writes the messages of one dialog as RFC 3261 wants them
// and remembers what a user agent must; it decides nothing. Never part of a process.
#pragma once

#include <string>
#include <string_view>

#include "controlplane/core/test_switch.hpp"

namespace tandem::controlplane {

struct Extra {
    std::string headers = {}; // complete lines, each ended by "\r\n"
    std::string body = {};    // SDP
    std::string reason = "Reason";
    std::string tag = {};     // of the callee's dialog; empty = the phone's own
    std::string contact = {}; // URI; empty = the phone's own, "-" = no Contact
};

// One phone in one dialog, on either side.
class Phone {
  public:
    Phone(TestSwitch& home, std::string number, std::string_view endpoint)
        : home_(home), number_(std::move(number)), place_(endpoint),
          endpoint_(endpoint_of(endpoint)), tag_("t" + number_ + std::to_string(++phones_made_)) {}

    // As caller.

    transaction::ServerHandle call(const std::string& target, const Extra& extra = {}) {
        local_ = "\"Phone " + number_ + "\" <sip:" + number_ + "@10.77.0.10>;tag=" + tag_;
        remote_ = "<sip:" + target + "@10.77.0.10>";
        target_ = "sip:" + target + "@10.77.0.10";
        call_id_ = "call-" + tag_ + "@" + place_;
        invite_cseq_ = ++cseq_;
        invite_ = send("INVITE", invite_cseq_, extra);
        return invite_;
    }

    transaction::ServerHandle cancel() {
        const Message message(compose("CANCEL", invite_cseq_, {}, first_remote()));
        return home_.receive_cancel(message, invite_, endpoint_);
    }

    // Takes over the dialog a response to the INVITE makes.
    void take_dialog(const Message& response) {
        remote_ = response.get("To");
        target_ = response.contact();
    }

    void take_dialog_if(bool forms_dialog, const Message& response) {
        if (forms_dialog) {
            take_dialog(response);
        }
    }

    void ack(const Extra& extra = {}) {
        const Message message(compose("ACK", invite_cseq_, extra, remote_));
        home_.receive_ack(message, invite_, endpoint_);
    }

    // As callee: takes over the dialog of an INVITE that was sent to it.
    void ring(const SentRequest& invite) {
        invite_request_ = std::make_unique<SentRequest>(invite);
        call_id_ = invite.get("Call-ID");
        local_ = invite.get("To") + ";tag=" + tag_;
        remote_ = invite.get("From");
        target_ = invite.contact();
    }

    void respond(int status, const Extra& extra = {}) {
        respond_to(*invite_request_, status, extra);
    }

    // Answers any request that was sent to this phone.
    void respond_to(const SentRequest& request, int status, const Extra& extra = {}) {
        home_.receive_response(Message(compose_response(request, status, extra)), request);
    }

    // In the dialog, either side.
    transaction::ServerHandle send(const std::string& method, const Extra& extra = {}) {
        const auto cseq = ++cseq_;
        if (method == "INVITE") {
            invite_cseq_ = cseq;
        }
        const auto handle = send(method, cseq, extra);
        if (method == "INVITE") {
            invite_ = handle;
        }
        return handle;
    }

    transaction::ServerHandle
    send(const std::string& method, std::uint32_t cseq, const Extra& extra) {
        const Message message(compose(method, cseq, extra, remote_));
        return home_.receive(message, endpoint_);
    }

    [[nodiscard]] std::string
    compose_response(const Message& request, int status, const Extra& extra) const {
        const auto tag = extra.tag.empty() ? tag_ : extra.tag;
        auto to = request.get("To");
        if (to.find(";tag=") == std::string::npos && status != 100) {
            to += ";tag=" + tag;
        }
        std::string text = "SIP/2.0 " + std::to_string(status) + " " + extra.reason + "\r\n";
        text += "Via: " + request.get("Via") + ";received=10.77.0.10\r\n";
        text += "From: " + request.get("From") + "\r\nTo: " + to + "\r\n";
        text += "Call-ID: " + request.get("Call-ID") + "\r\nCSeq: " + request.get("CSeq") + "\r\n";
        text += contact_line(extra);
        return text + extra.headers + body_of(extra);
    }

    [[nodiscard]] std::string own_contact() const { return "sip:" + number_ + "@" + place_; }

    [[nodiscard]] const std::string& tag() const { return tag_; }

    [[nodiscard]] const std::string& call_id() const { return call_id_; }

    [[nodiscard]] transaction::ServerHandle invite() const { return invite_; }

    [[nodiscard]] std::uint32_t invite_cseq() const { return invite_cseq_; }

    [[nodiscard]] base::Endpoint endpoint() const { return endpoint_; }

    void set_remote(const std::string& remote) { remote_ = remote; }

    [[nodiscard]] std::string remote() const { return remote_; }

    // Before the first message only.
    void set_tag(const std::string& tag) { tag_ = tag; }

    void set_cseq(std::uint32_t cseq) { cseq_ = cseq; }

  private:
    [[nodiscard]] std::string first_remote() const {
        return remote_.substr(0, remote_.find(";tag="));
    }

    [[nodiscard]] std::string contact_line(const Extra& extra) const {
        if (extra.contact == "-") {
            return {};
        }
        return "Contact: <" + (extra.contact.empty() ? own_contact() : extra.contact) + ">\r\n";
    }

    [[nodiscard]] static std::string body_of(const Extra& extra) {
        std::string text;
        if (!extra.body.empty()) {
            text += "Content-Type: application/sdp\r\n";
        }
        return text + "Content-Length: " + std::to_string(extra.body.size()) + "\r\n\r\n" +
               extra.body;
    }

    [[nodiscard]] std::string compose(const std::string& method,
                                      std::uint32_t cseq,
                                      const Extra& extra,
                                      const std::string& remote) const {
        std::string text = method + " " + target_ + " SIP/2.0\r\n";
        text += "Via: SIP/2.0/UDP " + place_ + ";branch=z9hG4bK" + method + tag_ +
                std::to_string(cseq) + ";rport\r\n";
        text +=
            extra.headers.find("Max-Forwards") == std::string::npos ? "Max-Forwards: 70\r\n" : "";
        text += "From: " + local_ + "\r\nTo: " + remote + "\r\n";
        text +=
            "Call-ID: " + call_id_ + "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n";
        text += method == "CANCEL" || method == "ACK" ? "" : contact_line(extra);
        return text + extra.headers + body_of(extra);
    }

    static inline thread_local std::uint32_t phones_made_ = 0; // NOLINT: tags of a test run differ

    TestSwitch& home_;
    std::string number_;
    std::string place_;
    base::Endpoint endpoint_;
    std::string tag_;
    std::string call_id_;
    std::string local_;
    std::string remote_;
    std::string target_;
    std::uint32_t cseq_ = 0;
    std::uint32_t invite_cseq_ = 0;
    transaction::ServerHandle invite_;
    std::unique_ptr<SentRequest> invite_request_;
};

constexpr const char* kOffer = "v=0\r\no=- 1 1 IN IP4 10.77.0.100\r\ns=offer\r\n";
constexpr const char* kAnswer = "v=0\r\no=- 2 2 IN IP4 10.77.0.101\r\ns=answer\r\n";

// 1000 at 10.77.0.100 calls 1001 at 10.77.0.101: steps most tests begin with.
class TwoPhonesTest : public ::testing::Test {
  protected:
    explicit TwoPhonesTest(const config::Configuration& configuration = call_configuration())
        : home(configuration) {}

    // The INVITE has reached bob.
    SentRequest invite(const Extra& extra = {.body = kOffer}) {
        alice.call("1001", extra);
        auto request = home.take_request("INVITE");
        bob.ring(request);
        return request;
    }

    // Both are in the call, nothing is open.
    void establish(const Extra& offer = {.body = kOffer}, const Extra& answer = {.body = kAnswer}) {
        invite(offer);
        bob.respond(200, answer);
        alice.take_dialog(home.take_response(200));
        home.take_ack();
        alice.ack();
        home.expect_silence();
    }

    // Ends an established call and proves that nothing of it is left.
    void hang_up() {
        alice.send("BYE");
        home.take_response(200);
        bob.respond_to(home.take_request("BYE"), 200);
        home.expect_silence();
        home.expect_no_leak();
    }

    TestSwitch home;
    Phone alice{home, "1000", "10.77.0.100:5060"};
    Phone bob{home, "1001", "10.77.0.101:5070"};
};

} // namespace tandem::controlplane
