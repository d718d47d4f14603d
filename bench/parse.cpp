// SPDX-License-Identifier: Apache-2.0
//
// Benchmark of stage 1: nanoseconds per message over the corpus files hot, mix and invite (see
// bench/corpus/gen_mix.py), by every implementation this processor has; one it lacks has no row.
// One iteration is one message, so the reported time is the result. Reads its files at start, from
// where the build put them.
#include <benchmark/benchmark.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bench/corpus/corpus.hpp"
#include "sipparse/index.hpp"

namespace {

using tandem::bench::Corpus;
using tandem::sipparse::Implementation;
using tandem::sipparse::MessageIndex;
using tandem::sipparse::ParseError;

void index_messages(benchmark::State& state, const Corpus& corpus, Implementation implementation) {
    if (corpus.messages.empty()) {
        state.SkipWithError("the corpus file is missing or damaged");
        return;
    }
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

// One row for each corpus file and each implementation this processor has.
void register_rows() {
    for (const std::string corpus_name : {"hot", "mix", "invite"}) {
        const auto corpus = std::make_shared<const Corpus>(
            tandem::bench::load_corpus(std::string(CORPUS_DIRECTORY) + "/" + corpus_name + ".bin"));
        for (const auto& row : tandem::sipparse::kImplementations) {
            if (!tandem::sipparse::is_supported(row.implementation)) {
                continue;
            }
            const std::string name = "index/" + corpus_name + "/" + std::string(row.name);
            benchmark::RegisterBenchmark(
                name.c_str(), [corpus, implementation = row.implementation](auto& state) {
                    index_messages(state, *corpus, implementation);
                });
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    register_rows();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
