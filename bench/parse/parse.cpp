// SPDX-License-Identifier: Apache-2.0
//
// Benchmark of sipparse: nanoseconds per message over the corpus files hot, mix and invite (see
// bench/corpus/gen_mix.py), by depth and by every implementation of stage 1 this processor has; one
// it lacks has no row. Beside it the parsers that Debian packages, on the same messages in the same
// run. One iteration is one message, so the reported time is the result; ns_per_byte says the rest.
// Reads its files at start, from where the build put them.
//
//   index   stage 1
//   keys    and the hashes of transaction, dialog and call
//   full    and every header that is there, by its parser
//   sdp     and the session description of those that have one
//   response/invite, forward/invite   writing, from an index that is there
//   adversarial/<case>/<size>         inputs made to be expensive, see adversarial_rows.hpp
#include <array>
#include <benchmark/benchmark.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/table_hash.hpp"
#include "bench/corpus/corpus.hpp"
#include "bench/parse/adversarial_rows.hpp"
#include "bench/parse/counters.hpp"
#include "bench/parse/peers.hpp"
#include "sipparse/header_check.hpp"
#include "sipparse/index.hpp"
#include "sipparse/message_keys.hpp"
#include "sipparse/sdp.hpp"
#include "sipparse/writer.hpp"

namespace {

using tandem::bench::Corpus;
using tandem::sipparse::HeaderId;
using tandem::sipparse::Implementation;
using tandem::sipparse::MessageIndex;
using tandem::sipparse::MessageView;
using tandem::sipparse::ParseError;

namespace base = tandem::base;
namespace sipparse = tandem::sipparse;

// What a depth does with a message whose index is there; false: the message is not as it should be.
using Use = bool (*)(const MessageView& view);

const base::TableHash kHash(base::SipHashKey{.low = 1, .high = 2});

bool use_index(const MessageView& view) {
    benchmark::DoNotOptimize(view.header_count());
    return true;
}

bool use_keys(const MessageView& view) {
    const auto parts = sipparse::read_key_parts(view);
    if (!parts) {
        return false;
    }
    auto keys = sipparse::hash_keys(*parts, kHash);
    benchmark::DoNotOptimize(keys);
    return true;
}

bool use_all(const MessageView& view) {
    return sipparse::first_malformed_line(view) == view.header_count();
}

bool use_sdp(const MessageView& view) {
    const auto type = view.find(HeaderId::ContentType);
    if (!type || *type != "application/sdp") {
        return true;
    }
    const auto result = sipparse::parse_sdp(view.body());
    std::uint32_t ports = 0;
    for (const sipparse::SdpMedia& media : result.sdp.medias()) {
        ports += media.port;
    }
    benchmark::DoNotOptimize(ports);
    return result.error == sipparse::SdpError::None;
}

double mean_bytes(const Corpus& corpus) {
    std::size_t bytes = 0;
    for (const std::string_view message : corpus.messages) {
        bytes += message.size();
    }
    return static_cast<double>(bytes) / static_cast<double>(corpus.messages.size());
}

// take(message): false ends the run with an error.
template <class Take>
void run(benchmark::State& state, const Corpus& corpus, Take&& take) {
    if (corpus.messages.empty()) {
        state.SkipWithError("the corpus file is missing or damaged");
        return;
    }
    const auto batch = static_cast<benchmark::IterationCount>(corpus.messages.size());
    while (state.KeepRunningBatch(batch)) {
        for (const std::string_view message : corpus.messages) {
            if (!take(message)) {
                state.SkipWithError("a message of the corpus was refused");
                return;
            }
        }
    }
    tandem::bench::set_bytes(state, mean_bytes(corpus));
}

void parse_messages(benchmark::State& state,
                    const Corpus& corpus,
                    Implementation implementation,
                    Use use) {
    MessageIndex index;
    run(state, corpus, [&](std::string_view message) {
        return sipparse::index_datagram_with(implementation, message, index) == ParseError::None &&
               use({message, &index});
    });
}

bool respond(const MessageView& view, std::array<char, 8192>& out) {
    const auto text = sipparse::write_response(view,
                                               {.status_code = 180,
                                                .reason = "Ringing",
                                                .to_tag = "a1b2c3d4",
                                                .received = "192.0.2.77",
                                                .rport = 5062,
                                                .copy_record_route = true},
                                               out);
    benchmark::DoNotOptimize(text);
    return !text.empty();
}

// As a proxy does it: one Via more, one hop less, the Request-URI of the binding.
bool forward(const MessageView& view, std::array<char, 8192>& out) {
    constexpr std::array kEdits = {
        sipparse::HeaderEdit{.kind = sipparse::EditKind::Prepend,
                             .id = HeaderId::Via,
                             .value = "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKa1deadbeef0300012345"},
        sipparse::HeaderEdit{
            .kind = sipparse::EditKind::Replace, .id = HeaderId::MaxForwards, .value = "69"},
    };
    const auto text = sipparse::write_edited(
        view, {.request_uri = "sip:1001@192.0.2.101:5070", .headers = kEdits}, out);
    benchmark::DoNotOptimize(text);
    return !text.empty();
}

using Write = bool (*)(const MessageView& view, std::array<char, 8192>& out);

// Every message of the corpus is an INVITE, indexed once before.
void write_messages(benchmark::State& state, const Corpus& corpus, Write write) {
    static std::array<MessageIndex, 64> indexes;
    Corpus some;
    for (const std::string_view message : corpus.messages) {
        if (some.messages.size() < indexes.size() && message.starts_with("INVITE ")) {
            if (sipparse::index_datagram(message, indexes[some.messages.size()]) ==
                ParseError::None) {
                some.messages.push_back(message);
            }
        }
    }
    std::array<char, 8192> out = {};
    std::size_t next = 0;
    run(state, some, [&](std::string_view message) {
        const bool good = write({message, &indexes[next]}, out);
        next = next + 1 < some.messages.size() ? next + 1 : 0;
        return good;
    });
}

struct Depth {
    const char* name;
    Use use;
};

constexpr std::array kDepths = {
    Depth{"index", use_index},
    Depth{"keys", use_keys},
    Depth{"full", use_all},
    Depth{"sdp", use_sdp},
};

using SharedCorpus = std::shared_ptr<const Corpus>;

void register_depths(const std::string& corpus_name, const SharedCorpus& corpus) {
    for (const Depth& depth : kDepths) {
        for (const auto& row : sipparse::kImplementations) {
            if (!sipparse::is_supported(row.implementation)) {
                continue;
            }
            const std::string name = depth.name + ("/" + corpus_name) + "/" + std::string(row.name);
            benchmark::RegisterBenchmark(
                name.c_str(),
                [corpus, implementation = row.implementation, use = depth.use](auto& state) {
                    parse_messages(state, *corpus, implementation, use);
                });
        }
    }
}

void register_peers(const std::string& corpus_name, const SharedCorpus& corpus) {
    for (const tandem::bench::Peer& peer : tandem::bench::kPeers) {
        const std::string name = "peer/" + std::string(peer.name) + "/" + corpus_name;
        benchmark::RegisterBenchmark(name.c_str(), [corpus, parse = peer.parse](auto& state) {
            run(state, *corpus, parse);
        });
    }
}

void register_rows() {
    for (const std::string corpus_name : {"hot", "mix", "invite"}) {
        const auto corpus = std::make_shared<const Corpus>(
            tandem::bench::load_corpus(std::string(CORPUS_DIRECTORY) + "/" + corpus_name + ".bin"));
        register_depths(corpus_name, corpus);
        register_peers(corpus_name, corpus);
        if (corpus_name == "invite") {
            benchmark::RegisterBenchmark("response/invite", [corpus](auto& state) {
                write_messages(state, *corpus, respond);
            });
            benchmark::RegisterBenchmark("forward/invite", [corpus](auto& state) {
                write_messages(state, *corpus, forward);
            });
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    register_rows();
    tandem::bench::register_adversarial_rows();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
