// SPDX-License-Identifier: Apache-2.0
//
// Reads .case files.
#include "tests/torture/torture_case.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tandem::torture {

namespace {

unsigned hex_value(char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

std::string unescape(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            continue;
        }
        if (text[i] != '\\' || i + 1 == text.size()) {
            bytes += text[i];
            continue;
        }
        ++i;
        if (text[i] == 'x' && i + 2 < text.size()) {
            bytes += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            bytes += text[i] == 'r' ? '\r' : text[i] == 'n' ? '\n' : text[i];
        }
    }
    return bytes;
}

void read_head_line(const std::string& line, TortureCase& result) {
    const std::size_t colon = line.find(": ");
    const std::string key = line.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : line.substr(colon + 2);
    if (key == "section") {
        result.section = value;
    } else if (key == "title") {
        result.title = value;
    } else if (key == "expect") {
        const std::size_t equals = value.find(" = ");
        result.expectations.push_back({value.substr(0, equals), value.substr(equals + 3)});
    }
}

TortureCase read_case(const std::filesystem::path& path) {
    TortureCase result;
    result.name = path.stem().string();
    std::ifstream file(path, std::ios::binary);
    std::string line;
    while (std::getline(file, line) && line != "---") {
        read_head_line(line, result);
    }
    std::ostringstream rest;
    rest << file.rdbuf();
    result.message = unescape(rest.str());
    return result;
}

std::string escape_byte(char c) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (c == '\r' || c == '\n' || c == '\\') {
        return {'\\', c == '\r' ? 'r' : c == '\n' ? 'n' : c};
    }
    if (c >= ' ' && c <= '~') {
        return {c};
    }
    const auto byte = static_cast<unsigned char>(c);
    return {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
}

} // namespace

std::string escape(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        text += escape_byte(c);
    }
    if (text.ends_with(' ')) {
        text.replace(text.size() - 1, 1, "\\x20"); // editors take blanks away
    }
    return text;
}

std::vector<TortureCase> load_cases(std::string_view folder) {
    std::vector<TortureCase> cases;
    const std::filesystem::path directory = std::filesystem::path(TORTURE_DIRECTORY) / folder;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.path().extension() == ".case") {
            cases.push_back(read_case(entry.path()));
        }
    }
    std::ranges::sort(cases, {}, &TortureCase::name);
    return cases;
}

} // namespace tandem::torture
