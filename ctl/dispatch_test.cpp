// SPDX-License-Identifier: Apache-2.0
//
// Requests and their answers, without a socket.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "ctl/dispatch.hpp"

namespace tandem::ctl {

namespace {

using nlohmann::json;

constexpr Peer kOwner = {.user_id = 0, .may_write = true};
constexpr Peer kReader = {.user_id = 1234, .may_write = false};

Answer echo(const Arguments& arguments) {
    return json{{"text", arguments.string("text")}};
}

Answer fail(const Arguments& /*arguments*/) {
    return base::Error{Failure{.code = FailureCode::NotFound, .text = "no call 17"}};
}

Answer throw_out(const Arguments& /*arguments*/) {
    throw std::runtime_error("the roof fell in");
}

Answer answer_no_utf8(const Arguments& /*arguments*/) {
    return json{{"wire", "\xFF\xFE"}};
}

Answer answer_much(const Arguments& /*arguments*/) {
    return json(std::string(5000, 'x'));
}

CommandTable table() {
    return {{.path = "echo", .arguments = {{.name = "text", .positional = true}}, .handler = echo},
            {.path = "level",
             .arguments = {{.name = "text", .positional = true, .needs_write = true}},
             .handler = echo},
            {.path = "fail now", .handler = fail},
            {.path = "throw", .handler = throw_out},
            {.path = "wire", .handler = answer_no_utf8},
            {.path = "much", .handler = answer_much},
            {.path = "reset", .access = Access::Write, .handler = echo}};
}

const Dispatcher& dispatcher() {
    static const Dispatcher kDispatcher(
        "dataplane", table(), {.depth_max = 8, .reply_bytes_max = 4096});
    return kDispatcher;
}

json answer_to(const std::string& line, const Peer& peer = kOwner) {
    const auto reply = dispatcher().reply_to(line, peer);
    EXPECT_TRUE(reply.line.ends_with('\n'));
    EXPECT_EQ(reply.line.find('\n'), reply.line.size() - 1);
    return json::parse(reply.line);
}

std::string request(const std::string& method, const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","id":7,"method":")" + method + R"(","params":)" + params + "}";
}

int code_of(const json& answer) {
    return answer.at("error").at("code").get<int>();
}

TEST(DispatchTest, AnswersByPath) {
    const auto answer = answer_to(request("echo", R"({"text":"hello"})"));
    EXPECT_EQ(answer.at("jsonrpc"), "2.0");
    EXPECT_EQ(answer.at("id"), 7);
    EXPECT_EQ(answer.at("result"), json({{"text", "hello"}}));
}

TEST(DispatchTest, AnswersItsOwnMethods) {
    EXPECT_EQ(answer_to(request("ping")).at("result").at("process"), "dataplane");
    const auto commands = answer_to(request("commands")).at("result");
    EXPECT_EQ(commands.at("commands").size(), table().size());
    EXPECT_EQ(commands.at("commands").at(2).at("method"), "fail.now");
}

TEST(DispatchTest, WhatIsNoJsonIsAParseError) {
    for (const std::string line :
         {"", "{", "GET / HTTP/1.1", "{\"a\":\"\xC3\x28\"}", "nul", "\xFF"}) {
        const auto answer = answer_to(line);
        EXPECT_EQ(code_of(answer), -32700) << line;
        EXPECT_TRUE(answer.at("id").is_null());
    }
    EXPECT_EQ(code_of(answer_to(R"({"jsonrpc":"2.0","id":1e999,"method":"ping"})")), -32700);
    EXPECT_EQ(code_of(answer_to(std::string("{\"id\":\0}", 8))), -32700);
}

TEST(DispatchTest, DeepNestingIsRefusedBeforeParsing) {
    const auto answer = answer_to(std::string(60'000, '['));
    EXPECT_EQ(code_of(answer), -32700);
    EXPECT_EQ(answer.at("error").at("message"), "nested deeper than 8 levels");
    // Brackets inside a string are no nesting.
    const auto text = R"({"text":"\")" + std::string(100, '[') + R"("})";
    EXPECT_TRUE(answer_to(request("echo", text)).contains("result"));
}

TEST(DispatchTest, WhatIsNoRequestIsRefused) {
    std::string batch = "[" + request("ping");
    batch += "," + request("ping") + "]";
    for (const auto& line : {std::string("[]"),
                             batch,
                             std::string("7"),
                             std::string("null"),
                             std::string(R"({"id":1,"method":"ping"})"),
                             std::string(R"({"jsonrpc":"1.0","id":1,"method":"ping"})"),
                             std::string(R"({"jsonrpc":"2.0","id":{},"method":"ping"})"),
                             std::string(R"({"jsonrpc":"2.0","id":1})"),
                             std::string(R"({"jsonrpc":"2.0","id":1,"method":["ping"]})")}) {
        EXPECT_EQ(code_of(answer_to(line)), -32600) << line;
    }
    EXPECT_EQ(answer_to("[]").at("error").at("message"),
              "batches are not served: send one object per line");
}

TEST(DispatchTest, AnUnknownMethodGetsTheNearestOne) {
    const auto answer = answer_to(request("ehco"));
    EXPECT_EQ(code_of(answer), -32601);
    EXPECT_EQ(answer.at("error").at("data").at("suggestion"), "echo");
    EXPECT_FALSE(answer_to(request("weather")).at("error").contains("data"));
}

TEST(DispatchTest, WrongArgumentsAreNamed) {
    const auto answer = answer_to(request("echo", R"({"txet":"x"})"));
    EXPECT_EQ(code_of(answer), -32602);
    EXPECT_EQ(answer.at("error").at("message"), "unknown argument 'txet': 'echo' takes text");
    EXPECT_EQ(code_of(answer_to(request("echo", "[1]"))), -32602);
}

TEST(DispatchTest, AHandlerMayFailOrThrow) {
    const auto failed = answer_to(request("fail.now"));
    EXPECT_EQ(code_of(failed), 1);
    EXPECT_EQ(failed.at("error").at("message"), "no call 17");
    const auto thrown = answer_to(request("throw"));
    EXPECT_EQ(code_of(thrown), -32603);
    EXPECT_NE(thrown.at("error").at("message").get<std::string>().find("roof"), std::string::npos);
}

TEST(DispatchTest, AnswersAreValidUtf8AndBounded) {
    EXPECT_EQ(answer_to(request("wire")).at("result").at("wire"), "\uFFFD\uFFFD");
    const auto much = answer_to(request("much"));
    EXPECT_EQ(code_of(much), -32603);
    EXPECT_NE(much.at("error").at("message").get<std::string>().find("4096"), std::string::npos);
}

TEST(DispatchTest, OnlyTheOwnerChangesTheNode) {
    EXPECT_EQ(code_of(answer_to(request("reset"), kReader)), 4);
    EXPECT_TRUE(answer_to(request("reset"), kOwner).contains("result"));
    EXPECT_TRUE(answer_to(request("level"), kReader).contains("result"));
    EXPECT_EQ(code_of(answer_to(request("level", R"({"text":"x"})"), kReader)), 4);
    EXPECT_TRUE(dispatcher().reply_to(request("reset"), kReader).forbidden);
}

TEST(DispatchTest, ANotificationIsRunWithoutAnAnswer) {
    const auto reply = dispatcher().reply_to(R"({"jsonrpc":"2.0","method":"throw"})", kOwner);
    EXPECT_TRUE(reply.failed);
    EXPECT_EQ(reply.line, "");
}

TEST(DispatchTest, EachPrefixOfARequestIsAnswered) {
    const std::string line = request("echo", R"({"text":"aä\u00e4"})");
    for (std::size_t bytes = 0; bytes < line.size(); ++bytes) {
        EXPECT_EQ(code_of(answer_to(line.substr(0, bytes))), -32700) << bytes;
    }
}

} // namespace

} // namespace tandem::ctl
