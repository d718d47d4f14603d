// SPDX-License-Identifier: Apache-2.0
//
// What a step says it changed. That it says everything is looked at by every test that steps a
// TestSwitch; here is the arithmetic of it, and the step that changes more than is listed.
#include <gtest/gtest.h>

#include "controlplane/core/changes.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/test_switch.hpp"
#include "controlplane/recording/field_bytes.hpp"

namespace tandem::controlplane {
namespace {

TEST(Changes, AVersionRisesOnceInAStep) {
    Changes changes;
    Version version;
    const ChangedObject object{.kind = ObjectKind::Call, .key = 5, .place = 6};
    EXPECT_EQ(version.value(), 0U);
    changes.begin_step();
    changes.touch(object, version);
    changes.touch(object, version);
    EXPECT_EQ(version.value(), 1U);
    ASSERT_EQ(changes.listed().size(), 1U);
    EXPECT_EQ(changes.listed()[0].key, 5U);
    EXPECT_EQ(changes.listed()[0].place, 6U);
    changes.begin_step();
    EXPECT_TRUE(changes.listed().empty());
    changes.touch(object, version);
    EXPECT_EQ(version.value(), 2U);
}

TEST(Changes, MoreThanCanBeListedIsSaid) {
    Changes changes;
    changes.begin_step();
    std::array<Version, kChangesListedMax + 1> versions;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        EXPECT_FALSE(changes.more()) << i;
        changes.touch({.kind = ObjectKind::Call, .key = i, .place = i}, versions[i]);
        EXPECT_EQ(versions[i].value(), 1U);
    }
    EXPECT_TRUE(changes.more());
    EXPECT_EQ(changes.listed().size(), kChangesListedMax);
    changes.begin_step();
    EXPECT_FALSE(changes.more());
}

// A hundred bindings that expire together: the step says everything, and the shadow of TestSwitch
// (and so a second core) still knows what became of each.
TEST(Changes, BindingsThatExpireTogetherAreAllSaid) {
    constexpr std::uint32_t kBindings = 100;
    auto configuration = call_configuration();
    configuration.application.max_registrations = kBindings;
    configuration.dn_ranges.push_back(dn_range(2000, 2099));
    TestSwitch home(configuration);
    for (std::uint32_t i = 0; i < kBindings; ++i) {
        const auto number = std::to_string(2000 + i);
        home.receive(Message("REGISTER sip:10.77.0.10 SIP/2.0\r\nVia: SIP/2.0/UDP "
                             "10.77.0.101:5080;branch=z9hG4bKr\r\nFrom: <sip:" +
                             number + "@x>;tag=f\r\nTo: <sip:" + number +
                             "@x>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nExpires: 60\r\nContact: "
                             "<sip:" +
                             number + "@10.77.0.101:5080>\r\nContent-Length: 0\r\n\r\n"),
                     endpoint_of("10.77.0.101:5080"));
        home.take_response(200);
    }
    EXPECT_EQ(home.core().registrar().in_use(), kBindings);
    home.jump(61);
    home.step(TimersInput{});
    EXPECT_EQ(home.core().registrar().in_use(), 0U);
    recording::NamedBytes changed;
    home.core().write_changed_objects(changed);
    ASSERT_EQ(changed.parts().size(), 1 + kBindings);
    EXPECT_EQ(changed.parts()[0].kind, static_cast<std::uint8_t>(ObjectKind::Core));
}

} // namespace
} // namespace tandem::controlplane
