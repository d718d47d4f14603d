// SPDX-License-Identifier: Apache-2.0
//
// Adversarial inputs (bench/corpus/adversarial.hpp), each nearly as long as the longest message:
// what becomes of them, by every implementation of stage 1. Never how long it takes; that the cost
// of a byte does not grow with their number is what bench/parse shows on the same inputs.
#include <memory>
#include <ostream>
#include <string>

#include "gtest/gtest.h"

#include "bench/corpus/adversarial.hpp"
#include "bench/corpus/adversarial_walk.hpp"
#include "tests/torture/index_by_all.hpp"
#include "tests/torture/observation.hpp"

namespace tandem::bench {

// For the words of a failed comparison.
static bool operator==(const AdversarialOutcome& left, const AdversarialOutcome& right) {
    return left.error == right.error && left.has_keys == right.has_keys &&
           left.defect == right.defect && left.malformed == right.malformed &&
           left.elements == right.elements && left.is_equal == right.is_equal &&
           left.written == right.written;
}

static void PrintTo(const AdversarialOutcome& outcome, std::ostream* out) {
    *out << "error " << outcome.error << ", keys " << outcome.has_keys << ", defect "
         << outcome.defect << ", malformed " << outcome.malformed << ", elements "
         << outcome.elements << ", equal " << outcome.is_equal << ", written " << outcome.written;
}

} // namespace tandem::bench

namespace tandem::sipparse {

static void PrintTo(const ImplementationRow& row, std::ostream* out) {
    *out << row.name;
}

} // namespace tandem::sipparse

namespace tandem::torture {

namespace {

using bench::AdversarialCase;
using bench::AdversarialKind;
using bench::AdversarialOutcome;
using bench::AdversarialWalk;
using bench::kAdversarialBytesMax;
using bench::kAdversarialCases;
using bench::kAdversarialSizes;

struct Expected {
    std::string_view name;
    AdversarialOutcome outcome;
};

constexpr std::string_view kWellFormed = "well formed";
constexpr std::string_view kWellFramed = "well framed";
constexpr std::string_view kAccepted = "accepted";

// A message nothing is wrong with, as far as whoever handles it looks.
constexpr AdversarialOutcome taken(std::size_t elements) {
    return {.error = kWellFormed,
            .has_keys = true,
            .defect = kWellFormed,
            .elements = elements,
            .written = 2};
}

// A message that stage 1 refuses; what there is of it is as it should be.
constexpr AdversarialOutcome damaged(std::string_view error, std::size_t elements) {
    AdversarialOutcome outcome = taken(elements);
    outcome.error = error;
    return outcome;
}

// In the order of kAdversarialCases. A refusal and a message passed on are written for each of
// them, an Unsupported where there is one to be.
constexpr auto kExpected = std::to_array<Expected>({
    {"commas", taken(1)},
    {"contacts", taken(6537)},
    {"option-tags",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "extension not supported",
      .elements = 9338,
      .written = 3}},
    {"digest-params", taken(1)},
    {"vias", taken(4671)},
    {"vias-spaced", taken(5450)},
    {"params", taken(1)},
    {"params-of-via", taken(1)},
    {"semicolons",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "malformed From",
      .malformed = "From",
      .elements = 1,
      .written = 2}},
    {"quotes",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "malformed Contact",
      .malformed = "Contact",
      .elements = 2,
      .written = 2}},
    {"quoted-commas",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "malformed Contact",
      .malformed = "Contact",
      .elements = 16340,
      .written = 2}},
    {"backslashes",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "malformed Contact",
      .malformed = "Contact",
      .elements = 2,
      .written = 2}},
    {"open-brackets",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "malformed Contact",
      .malformed = "Contact",
      .elements = 2,
      .written = 2}},
    {"bracket-lists",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = "malformed Route",
      .malformed = "Route",
      .elements = 3,
      .written = 2}},
    {"open-comments",
     {.error = kWellFormed,
      .has_keys = true,
      .defect = kWellFormed,
      .malformed = "User-Agent",
      .elements = 1,
      .written = 2}},
    {"nested-comments", taken(1)},
    {"comments", taken(1)},
    {"via-lines",
     {.error = "too many header lines",
      .has_keys = true,
      .defect = kWellFormed,
      .malformed = "Via",
      .elements = 249,
      .written = 2}},
    {"late-vias", taken(120)},
    {"lines-of-a-name", damaged("too many header lines", 249)},
    {"long-names", damaged("too many header lines", 1)},
    {"name-too-long", damaged("header name longer than 255 bytes", 1)},
    {"blanks-before-colon", taken(1)},
    {"blanks-behind-colon", taken(1)},
    {"blanks-in-value", taken(2)},
    {"folds", taken(13074)},
    {"empty-folds", taken(1)},
    {"colons",
     {.error = kWellFormed,
      .has_keys = false,
      .defect = "malformed Via",
      .malformed = "Via",
      .elements = 1,
      .written = 2}},
    {"colon-lines", damaged("malformed header line", 1)},
    {"lines-without-colon", damaged("malformed header line", 1)},
    {"lone-cr", damaged("carriage return without line feed", 1)},
    {"lone-cr-in-lines", damaged("carriage return without line feed", 1)},
    {"lone-lf", taken(1)},
    {"lone-lf-at-lines", damaged("too many header lines", 1)},
    {"no-empty-line", damaged("no empty line after the headers", 1)},
    {"request-uri", taken(1)},
    {"escapes", taken(1)},
    {"uri-params", {.error = kAccepted, .elements = 8330}},
    {"uri-params-alike", {.error = kAccepted, .elements = 32764}},
    {"uri-params-long", {.error = kAccepted, .elements = 32, .is_equal = true}},
    {"uri-headers", {.error = kAccepted}},
    {"uri-ampersands", {.error = kAccepted}},
    {"uri-colons", {.error = kAccepted, .is_equal = true}},
    {"uri-ats", {.error = "refused"}},
    {"tel-params", {.error = kAccepted, .elements = 8330}},
    {"tel-separators", {.error = kAccepted, .is_equal = true}},
    {"sdp-medias", {.error = kWellFormed, .elements = 5952, .written = 1}},
    {"sdp-attributes", {.error = kWellFormed, .elements = 1, .written = 1}},
    {"sdp-attributes-of-session", {.error = kWellFormed, .elements = 1, .written = 1}},
    {"sdp-formats", {.error = kWellFormed, .elements = 1, .written = 1}},
    {"sdp-connections", {.error = kWellFormed, .elements = 1, .written = 1}},
    {"stream-line", {.error = kWellFramed, .elements = 65535}},
    {"stream-lines", {.error = kWellFramed, .elements = 65532}},
    {"stream-keep-alives", {.error = kWellFramed, .elements = 65534}},
});

