// SPDX-License-Identifier: Apache-2.0
//
// Reads a corpus file of corpus/gen_mix.py: what the micro benchmarks work on. At start; any
// thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::bench {

struct Corpus {
    std::string bytes;
    std::vector<std::string_view> messages; // into bytes
};

// Length-prefixed messages: u32 little endian, then the bytes. Empty when the file is not that.
inline Corpus load_corpus(const std::string& path) {
    Corpus corpus;
    std::ifstream file(path, std::ios::binary);
    corpus.bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    std::string_view rest = corpus.bytes;
    while (rest.size() >= sizeof(std::uint32_t)) {
        std::uint32_t message_bytes = 0;
        std::memcpy(&message_bytes, rest.data(), sizeof(message_bytes));
        rest.remove_prefix(sizeof(message_bytes));
        if (message_bytes > rest.size()) {
            return {};
        }
        corpus.messages.push_back(rest.substr(0, message_bytes));
        rest.remove_prefix(message_bytes);
    }
    return corpus;
}

} // namespace tandem::bench
