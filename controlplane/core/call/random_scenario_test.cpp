// SPDX-License-Identifier: Apache-2.0
//
// Thousands of calls whose parties do anything at any time: answer, refuse, say nothing, cancel,
// hang up, refresh, cross each other. Whatever happens, each request gets exactly one final
// response, each final response of an INVITE its ACK, nothing is left in the pools, and the same
// seed gives the same bytes.
#include <map>
#include <random>
#include <set>

#include "controlplane/core/test_phone.hpp"

namespace tandem::controlplane {
namespace {

constexpr const char* kCallers[] = {"1000", "1001", "1002", "1003", "1004"};
constexpr const char* kTargets[] = {"1005", "1006", "1020", "1010", "9555", "4711"};

config::Configuration busy_configuration() {
    auto configuration = call_configuration();
    configuration.application.max_calls_at_once = 40;
    configuration.trunks.front().capacity = 5;
    return configuration;
}

class World {
  public:
    explicit World(std::uint32_t seed) : random_(seed), home_(busy_configuration()) {
        home_.give_slots(60'000);
        register_fork();
    }

    void run(int actions) {
        for (int i = 0; i < actions; ++i) {
            act();
            collect();
        }
        drain();
        check();
    }

    [[nodiscard]] const std::string& log() const { return home_.effects.log; }

  private:
    // A request of the core that waits for responses.
    struct Open {
        SentRequest request;
        Phone* phone;
        bool cancelled = false;
        bool provisional = false;
    };

    struct Party {
        Phone* phone;
        bool caller;
        bool in_dialog = false;
        bool ack_due = false;
        bool over = false;
        std::string prack = {}; // RAck line of a reliable response to acknowledge
    };

    struct Served {
        int finals = 0;
        std::string method;
        Party* party = nullptr;
    };

    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }

    Phone& new_phone(const std::string& number, const std::string& place) {
        phones_.push_back(std::make_unique<Phone>(home_, number, place));
        phones_.back()->set_tag("r" + std::to_string(phones_.size()));
        return *phones_.back();
    }

    Party& new_party(Phone& phone, bool caller) {
        parties_.push_back(std::make_unique<Party>(Party{.phone = &phone, .caller = caller}));
        live_.push_back(parties_.back().get());
        return *parties_.back();
    }

    void register_fork() {
        home_.receive(Message("REGISTER sip:10.77.0.10 SIP/2.0\r\nVia: SIP/2.0/UDP "
                              "10.77.0.101:5080;branch=z9hG4bKr\r\nFrom: <sip:1020@x>;tag=f\r\nTo: "
                              "<sip:1020@x>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nExpires: 3600\r\n"
                              "Contact: <sip:1020@10.77.0.101:5080>, <sip:1020@10.77.0.102:5080>, "
                              "<sip:1020@10.77.0.103:5080>\r\nContent-Length: 0\r\n\r\n"),
                      endpoint_of("10.77.0.101:5080"));
        home_.take_response(200);
    }

    void act() {
        const auto dice = below(100);
        if (dice < 12) {
            start_call();
        } else if (dice < 60 && !open_.empty()) {
            answer_one();
        } else if (dice < 96 && !live_.empty()) {
            party_acts(*live_[below(static_cast<std::uint32_t>(live_.size()))]);
        } else {
            home_.pass_ns((1 + below(40)) * base::kNsPerS / 10);
        }
    }

    void start_call() {
        auto& phone = new_phone(kCallers[below(std::size(kCallers))], "10.77.0.100:5060");
        auto& party = new_party(phone, true);
        static const std::string kHeaders[] = {
            "", "Supported: 100rel, timer\r\n", "Supported: timer\r\nSession-Expires: 90\r\n"};
        serve(phone.call(kTargets[below(std::size(kTargets))],
                         {.headers = kHeaders[below(3)], .body = below(4) == 0 ? "" : kOffer}),
              "INVITE",
              &party);
    }