class AdversarialTest : public testing::TestWithParam<sipparse::ImplementationRow> {
  protected:
    void SetUp() override {
        if (!sipparse::is_supported(GetParam().implementation)) {
            GTEST_SKIP() << "this processor has no " << GetParam().name;
        }
    }
};

TEST_P(AdversarialTest, EachInputHasItsOutcome) {
    ASSERT_EQ(kExpected.size(), kAdversarialCases.size());
    for (std::size_t i = 0; i < kExpected.size(); ++i) {
        ASSERT_EQ(kExpected[i].name, kAdversarialCases[i].name);
        const auto walk =
            std::make_unique<AdversarialWalk>(kAdversarialCases[i], kAdversarialBytesMax);
        EXPECT_EQ(walk->walk(GetParam().implementation), kExpected[i].outcome) << kExpected[i].name;
    }
}

INSTANTIATE_TEST_SUITE_P(Implementations,
                         AdversarialTest,
                         testing::ValuesIn(sipparse::kImplementations),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(AdversarialInputTest, HasTheSizeAskedFor) {
    constexpr std::size_t kShortOf = 260; // a unit, or a line
    for (const AdversarialCase& row : kAdversarialCases) {
        for (const auto& [size, bytes] : kAdversarialSizes) {
            const std::string text = row.make(bytes);
            EXPECT_LE(text.size(), bytes) << row.name << ' ' << size;
            EXPECT_GE(text.size() + kShortOf, bytes) << row.name << ' ' << size;
        }
    }
}

TEST(AdversarialInputTest, HasOneIndexAndIsBorneByAllParsers) {
    // That nothing behind it is read, AddressSanitizer says.
    for (const AdversarialCase& row : kAdversarialCases) {
        for (const auto& [size, bytes] : kAdversarialSizes) {
            const ExactCopy input(row.make(bytes)); // also of what is no message
            sipparse::MessageIndex index;
            static_cast<void>(index_by_all(input.text(), index));
            static_cast<void>(touch_everything({input.text(), &index}));
            ASSERT_FALSE(HasFailure()) << row.name << ' ' << size;
        }
    }
}

TEST(AdversarialInputTest, AStreamWithoutAnEndIsGivenUpBehindTheLongestMessage) {
    for (const AdversarialCase& row : kAdversarialCases) {
        if (row.kind != AdversarialKind::Stream) {
            continue;
        }
        std::string text = row.make(kAdversarialBytesMax);
        sipparse::StreamFramer framer;
        EXPECT_EQ(framer.look(text).error, sipparse::FrameError::None) << row.name;
        text += "INVITE sip:b@h SIP/2.0\r\n";
        const bool is_skipped = row.name == "stream-keep-alives"; // then a message may begin
        EXPECT_EQ(framer.look(text).error,
                  is_skipped ? sipparse::FrameError::None : sipparse::FrameError::MessageTooLong)
            << row.name;
    }
}

} // namespace

} // namespace tandem::torture
