// SPDX-License-Identifier: Apache-2.0
//
// The shadow complains about each way a core can keep a change to itself. (That the core does not
// is looked at after every step of the core's own tests.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlplane/core/changes.hpp"
#include "controlplane/core/core_objects.hpp"
#include "controlplane/recording/object_shadow.hpp"

namespace tandem::controlplane::recording {
namespace {

using testing::HasSubstr;

constexpr auto kCore = static_cast<std::uint8_t>(ObjectKind::Core);
constexpr auto kCall = static_cast<std::uint8_t>(ObjectKind::Call);

struct Shown {
    std::uint64_t key;
    std::uint64_t version;
    std::uint64_t content;
};

NamedBytes& put(NamedBytes& bytes, const std::vector<Shown>& calls) {
    for (const auto& [key, version, content] : calls) {
        bytes.begin("call", kCall);
        bytes.number("id", key);
        bytes.number("version", version);
        bytes.number("content", content);
    }
    return bytes;
}

std::string changes(ObjectShadow& shadow, const std::vector<Shown>& calls) {
    NamedBytes bytes;
    return shadow.take_changes(put(bytes, calls));
}

NamedBytes& put_core(NamedBytes& bytes) {
    bytes.begin("core", kCore);
    bytes.number("node", 1);
    bytes.number("version", 99);
    return bytes;
}

std::string everything_changed(ObjectShadow& shadow, const std::vector<Shown>& calls) {
    NamedBytes bytes;
    return shadow.take_changes(put(put_core(bytes), calls));
}

std::string compare(const ObjectShadow& shadow, const std::vector<Shown>& calls) {
    NamedBytes bytes;
    return shadow.compare(put(put_core(bytes), calls));
}

TEST(ObjectShadow, FollowsWhatItIsTold) {
    ObjectShadow shadow;
    EXPECT_EQ(changes(shadow, {{1, 1, 10}, {2, 1, 20}}), "");
    EXPECT_EQ(changes(shadow, {{1, 2, 11}}), "");
    EXPECT_EQ(compare(shadow, {{1, 2, 11}, {2, 1, 20}}), "");
    NamedBytes gone;
    gone.begin("gone", kCall | kGoneKind);
    gone.number("key", 1);
    EXPECT_EQ(shadow.take_changes(gone), "");
    EXPECT_EQ(compare(shadow, {{2, 1, 20}}), "");
}

TEST(ObjectShadow, AVersionRisesByOne) {
    ObjectShadow shadow;
    EXPECT_THAT(changes(shadow, {{1, 2, 10}}), HasSubstr("version 0 became 2"));
    EXPECT_EQ(changes(shadow, {{1, 1, 10}}), "");
    EXPECT_THAT(changes(shadow, {{1, 1, 11}}), HasSubstr("version 1 became 1"));
    EXPECT_THAT(changes(shadow, {{1, 3, 11}}), HasSubstr("version 1 became 3"));
    EXPECT_EQ(changes(shadow, {{1, 2, 10}}), "") << "it may rise without a change";
}

TEST(ObjectShadow, NothingChangesComesOrGoesWithoutAWord) {
    ObjectShadow shadow;
    EXPECT_EQ(changes(shadow, {{1, 1, 10}}), "");
    EXPECT_THAT(compare(shadow, {{1, 1, 11}}), HasSubstr("changed without a word"));
    EXPECT_THAT(compare(shadow, {{1, 2, 10}}), HasSubstr("changed without a word"));
    EXPECT_THAT(compare(shadow, {{1, 1, 10}, {2, 1, 1}}), HasSubstr("came without a word"));
    EXPECT_THAT(compare(shadow, {}), HasSubstr("1 objects went without a word"));
}

TEST(ObjectShadow, AStepThatChangedMoreThanItListsSaysEverything) {
    ObjectShadow shadow;
    EXPECT_EQ(changes(shadow, {{1, 1, 10}, {2, 1, 20}, {3, 1, 30}}), "");
    EXPECT_EQ(everything_changed(shadow, {{1, 1, 10}, {2, 2, 21}, {4, 1, 40}}), "");
    EXPECT_EQ(compare(shadow, {{1, 1, 10}, {2, 2, 21}, {4, 1, 40}}), "");
    EXPECT_THAT(everything_changed(shadow, {{1, 1, 11}}), HasSubstr("version 1 became 1"));
}

} // namespace
} // namespace tandem::controlplane::recording