    void serve(transaction::ServerHandle handle, const std::string& method, Party* party) {
        auto& served = served_[handle.packed()];
        served.method = method;
        served.party = party;
    }

    void answer_one() {
        const auto at = below(static_cast<std::uint32_t>(open_.size()));
        auto open = open_[at];
        open_.erase(open_.begin() + at);
        if (open.request.method() == "INVITE") {
            return answer_invite(open);
        }
        const auto dice = below(20);
        if (dice == 0) {
            return home_.client_timeout(open.request);
        }
        open.phone->respond_to(open.request, dice == 1 ? 481 : (dice == 2 ? 500 : 200));
    }

    void answer_invite(Open open) {
        const auto dice = below(100);
        auto& phone = *open.phone;
        if (open.cancelled && dice < 70) {
            return refuse(open, 487);
        }
        if (dice < 30) {
            const std::string rseq = std::to_string(5 + open.provisional);
            const bool reliable = dice < 8;
            phone.respond_to(
                open.request,
                dice < 15 ? 183 : 180,
                {.headers = reliable ? "Require: 100rel\r\nRSeq: " + rseq + "\r\n" : "",
                 .body = dice < 15 ? kAnswer : "",
                 .tag = dice % 5 == 0 ? phone.tag() + "x" : ""});
            open.provisional = true;
            open_.push_back(open);
        } else if (dice < 35) {
            phone.respond_to(open.request, 100);
            open_.push_back(open);
        } else if (dice < 75) {
            accept(open);
        } else if (dice < 80 && !open.provisional) {
            home_.client_timeout(open.request);
        } else {
            const int statuses[] = {486, 480, 603, 503, 404, 491, 422};
            refuse(open, statuses[below(std::size(statuses))]);
        }
    }

    void refuse(const Open& open, int status) {
        expected_acks_.insert(open.request.get("Call-ID") + "/" + open.request.get("Via"));
        open.phone->respond_to(open.request, status);
    }

    void accept(const Open& open) {
        const bool dialog = open.request.tag("To").empty();
        const auto cseq = open.request.get("CSeq");
        expected_acks_.insert(open.request.get("Call-ID") + "/" + cseq.substr(0, cseq.find(' ')));
        if (dialog) {
            open.phone->ring(open.request);
            new_party(*open.phone, false).in_dialog = true;
        }
        open.phone->respond_to(open.request, 200, {.body = kAnswer});
    }

    void party_acts(Party& party) {
        auto& phone = *party.phone;
        const auto dice = below(100);
        if (party.over) {
            std::erase(live_, &party);
        } else if (party.ack_due && dice < 60) {
            party.ack_due = false;
            phone.ack({.body = kAnswer});
        } else if (party.ack_due && dice < 66) {
            party.ack_due = false;
            home_.server_timeout(phone.invite(), transaction::TimeoutKind::TwoXxAck);
        } else if (!party.prack.empty() && dice < 70) {
            send(party, "PRACK", {.headers = std::exchange(party.prack, {})});
        } else if (!party.in_dialog) {
            if (party.caller && dice < 15) {
                serve(phone.cancel(), "CANCEL", &party);
            }
        } else if (dice < 45) {
            act_in_dialog(party, dice);
        }
    }

    void act_in_dialog(Party& party, std::uint32_t dice) {
        if (dice < 12) {
            party.over = true;
            send(party, "BYE", {});
        } else if (dice < 20) {
            send(party, "INFO", {.body = "dtmf"});
        } else if (dice < 30 && !party.ack_due) {
            send(party, "UPDATE", {.body = dice % 2 == 0 ? kOffer : ""});
        } else if (!party.ack_due) {
            send(party, "INVITE", {.body = dice % 3 == 0 ? "" : kOffer});
            if (dice % 7 == 0) {
                collect();
                serve(party.phone->cancel(), "CANCEL", &party);
            }
        }
    }

    void send(Party& party, const std::string& method, const Extra& extra) {
        serve(party.phone->send(method, extra), method, &party);
    }

