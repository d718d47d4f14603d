// SPDX-License-Identifier: Apache-2.0
//
// Benchmark of stage 1: nanoseconds per message over the corpus files hot, mix and invite (see
// bench/corpus/gen_mix.py), by every implementation this processor has. One iteration is one
// message, so the reported time is the result. Reads its files at start, from where the build put
// them.
#include <array>
#include <benchmark/benchmark.h>
#include <cstddef>
#include <cstdint>
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
    if (!tandem::sipparse::is_supported(implementation)) {
        state.SkipWithError("this processor lacks the instructions");
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

constexpr std::array<const char*, 3> kCorpusNames = {"hot", "mix", "invite"};

template <std::size_t kCorpus, Implementation kImplementation>
void index_corpus(benchmark::State& state) {
    const Corpus corpus = tandem::bench::load_corpus(std::string(CORPUS_DIRECTORY) + "/" +
                                                     kCorpusNames[kCorpus] + ".bin");
    index_messages(state, corpus, kImplementation);
}

// The registrations of Google Benchmark are variables that nothing here writes again.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
BENCHMARK_TEMPLATE(index_corpus, 0, Implementation::Scalar)->Name("index/hot/scalar");
BENCHMARK_TEMPLATE(index_corpus, 0, Implementation::Avx2)->Name("index/hot/avx2");
BENCHMARK_TEMPLATE(index_corpus, 0, Implementation::Avx512)->Name("index/hot/avx512");
BENCHMARK_TEMPLATE(index_corpus, 1, Implementation::Scalar)->Name("index/mix/scalar");
BENCHMARK_TEMPLATE(index_corpus, 1, Implementation::Avx2)->Name("index/mix/avx2");
BENCHMARK_TEMPLATE(index_corpus, 1, Implementation::Avx512)->Name("index/mix/avx512");
BENCHMARK_TEMPLATE(index_corpus, 2, Implementation::Scalar)->Name("index/invite/scalar");
BENCHMARK_TEMPLATE(index_corpus, 2, Implementation::Avx2)->Name("index/invite/avx2");
BENCHMARK_TEMPLATE(index_corpus, 2, Implementation::Avx512)->Name("index/invite/avx512");
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

} // namespace

BENCHMARK_MAIN();
