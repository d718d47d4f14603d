// SPDX-License-Identifier: Apache-2.0
//
// Reads a case line by line. Test code: throws on a line it does not know.
#include "case_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "frame_text.hpp"

namespace tandem::replay {

namespace {

std::uint64_t milliseconds(const std::string& word) {
    if (word.size() < 3 || word.substr(word.size() - 2) != "ms") {
        throw std::runtime_error("no time: " + word);
    }
    return std::stoull(word);
}

void read_setting(const std::string& word, std::istringstream& rest, Case& out) {
    if (word == "core") {
        out.core = true;
    } else if (word == "announces") {
        out.announces = true;
    } else if (word == "mtu") {
        rest >> out.mtu;
    } else if (word == "server-transactions") {
        rest >> out.server_transactions;
    } else if (word == "neighbour") {
        rest >> out.neighbours.emplace_back();
    } else if (word == "end") {
        std::string time;
        rest >> time;
        out.end_ms = milliseconds(time);
    } else if (word == "count") {
        Count& count = out.counts.emplace_back();
        rest >> count.name >> count.expected;
    } else {
        throw std::runtime_error("unknown word " + word);
    }
}

void read_step(std::istringstream& rest, std::size_t line, Case& out) {
    Step& step = out.steps.emplace_back();
    std::string time;
    rest >> time >> step.kind;
    step.at_ms = milliseconds(time);
    step.line = line;
    std::getline(rest >> std::ws, step.words);
    out.end_ms = std::max(out.end_ms, step.at_ms);
}

void read_line(const std::string& text, std::size_t line, Case& out) {
    if (text.empty() || text[0] == '#') {
        return;
    }
    std::istringstream rest(text);
    std::string word;
    rest >> word;
    if (word == "|") {
        // A line of a SIP message; a lone bar is an empty line.
        out.steps.at(out.steps.size() - 1).payload +=
            (text.size() > 2 ? text.substr(2) : "") + "\r\n";
    } else if (word == "bytes") {
        std::string hex;
        rest >> hex;
        out.steps.at(out.steps.size() - 1).payload += bytes_from_hex(hex);
    } else if (word == "fill") {
        std::size_t bytes = 0;
        rest >> bytes;
        out.steps.at(out.steps.size() - 1).payload += std::string(bytes, 'x');
    } else if (word == "at") {
        read_step(rest, line, out);
    } else {
        read_setting(word, rest, out);
    }
}

} // namespace

Case read_case(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("cannot open " + path);
    }
    Case out;
    std::string text;
    for (std::size_t line = 1; std::getline(file, text); ++line) {
        try {
            read_line(text, line, out);
        } catch (const std::exception& error) {
            throw std::runtime_error(fmt::format("{}:{}: {}", path, line, error.what()));
        }
    }
    return out;
}

} // namespace tandem::replay
