// SPDX-License-Identifier: Apache-2.0
//
// A blocking client of the control socket with one deadline over connecting, sending and reading.
#include "cli/process_link.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/monotonic_clock.hpp"
#include "ctl/listen_socket.hpp"

namespace tandem::cli {

namespace {

using Clock = base::MonotonicClock;
using nlohmann::json;

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
// Above what a server sends (ctl::ServerOptions::output_bytes_max); a peer that sends more is not
// one.
constexpr std::size_t kAnswerBytesMax = std::size_t{64} * 1024 * 1024;

LinkFailure unreachable(std::string text) {
    return {.fault = LinkFault::Unreachable, .text = std::move(text)};
}

LinkFailure connect_failure(const std::string& path, int error) {
    const std::string reason = "(" + path + ": " + std::generic_category().message(error) + ")";
    if (error == ENOENT || error == ECONNREFUSED || error == ENOTDIR) {
        return {.fault = LinkFault::NotRunning, .text = "not running " + reason};
    }
    return unreachable("cannot be asked " + reason);
}

// True when the descriptor is ready for `events` before the deadline.
bool wait_for(int descriptor, short events, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd polled = {.fd = descriptor, .events = events, .revents = 0};
        const int wait_ms = static_cast<int>(std::max<std::int64_t>(0, left.count()));
        const int count = ::poll(&polled, 1, wait_ms);
        if (count > 0) {
            return true;
        }
        if (count == 0 || errno != EINTR) {
            return false;
        }
    }
}

base::Result<ctl::Descriptor, LinkFailure> connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return base::Error{connect_failure(path, ENAMETOOLONG)};
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    ctl::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface wants it.
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (!socket.is_open() || ::connect(socket.number(), generic, sizeof address) != 0) {
        return base::Error{connect_failure(path, errno)};
    }
    return socket;
}

// Nothing, or why not all of `text` left in time.
std::optional<LinkFailure> send_all(int descriptor, std::string_view text, Clock::time_point end) {
    while (!text.empty()) {
        if (!wait_for(descriptor, POLLOUT, end)) {
            return unreachable("gave no answer in time");
        }
        const ssize_t count =
            ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EAGAIN && errno != EINTR) {
            // A server that is full says so and closes before it reads: its line is still there.
            return std::nullopt;
        }
    }
    return std::nullopt;
}

base::Result<std::string, LinkFailure> read_line(int descriptor, Clock::time_point end) {
    std::string line;
    std::array<char, kReadBytes> bytes{};
    while (line.size() <= kAnswerBytesMax) {
        if (!wait_for(descriptor, POLLIN, end)) {
            return base::Error{unreachable("gave no answer in time")};
        }
        const ssize_t count = ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count > 0) {
            const auto* last = bytes.data() + count;
            const auto* newline = std::find(std::as_const(bytes).data(), last, '\n');
            line.append(std::as_const(bytes).data(), newline);
            if (newline != last) {
                return line;
            }
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            return base::Error{unreachable("closed the connection without an answer")};
        }
    }
    return base::Error{unreachable("sent an answer without end")};
}

base::Result<json, LinkFailure> result_of(const std::string& line) {
    const json answer = json::parse(line, nullptr, false);
    if (answer.is_object() && answer.contains("result")) {
        return answer.at("result");
    }
    if (!answer.is_object() || !answer.contains("error") || !answer.at("error").is_object()) {
        return base::Error{unreachable("sent what is no answer of a control socket")};
    }
    const json& error = answer.at("error");
    LinkFailure failure{.fault = LinkFault::Failed, .text = "failed without a reason"};
    if (error.value("code", json()).is_number_integer()) {
        failure.code = static_cast<ctl::FailureCode>(error.at("code").get<std::int32_t>());
    }
    if (error.value("message", json()).is_string()) {
        failure.text = error.at("message").get<std::string>();
    }
    return base::Error{std::move(failure)};
}

} // namespace

ProcessLink::ProcessLink(const std::string& run_directory, std::string name, std::string title)
    : name_(std::move(name)), title_(std::move(title)),
      socket_path_(run_directory + "/" + name_ + ".sock"),
      table_path_(run_directory + "/" + name_ + ".commands.json") {}

base::Result<json, LinkFailure> ProcessLink::ask(std::string_view method,
                                                 const json& params,
                                                 std::chrono::milliseconds timeout) const {
    const auto deadline = Clock::now() + timeout;
    const auto socket = connect_to(socket_path_);
    if (!socket) {
        return base::Error{socket.error()};
    }
    json request = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}};
    if (!params.empty()) {
        request["params"] = params;
    }
    const std::string text = request.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    if (auto failure = send_all(socket->number(), text, deadline)) {
        return base::Error{std::move(*failure)};
    }
    const auto line = read_line(socket->number(), deadline);
    if (!line) {
        return base::Error{line.error()};
    }
    return result_of(*line);
}

base::Result<ctl::CommandTable, std::string> ProcessLink::table_from_file() const {
    std::ifstream file(table_path_);
    if (!file) {
        return base::Error{table_path_ + " is not there"};
    }
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto table = ctl::commands_from_json(text);
    return table ? std::move(table) : base::Error{table_path_ + ": " + table.error()};
}

} // namespace tandem::cli
