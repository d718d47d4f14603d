// SPDX-License-Identifier: Apache-2.0
//
// A wrong answer must be noticed: a switch written here by hand carries one call or registration
// right, then once for each thing it can get wrong, and the load must name that thing. A message
// that does not come must be missed, one that comes twice must not end a call.
#include <array>
#include <functional>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <vector>

#include "bench/load/call_load.hpp"
#include "bench/load/register_load.hpp"
#include "sipparse/index.hpp"

namespace tandem::bench::load {
namespace {

constexpr std::uint64_t kMs = 1'000'000;

struct Sent {
    Place source;
    std::string text;
};

class TestWire final : public Wire {
  public:
    std::span<char> room() override { return room_; }

    void send(const Place& source, const Place& destination, std::size_t bytes) override {
        EXPECT_EQ(destination, kSwitch);
        sent.push_back({.source = source, .text = std::string(room_.data(), bytes)});
    }

    std::vector<Sent> sent;

  private:
    std::array<char, 2'048> room_{};
};

// The value of the first header line with that name.
std::string header(const std::string& text, const std::string& name) {
    const std::size_t line = text.find("\r\n" + name + ": ");
    EXPECT_NE(line, std::string::npos) << name << " in\n" << text;
    const std::size_t begin = line + name.size() + 4;
    return text.substr(begin, text.find("\r\n", begin) - begin);
}

bool has_header(const std::string& text, const std::string& name) {
    return text.find("\r\n" + name + ": ") != std::string::npos;
}

std::string body(const std::string& text) {
    return text.substr(text.find("\r\n\r\n") + 4);
}

std::string with_body(std::string text, const std::string& sdp) {
    if (!sdp.empty()) {
        text += "Content-Type: application/sdp\r\n";
    }
    return text + "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}

// One message of the switch on its way to a phone; a test may spoil it.
struct Outgoing {
    std::string name; // "180", "INVITE" …
    Place source = kSwitch;
    Place destination;
    std::string text;
};

// Carries one call as RFC 3261 wants it. What the phones send is answered in order.
class HandSwitch {
  public:
    explicit HandSwitch(const CallLoadOptions& options = call_options())
        : load_(options, wire_, faults_) {}

    static CallLoadOptions call_options() {
        CallLoadOptions options;
        options.directory.numbers = 20;
        options.calls_max = 4;
        options.routed_every = 0;
        return options;
    }

    // Called with every message before it goes; false: it does not go at all.
    std::function<bool(Outgoing&)> spoil = [](Outgoing&) { return true; };

    void run(std::uint64_t end_ns = 20'000 * kMs) {
        ASSERT_TRUE(load_.start_call_between(3, 14, now_));
        while (now_ < end_ns && load_.calls_at_once() > 0) {
            work();
            now_ += 10 * kMs;
            static_cast<void>(load_.run_due(now_, 10));
        }
    }

    [[nodiscard]] Fault fault() const {
        return faults_.reports().empty() ? Fault::None : faults_.reports().front().fault;
    }

    [[nodiscard]] const CallLoad& load() const { return load_; }

    [[nodiscard]] const Faults& faults() const { return faults_; }

    void skip_call() { // so that the next one is of another kind
        ASSERT_TRUE(load_.start_call_between(1, 2, now_));
        wire_.sent.clear();
    }

  private:
    void work() {
        while (!wire_.sent.empty()) {
            const Sent message = wire_.sent.front();
            wire_.sent.erase(wire_.sent.begin());
            take(message);
        }
    }

    void give(const std::string& name, Place destination, const std::string& text) {
        Outgoing outgoing{.name = name, .destination = destination, .text = text};
        if (spoil(outgoing)) {
            load_.receive({.source = outgoing.source,
                           .destination = outgoing.destination,
                           .payload = outgoing.text},
                          now_);
        }
    }

    // Answers with what 8.2.6.2 copies.
    std::string response(const Sent& request, const std::string& line, const std::string& to) {
        std::string via = header(request.text, "Via");
        via += "=" + std::to_string(request.source.port); // behind ;rport
        return "SIP/2.0 " + line + "\r\nVia: " + via + "\r\nFrom: " + header(request.text, "From") +
               "\r\nTo: " + to + "\r\nCall-ID: " + header(request.text, "Call-ID") +
               "\r\nCSeq: " + header(request.text, "CSeq") + "\r\n";
    }

    [[nodiscard]] std::string head(const std::string& method, const std::string& uri) const {
        return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.10:5060;branch=z9hG4bKs" +
               method + ";rport\r\nMax-Forwards: 69\r\n";
    }

    static std::string uri_of(const std::string& contact) {
        return contact.substr(1, contact.find('>') - 1);
    }

    void take(const Sent& message) {
        const std::string first = message.text.substr(0, message.text.find(' '));
        if (first == "INVITE") {
            take_invite(message);
        } else if (first == "ACK") {
            give("ACK", callee_, with_body(to_callee("ACK", 100), ""));
        } else if (first == "BYE") {
            take_bye(message);
        } else {
            take_response(message);
        }
    }

    void take_invite(const Sent& message) {
        invite_ = message;
        give("100",
             message.source,
             with_body(response(message, "100 Trying", header(message.text, "To")), ""));
        const Place registered = Directory::place(14);
        give("INVITE",
             registered,
             with_body(head("INVITE", "sip:100014@10.80.0.15:" + std::to_string(registered.port)) +
                           "From: \"Agent 100003\" <sip:100003@10.77.0.10>;tag=ours\r\n"
                           "To: <sip:100014@10.77.0.10>\r\nCall-ID: second@10.77.0.10\r\n"
                           "CSeq: 100 INVITE\r\nContact: <sip:100003@10.77.0.10:5060>\r\n",
                       body(message.text)));
    }

    // A request in the dialog with the called phone, without its end.
    [[nodiscard]] std::string to_callee(const std::string& method, int cseq) const {
        std::string route;
        if (has_header(answer_, "Record-Route")) {
            route = "Route: " + header(answer_, "Record-Route") + "\r\n";
        }
        return head(method, uri_of(header(answer_, "Contact"))) + route +
               "From: \"Agent 100003\" <sip:100003@10.77.0.10>;tag=ours\r\nTo: " +
               header(answer_, "To") +
               "\r\nCall-ID: second@10.77.0.10\r\nCSeq: " + std::to_string(cseq) + " " + method +
               "\r\n";
    }

    [[nodiscard]] std::string to_caller(const std::string& method, int cseq) const {
        std::string route;
        if (has_header(invite_.text, "Record-Route")) {
            route = "Route: " + header(invite_.text, "Record-Route") + "\r\n";
        }
        return head(method, uri_of(header(invite_.text, "Contact"))) + route +
               "From: <sip:100014@10.77.0.10>;tag=mine\r\nTo: " + header(invite_.text, "From") +
               "\r\nCall-ID: " + header(invite_.text, "Call-ID") +
               "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n";
    }

    void take_bye(const Sent& message) {
        const bool from_caller = message.source == invite_.source;
        give("200 BYE",
             message.source,
             with_body(response(message, "200 OK", header(message.text, "To")), ""));
        give("BYE",
             from_caller ? callee_ : invite_.source,
             with_body(from_caller ? to_callee("BYE", 101) : to_caller("BYE", 1), ""));
    }

    void take_response(const Sent& message) {
        const std::string status = message.text.substr(8, 3);
        if (status == "100" || header(message.text, "CSeq").ends_with("BYE")) {
            return;
        }
        callee_ = message.source;
        answer_ = message.text;
        std::string record_route;
        if (has_header(invite_.text, "Record-Route")) {
            record_route = "Record-Route: " + header(invite_.text, "Record-Route") + "\r\n";
        }
        give(status,
             invite_.source,
             with_body(response(invite_,
                                status == "180" ? "180 Ringing" : "200 OK",
                                header(invite_.text, "To") + ";tag=mine") +
                           record_route + "Contact: <sip:100014@10.77.0.10:5060>\r\n",
                       body(message.text)));
    }

    TestWire wire_;
    Faults faults_;
    CallLoad load_;
    std::uint64_t now_ = 0;
    Sent invite_;
    Place callee_;
    std::string answer_;
};

void replace(std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in\n" << text;
    text.replace(at, from.size(), to);
}

TEST(CallLoad, CallsThatAreRightAreComplete) {
    for (const bool caller_hangs_up : {true, false}) {
        HandSwitch hand;
        if (!caller_hangs_up) {
            hand.skip_call();
            hand.run(5'000 * kMs);
        } else {
            hand.run();
        }
        EXPECT_EQ(hand.load().counts().completed, 1U);
        EXPECT_EQ(hand.load().counts().answered, 1U);
        EXPECT_EQ(hand.load().counts().tryings, 1U);
        EXPECT_EQ(hand.fault(), Fault::None) << hand.faults().reports().front().message.text();
    }
}

TEST(CallLoad, RoutedCallsThatAreRightAreComplete) {
    CallLoadOptions options = HandSwitch::call_options();
    options.routed_every = 2; // the second call, which the called phone ends
    HandSwitch hand(options);
    hand.skip_call();
    hand.run(5'000 * kMs);
    EXPECT_EQ(hand.load().counts().completed, 1U);
    EXPECT_EQ(hand.fault(), Fault::None) << hand.faults().reports().front().message.text();
}

struct Mistake {
    const char* message;
    const char* from;
    const char* to;
    Fault fault;
    bool second_call = false; // the one the called phone ends
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.message << ": " << mistake.from << " -> " << mistake.to;
}

class CallMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CallMistake, IsNamed) {
    const Mistake& mistake = GetParam();
    HandSwitch hand;
    bool made = false;
    hand.spoil = [&](Outgoing& outgoing) {
        if (outgoing.name == mistake.message && !made) {
            made = true;
            replace(outgoing.text, mistake.from, mistake.to);
        }
        return true;
    };
    if (mistake.second_call) {
        hand.skip_call();
        hand.run(5'000 * kMs);
    } else {
        hand.run();
    }
    EXPECT_TRUE(made);
    EXPECT_EQ(sentence(hand.fault()), sentence(mistake.fault));
    EXPECT_EQ(hand.load().counts().completed, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    CallMistake,
    testing::Values(
        Mistake{"100", "100 Trying", "183 Progress", Fault::StartLine},
        Mistake{"100", "rport=", "sport=", Fault::Via},
        Mistake{"180", "180 Ringing", "486 Busy Here", Fault::StartLine},
        Mistake{"180", ";branch=z9hG4bKa", ";branch=z9hG4bKb", Fault::Unexpected},
        Mistake{"180", "\"Agent 100003\"", "\"Agent 100004\"", Fault::From},
        Mistake{"180", ";tag=mine", "", Fault::Tag},
        Mistake{"180", " INVITE\r\n", " BYE\r\n", Fault::StartLine},
        Mistake{"180", "Contact: <sip:100014@10.77.0.10:5060>\r\n", "", Fault::Contact},
        Mistake{"180",
                "Contact: <sip:100014@10.77.0.10:5060>",
                "Contact: <sip:1@10.80.0.4>",
                Fault::Contact},
        Mistake{
            "180", "Contact:", "Record-Route: <sip:10.77.0.10;lr>\r\nContact:", Fault::RecordRoute},
        Mistake{"200", "To: <sip:100014@", "To: <sip:100015@", Fault::To},
        Mistake{"200", ";tag=mine", ";tag=other", Fault::Tag},
        Mistake{"200", "Call-ID: ", "Call-ID: 0", Fault::CallId},
        Mistake{"200", "CSeq: ", "CSeq: 1", Fault::CSeq},
        Mistake{"200", "application/sdp", "application/pdf", Fault::ContentType},
        Mistake{"200", "a=ptime:20", "a=ptime:30", Fault::Body},
        Mistake{"INVITE", "sip:100014@10.80.0.15", "sip:100014@10.80.0.16", Fault::RequestUri},
        Mistake{"INVITE", "Via: SIP/2.0/UDP 10.77.0.10", "Via: SIP/2.0/UDP 10.77.0.11", Fault::Via},
        Mistake{"INVITE", "Max-Forwards: 69", "Max-Forwards: 70", Fault::MaxForwards},
        Mistake{
            "INVITE", "<sip:100003@10.77.0.10>;tag", "<sip:100005@10.77.0.10>;tag", Fault::From},
        Mistake{"INVITE", ";tag=ours", "", Fault::Tag},
        Mistake{"INVITE",
                "To: <sip:100014@10.77.0.10>",
                "To: <sip:100014@10.77.0.10>;tag=x",
                Fault::Tag},
        Mistake{"INVITE",
                "Contact: <sip:100003@10.77.0.10:5060>",
                "Contact: <sip:100003@10.80.0.4>",
                Fault::Contact},
        Mistake{"INVITE", "Contact:", "Route: <sip:10.77.0.1;lr>\r\nContact:", Fault::Route},
        Mistake{"INVITE", "a=ptime:20", "a=ptime:30", Fault::Body},
        Mistake{"ACK", "ACK sip:100014@10.80.0.15", "ACK sip:100014@10.80.0.16", Fault::RequestUri},
        Mistake{"ACK", "CSeq: 100", "CSeq: 101", Fault::CSeq},
        Mistake{"ACK", ";tag=ours", ";tag=other", Fault::Tag},
        Mistake{"ACK", "Call-ID: second", "Call-ID: third", Fault::CallId},
        Mistake{"BYE", "BYE sip:100014@10.80.0.15", "BYE sip:100014@10.80.0.16", Fault::RequestUri},
        Mistake{"BYE", "CSeq: 101", "CSeq: 99", Fault::CSeq},
        Mistake{"BYE", "Call-ID: second", "Call-ID: third", Fault::CallId},
        Mistake{"BYE", "BYE sip:100003@", "BYE sip:100004@", Fault::RequestUri, true},
        Mistake{"BYE", ";tag=mine", ";tag=other", Fault::Tag, true},
        Mistake{"200 BYE", "200 OK", "481 No", Fault::StartLine},
        Mistake{"200 BYE", "CSeq: ", "CSeq: 1", Fault::CSeq},
        Mistake{"200 BYE", "200 OK", "500 No", Fault::StartLine, true}));

TEST(CallLoad, EveryMissingMessageIsMissed) {
    for (const char* name : {"INVITE", "200", "ACK", "BYE", "200 BYE"}) {
        HandSwitch hand;
        hand.spoil = [&](Outgoing& outgoing) { return outgoing.name != name; };
        hand.run(60'000 * kMs);
        EXPECT_EQ(sentence(hand.fault()), sentence(Fault::Missing)) << name;
        EXPECT_EQ(hand.load().calls_at_once(), 0U);
    }
}

TEST(CallLoad, AMissing180IsNoticedWhenThe200Comes) {
    HandSwitch hand;
    hand.spoil = [](Outgoing& outgoing) { return outgoing.name != "180"; };
    hand.run();
    EXPECT_EQ(sentence(hand.fault()), sentence(Fault::Unexpected));
}

TEST(CallLoad, AMessageThatWentElsewhereIsNoticed) {
    for (const char* name : {"180", "INVITE", "ACK", "BYE"}) {
        HandSwitch hand;
        hand.spoil = [&](Outgoing& outgoing) {
            outgoing.destination.port =
                static_cast<std::uint16_t>(outgoing.destination.port + (outgoing.name == name));
            return true;
        };
        hand.run();
        EXPECT_EQ(sentence(hand.fault()), sentence(Fault::Destination)) << name;
    }
    HandSwitch hand;
    hand.spoil = [](Outgoing& outgoing) {
        outgoing.source.address += 1;
        return true;
    };
    hand.run();
    EXPECT_EQ(sentence(hand.fault()), sentence(Fault::Source));
}

TEST(CallLoad, GarbageAndStrangersAreNoticed) {
    TestWire wire;
    Faults faults;
    CallLoad load(HandSwitch::call_options(), wire, faults);
    load.receive({.source = kSwitch, .destination = {}, .payload = "no SIP"}, 0);
    load.receive({.source = kSwitch,
                  .destination = {},
                  .payload = "BYE sip:1@10.80.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.10;branch="
                             "z9hG4bKx\r\nFrom: <sip:1@x>;tag=1\r\nTo: <sip:2@x>;tag=a0000000000000"
                             "001\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n"},
                 0);
    ASSERT_EQ(faults.count(), 2U);
    EXPECT_EQ(faults.reports()[0].fault, Fault::NotSip);
    EXPECT_EQ(faults.reports()[1].fault, Fault::Stranger);
}

class RegisterLoadTest : public testing::Test {
  protected:
    // The answer to the REGISTER that was sent last, right in all.
    std::string answer() {
        const std::string& request = wire_.sent.back().text;
        return "SIP/2.0 200 OK\r\nVia: " + header(request, "Via") + "=" +
               std::to_string(wire_.sent.back().source.port) +
               "\r\nFrom: " + header(request, "From") + "\r\nTo: " + header(request, "To") +
               ";tag=s\r\nCall-ID: " + header(request, "Call-ID") +
               "\r\nCSeq: " + header(request, "CSeq") +
               "\r\nContact: " + header(request, "Contact") +
               ";expires=3600\r\nContent-Length: 0\r\n\r\n";
    }

    void give(const std::string& text) {
        load_.receive(
            {.source = kSwitch, .destination = wire_.sent.back().source, .payload = text});
    }

    TestWire wire_;
    Faults faults_;
    RegisterLoad load_{{.numbers = 3}, wire_, faults_};
};

TEST_F(RegisterLoadTest, RegistersInTurnAndAgainWithAHigherCSeq) {
    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(load_.send_next());
        give(answer());
    }
    EXPECT_EQ(load_.counts().completed, 6U);
    EXPECT_EQ(faults_.count(), 0U);
    EXPECT_EQ(header(wire_.sent[0].text, "CSeq"), "1 REGISTER");
    EXPECT_EQ(header(wire_.sent[3].text, "CSeq"), "2 REGISTER");
    EXPECT_EQ(header(wire_.sent[0].text, "Call-ID"), header(wire_.sent[3].text, "Call-ID"));
}

TEST_F(RegisterLoadTest, WaitsForThePhoneThatWasNotAnswered) {
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(load_.send_next());
    }
    EXPECT_FALSE(load_.send_next());
    EXPECT_EQ(load_.open(), 3U);
}

TEST_F(RegisterLoadTest, NamesEveryMistake) {
    const std::vector<Mistake> mistakes = {
        {"", "200 OK", "403 Forbidden", Fault::StartLine},
        {"", ";branch=z9hG4bKr", ";branch=z9hG4bKq", Fault::Via},
        {"", ";tag=s", "", Fault::Tag},
        {"", ";tag=r", ";tag=q", Fault::From},
        {"", "Call-ID: ", "Call-ID: 0", Fault::CallId},
        {"", "CSeq: ", "CSeq: 1", Fault::CSeq},
        {"", "Contact: <sip:10", "Contact: <sip:20", Fault::Contact},
        {"", ";expires=3600", "", Fault::Contact},
    };
    for (const Mistake& mistake : mistakes) {
        ASSERT_TRUE(load_.send_next());
        std::string text = answer();
        replace(text, mistake.from, mistake.to);
        Faults before = faults_;
        give(text);
        ASSERT_EQ(faults_.count(), before.count() + 1);
        EXPECT_EQ(sentence(faults_.reports().back().fault), sentence(mistake.fault));
    }
}

} // namespace
} // namespace tandem::bench::load
