// SPDX-License-Identifier: Apache-2.0
//
// The server over a real socket in a directory of its own: who takes the place of whom, and what
// rude clients can and cannot do.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/listen_socket.hpp"
#include "ctl/server.hpp"

namespace tandem::ctl {

namespace {

using nlohmann::json;

constexpr const char* kPing = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
constexpr const char* kMuch = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"much\"}\n";

CommandTable table() {
    return {{.path = "much", .handler = [](const Arguments&) -> Answer {
                 return json(std::string(500'000, 'x'));
             }}};
}

// A client that gives up after some seconds instead of hanging the suite.
class Client {
  public:
    explicit Client(const std::string& path)
        : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), path.size());
        is_connected_ = ::connect(socket_.number(),
                                  reinterpret_cast<const sockaddr*>(&address),
                                  sizeof address) == 0;
        const timeval patience = {.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }

    [[nodiscard]] bool is_connected() const { return is_connected_; }

    // False when the server closed.
    [[nodiscard]] bool send(std::string_view text) const {
        while (!text.empty()) {
            const auto count = ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void finish_sending() const { ::shutdown(socket_.number(), SHUT_WR); }

    // One line without its newline; nothing when the server closed.
    [[nodiscard]] std::optional<std::string> line() {
        for (;;) {
            const auto end = unread_.find('\n');
            if (end != std::string::npos) {
                auto line = unread_.substr(0, end);
                unread_.erase(0, end + 1);
                return line;
            }
            char bytes[4096];
            const auto count = ::recv(socket_.number(), bytes, sizeof bytes, 0);
            if (count <= 0) {
                EXPECT_FALSE(count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) << "silent";
                return std::nullopt;
            }
            unread_.append(bytes, static_cast<std::size_t>(count));
        }
    }

    [[nodiscard]] json answer() {
        const auto text = line();
        return text ? json::parse(*text) : json("closed");
    }

  private:
    Descriptor socket_;
    bool is_connected_ = false;
    std::string unread_;
};

class ServerTest : public testing::Test {
  public:
    ServerTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "ctl-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        options_.run_directory = directory_ + "/run";
        options_.process = "dataplane";
        options_.log = [this](std::string_view line) {
            const std::lock_guard lock(log_mutex_);
            log_ += std::string(line) + "\n";
        };
    }

    ServerTest(const ServerTest&) = delete;
    ServerTest& operator=(const ServerTest&) = delete;

    ~ServerTest() override {
        server_.reset();
        std::filesystem::remove_all(directory_);
    }

  protected:
    // "" or why the server did not start.
    std::string start() {
        auto server = Server::start(options_, table());
        if (!server) {
            return server.error();
        }
        server_ = std::move(*server);
        return "";
    }

    [[nodiscard]] std::string path() const { return options_.run_directory + "/dataplane.sock"; }

    [[nodiscard]] std::string log() {
        const std::lock_guard lock(log_mutex_);
        return log_;
    }

    void expect_served() const {
        Client client(path());
        ASSERT_TRUE(client.is_connected());
        ASSERT_TRUE(client.send(kPing));
        EXPECT_EQ(client.answer().at("result").at("process"), "dataplane");
    }

    std::string directory_;
    ServerOptions options_;
    std::unique_ptr<Server> server_;

  private:
    std::mutex log_mutex_;
    std::string log_;
};

TEST_F(ServerTest, MakesItsPlaceWithTheRightModes) {
    const auto mask = ::umask(0077);
    const auto fault = start();
    ::umask(mask);
    ASSERT_EQ(fault, "");
    struct stat status = {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0660U);
    ASSERT_EQ(::stat(options_.run_directory.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0755U);
    expect_served();
}

TEST_F(ServerTest, LeavesItsTableButNotItsSocket) {
    ASSERT_EQ(start(), "");
    server_.reset();
    EXPECT_FALSE(std::filesystem::exists(path()));
    std::ifstream file(options_.run_directory + "/dataplane.commands.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(text, commands_json("dataplane", table()));
}

TEST_F(ServerTest, TakesTheFirstStartedOfTwo) {
    ASSERT_EQ(start(), "");
    auto second = Server::start(options_, table());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), "another process answers on " + path());
    expect_served();
}

TEST_F(ServerTest, TakesThePlaceOfTheDead) {
    ASSERT_EQ(make_directory(options_.run_directory), std::nullopt);
    {
        // The descriptor closes and the file stays: what kill -9 leaves.
        const auto dead = listen_on(options_.run_directory, path());
        ASSERT_TRUE(dead);
    }
    ASSERT_TRUE(std::filesystem::exists(path()));
    ASSERT_EQ(start(), "");
    expect_served();
}

TEST_F(ServerTest, LeavesAloneWhatIsNoSocket) {
    ASSERT_EQ(make_directory(options_.run_directory), std::nullopt);
    std::ofstream(path()) << "precious";
    EXPECT_EQ(start(), path() + " is in the way: it is not a socket");
    EXPECT_EQ(std::filesystem::file_size(path()), 8U);
}

TEST_F(ServerTest, DoesNotRemoveTheSocketOfItsSuccessor) {
    ASSERT_EQ(start(), "");
    std::filesystem::remove(path());
    auto successor = Server::start(options_, table());
    ASSERT_TRUE(successor);
    server_.reset();
    expect_served();
}

TEST_F(ServerTest, RefusesAPathThatIsTooLongAndAFaultyTable) {
    options_.run_directory += "/" + std::string(120, 'd');
    EXPECT_NE(start().find("at most 107 bytes"), std::string::npos);
    options_.run_directory = directory_;
    auto twice = table();
    twice.push_back(twice.front());
    const auto server = Server::start(options_, twice);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error(), "command 'much' stands there twice");
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(ServerTest, ServesManyClientsAtOnce) {
    ASSERT_EQ(start(), "");
    constexpr int kClients = 32;
    std::vector<std::future<int>> clients;
    clients.reserve(kClients);
    for (int at = 0; at < kClients; ++at) {
        clients.push_back(std::async(std::launch::async, [this] {
            int answers = 0;
            Client client(path());
            for (int round = 0; round < 20; ++round) {
                answers += client.send(kPing) && client.answer().contains("result") ? 1 : 0;
            }
            return answers;
        }));
    }
    for (auto& client : clients) {
        EXPECT_EQ(client.get(), 20);
    }
    EXPECT_EQ(server_->counters().requests, 640U);
}

TEST_F(ServerTest, ServesLinesHoweverTheyAreCut) {
    ASSERT_EQ(start(), "");
    Client client(path());
    const std::string two = std::string(kPing) + kPing;
    for (const char byte : two) {
        ASSERT_TRUE(client.send({&byte, 1}));
    }
    EXPECT_TRUE(client.answer().contains("result"));
    EXPECT_TRUE(client.answer().contains("result"));
    ASSERT_TRUE(client.send(two + "garbage\n" + kPing));
    EXPECT_TRUE(client.answer().contains("result"));
    EXPECT_TRUE(client.answer().contains("result"));
    EXPECT_EQ(client.answer().at("error").at("code"), -32700);
    EXPECT_TRUE(client.answer().contains("result"));
}

TEST_F(ServerTest, AnswersAClientThatOnlyFinishedSending) {
    ASSERT_EQ(start(), "");
    Client client(path());
    ASSERT_TRUE(client.send(kMuch));
    client.finish_sending();
    EXPECT_EQ(client.answer().at("result").get<std::string>().size(), 500'000U);
    EXPECT_EQ(client.line(), std::nullopt);
}

TEST_F(ServerTest, EndsAClientWithAGiantLine) {
    options_.line_bytes_max = 1000;
    ASSERT_EQ(start(), "");
    Client client(path());
    // The server may close before all of it is sent.
    static_cast<void>(client.send(std::string(200'000, 'x')));
    EXPECT_EQ(client.answer().at("error").at("message"), "a line has at most 1000 bytes");
    EXPECT_EQ(client.line(), std::nullopt);
    expect_served();
    EXPECT_EQ(server_->counters().clients_dropped, 1U);
    EXPECT_NE(log().find("too long"), std::string::npos);
}

TEST_F(ServerTest, SurvivesClientsThatVanish) {
    ASSERT_EQ(start(), "");
    for (int round = 0; round < 20; ++round) {
        Client in_the_middle_of_an_answer(path());
        ASSERT_TRUE(in_the_middle_of_an_answer.send(kMuch));
        Client in_the_middle_of_a_line(path());
        ASSERT_TRUE(in_the_middle_of_a_line.send(std::string_view(kPing).substr(0, 10)));
        const Client silent(path());
    }
    expect_served();
}

TEST_F(ServerTest, DropsASlowReader) {
    options_.output_bytes_max = 1'000'000;
    ASSERT_EQ(start(), "");
    Client slow(path());
    // Until the socket's own buffer is full and the server's is too, the server keeps on taking.
    bool taken = true;
    for (int round = 0; round < 100 && taken; ++round) {
        taken = slow.send(kMuch);
    }
    int answers = 0;
    while (slow.line()) {
        ++answers;
    }
    EXPECT_LT(answers, 100);
    EXPECT_EQ(server_->counters().clients_dropped, 1U);
    EXPECT_NE(log().find("does not read"), std::string::npos);
    expect_served();
}

TEST_F(ServerTest, DropsAnIdleClient) {
    options_.idle_timeout = std::chrono::milliseconds(50);
    ASSERT_EQ(start(), "");
    Client idle(path());
    EXPECT_EQ(idle.line(), std::nullopt);
    Client half(path());
    ASSERT_TRUE(half.send("{"));
    EXPECT_EQ(half.line(), std::nullopt);
    EXPECT_EQ(server_->counters().clients_dropped, 2U);
}

TEST_F(ServerTest, RefusesMoreClientsThanItServes) {
    options_.clients_max = 2;
    ASSERT_EQ(start(), "");
    Client first(path());
    Client second(path());
    ASSERT_TRUE(first.send(kPing) && second.send(kPing));
    EXPECT_TRUE(first.answer().contains("result"));
    EXPECT_TRUE(second.answer().contains("result"));
    Client third(path());
    EXPECT_EQ(third.answer().at("error").at("message"), "this socket serves 2 clients already");
    EXPECT_EQ(third.line(), std::nullopt);
    EXPECT_EQ(server_->counters().clients_refused, 1U);
    ASSERT_TRUE(first.send(kPing));
    EXPECT_TRUE(first.answer().contains("result"));
}

TEST_F(ServerTest, EndsWhileClientsWait) {
    ASSERT_EQ(start(), "");
    Client client(path());
    ASSERT_TRUE(client.send(kPing));
    EXPECT_TRUE(client.answer().contains("result"));
    server_.reset();
    EXPECT_EQ(client.line(), std::nullopt);
}

} // namespace

} // namespace tandem::ctl
