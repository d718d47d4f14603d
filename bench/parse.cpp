// SPDX-License-Identifier: Apache-2.0
//
// Benchmark of stage 1: nanoseconds per message over the corpus files hot, mix and invite (see
// bench/corpus/gen_mix.py), by every implementation this processor has. One iteration is one
// message, so the reported time is the result. Reads its files at start, from where the build put
// them.
#include <benchmark/benchmark.h>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/index.hpp"

namespace {

using tandem::sipparse::Implementation;
using tandem::sipparse::MessageIndex;
using tandem::sipparse::ParseError;

struct Corpus {
    std::string bytes;
    std::vector<std::string_view> messages; // into bytes
};

// Length-prefixed messages: u32 little endian, then the bytes. Empty when the file is not that.
Corpus load(const std::string& path) {
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

void index_messages(benchmark::State& state, const Corpus& corpus, Implementation implementation) {
    MessageIndex index;
    const auto batch = static_cast<benchmark::IterationCount>(corpus.messages.size());
    std::uint64_t header_lines = 0;
    while (state.KeepRunningBatch(batch)) {
        for (const std::string_view message : corpus.messages) {
            const auto error = index_datagram_with(implementation, message, index);
            if (error != ParseError::None) {
                state.SkipWithError("a message of the corpus was refused");
                return;
            }
            header_lines += index.header_count;
        }
    }
    benchmark::DoNotOptimize(header_lines);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

// False when a file is missing or damaged.
bool register_benchmarks(const std::vector<Corpus>& corpora,
                         const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < corpora.size(); ++i) {
        const Corpus& corpus = corpora[i];
        if (corpus.messages.empty()) {
            return false;
        }
        const auto add = [&](const char* suffix, Implementation implementation) {
            const std::string name = "index/" + names[i] + "/" + suffix;
            benchmark::RegisterBenchmark(name.c_str(),
                                         [&corpus, implementation](benchmark::State& state) {
                                             index_messages(state, corpus, implementation);
                                         });
        };
        add("scalar", Implementation::Scalar);
        if (tandem::sipparse::is_supported(Implementation::Avx2)) {
            add("avx2", Implementation::Avx2);
        }
    }
    return true;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> names = {"hot", "mix", "invite"};
    std::vector<Corpus> corpora;
    corpora.reserve(names.size());
    for (const std::string& name : names) {
        corpora.push_back(load(std::string(CORPUS_DIRECTORY) + "/" + name + ".bin"));
    }
    if (!register_benchmarks(corpora, names)) {
        return EXIT_FAILURE;
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return EXIT_SUCCESS;
}