    // Takes what the core sent.
    void collect() {
        auto& effects = home_.effects;
        for (auto& request : effects.requests) {
            const auto place = std::string("10.77.0.101:5070");
            if (request.method() == "CANCEL") {
                for (auto& open : open_) {
                    open.cancelled =
                        open.cancelled || open.request.out.transaction == request.out.invite;
                }
            }
            open_.push_back({.request = request, .phone = &new_phone("1001", place)});
        }
        effects.requests.clear();
        for (auto& response : effects.responses) {
            take(response);
        }
        effects.responses.clear();
        for (auto& ack : effects.acks) {
            const auto cseq = ack.get("CSeq");
            seen_acks_.insert(ack.get("Call-ID") + "/" + ack.get("Via"));
            seen_acks_.insert(ack.get("Call-ID") + "/" + cseq.substr(0, cseq.find(' ')));
        }
        effects.acks.clear();
    }

    void take(const SentResponse& response) {
        auto& served = served_[response.out.transaction.packed()];
        EXPECT_EQ(served.finals, 0) << "after the final response\n" << response.text();
        served.finals += response.status() >= 200 ? 1 : 0;
        auto* party = served.party;
        if (party == nullptr || served.method != "INVITE") {
            return;
        }
        const bool initial = party->caller && !party->in_dialog;
        if (response.out.reliable && initial) {
            party->phone->take_dialog(response);
            party->prack = "RAck: " + response.get("RSeq") + " 1 INVITE\r\n";
        }
        if (response.status() >= 300 && initial) {
            party->over = true;
        } else if (response.status() >= 200 && response.status() < 300) {
            party->phone->take_dialog_if(initial, response);
            party->in_dialog = true;
            party->ack_due = true;
        }
    }

    // Everybody answers what is open, then nobody says anything for a long time.
    void drain() {
        for (int round = 0; round < 40; ++round) {
            collect();
            auto open = std::exchange(open_, {});
            for (auto& each : open) {
                if (each.request.method() == "INVITE") {
                    refuse(each, each.cancelled ? 487 : 486);
                } else {
                    each.phone->respond_to(each.request, 200);
                }
                collect();
            }
            for (auto& party : parties_) {
                if (party->ack_due) {
                    party->ack_due = false;
                    home_.server_timeout(party->phone->invite(),
                                         transaction::TimeoutKind::TwoXxAck);
                } else if (party->in_dialog && !party->over) {
                    party->over = true;
                    send(*party, "BYE", {});
                }
                collect();
            }
        }
        home_.pass(300);
        collect();
        home_.pass(300);
        collect();
    }

    void check() {
        for (const auto& [handle, served] : served_) {
            EXPECT_EQ(served.finals, 1) << served.method << " " << handle;
        }
        for (const auto& wanted : expected_acks_) {
            EXPECT_TRUE(seen_acks_.contains(wanted)) << wanted;
        }
        home_.expect_no_leak();
        EXPECT_GT(home_.counter(CoreCounter::CallsAnswered), 50U);
        EXPECT_EQ(home_.counter(CoreCounter::CallsStarted), home_.counter(CoreCounter::CallsEnded));
    }

    std::mt19937 random_;
    TestSwitch home_;
    std::vector<std::unique_ptr<Phone>> phones_;
    std::vector<std::unique_ptr<Party>> parties_;
    std::vector<Party*> live_;
    std::vector<Open> open_;
    std::map<std::uint64_t, Served> served_;
    std::set<std::string> expected_acks_;
    std::set<std::string> seen_acks_;
};

class RandomScenarioTest : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomScenarioTest, NothingIsLostAndNothingIsLeft) {
    World world(GetParam());
    world.run(4'000);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomScenarioTest, ::testing::Range(1U, 13U));

TEST(RandomScenarioRepeatTest, TheSameSeedGivesTheSameBytes) {
    World first(99);
    World second(99);
    first.run(1'500);
    second.run(1'500);
    EXPECT_EQ(first.log(), second.log());
}

} // namespace
} // namespace tandem::controlplane
