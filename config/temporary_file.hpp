// SPDX-License-Identifier: Apache-2.0
//
// A file with a given text that lives as long as the object: what the tests of this room hand to
// load_file(). Only tests include it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <unistd.h>

#include "config/load_file.hpp"

namespace tandem::config {

class TemporaryFile {
  public:
    explicit TemporaryFile(std::string_view text) : path_(testing::TempDir() + "tandem-XXXXXX") {
        const int descriptor = ::mkstemp(path_.data());
        EXPECT_GE(descriptor, 0);
        ::close(descriptor);
        std::ofstream(path_, std::ios::binary) << text;
    }

    ~TemporaryFile() { ::unlink(path_.c_str()); }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    TemporaryFile(TemporaryFile&&) = delete;
    TemporaryFile& operator=(TemporaryFile&&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// Every problem of a text as "line: text", or "" when it loads.
inline std::string problems_of(std::string_view text) {
    const TemporaryFile file(text);
    const auto loaded = load_file(file.path());
    std::string lines;
    if (!loaded) {
        for (const Problem& problem : loaded.error()) {
            EXPECT_EQ(problem.file, file.path());
            lines += std::to_string(problem.line) + ": " + problem.text + "\n";
        }
    }
    return lines;
}

// The least that a file needs, on lines 1 to 3.
constexpr std::string_view kLeastFile =
    "application: { sip-address = \"10.77.0.10\"; };\n"
    "ports = ( { name = \"sip0\"; device = \"net_null0\"; address = \"10.77.0.1\"; } );\n"
    "dns = ( { type = \"Extension\"; numbers = \"1000\"; contact = \"*\"; } );\n";

} // namespace tandem::config
