// SPDX-License-Identifier: Apache-2.0
//
// calls and call show: what is going on, and what went on in one call.
#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "controlplane/core/directory.hpp"
#include "controlplane/io/call_notes.hpp"
#include "controlplane/io/commands.hpp"
#include "controlplane/io/endpoint_text.hpp"
#include "controlplane/io/ladder.hpp"
#include "controlplane/io/query_pages.hpp"

namespace tandem::controlplane {

namespace {

using nlohmann::json;

constexpr std::size_t kEndedCallsShown = 1'000;

std::string id_text(std::uint64_t id) {
    std::array<char, 16> digits{};
    digits.fill('0');
    std::array<char, 16> short_form{};
    const auto* end =
        std::to_chars(short_form.data(), short_form.data() + short_form.size(), id, 16).ptr;
    const auto bytes = static_cast<std::size_t>(end - short_form.data());
    std::copy_n(short_form.data(), bytes, digits.data() + digits.size() - bytes);
    return {digits.data(), digits.size()};
}

std::optional<std::uint64_t> id_of(std::string_view text) {
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id, 16);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return id;
}

json time_json(base::WallNs wall_ns) {
    return wall_ns == 0 ? json(nullptr) : json(wall_ns / base::kNsPerMs);
}

// How long people have been talking, or waiting for it.
json duration_json(const CallTimes& times, base::WallNs now_ns) {
    const auto from = times.answered_ns != 0 ? times.answered_ns : times.started_ns;
    const auto until = times.ended_ns != 0 ? times.ended_ns : now_ns;
    return (until - std::min(until, from)) / base::kNsPerMs;
}

json json_of(const CallSnapshot& call, base::WallNs now_ns) {
    return {{"id", id_text(call.id)},
            {"state", state_name(call.state)},
            {"caller", call.caller_number.text()},
            {"dialled", call.dialled.text()},
            {"started", time_json(call.times.started_ns)},
            {"ringing", time_json(call.times.ringing_ns)},
            {"answered", time_json(call.times.answered_ns)},
            {"ended", time_json(call.times.ended_ns)},
            {"duration_ms", duration_json(call.times, now_ns)},
            {"status", call.final_status == 0 ? json(nullptr) : json(call.final_status)},
            {"cause", cause_text(call.cause)}};
}

std::string device_text(const Device& device, const Directory& directory) {
    if (device.dn) {
        return "dn " + std::string(directory.dn(*device.dn).number);
    }
    return device.trunk ? "trunk " + directory.trunk(*device.trunk).options->name : "";
}

// The caller first, as in the ladder.
json legs_json(const CallSnapshot& call, const Directory& directory) {
    json rows = json::array();
    for (const auto side : {Side::Caller, Side::Callee}) {
        for (std::uint32_t i = 0; i < call.leg_count; ++i) {
            const auto& leg = call.legs[i];
            if (leg.side == side) {
                rows.push_back({{"side", side == Side::Caller ? "caller" : "callee"},
                                {"device", device_text(leg.device, directory)},
                                {"state", state_name(leg.state)},
                                {"remote", endpoint_text(leg.remote)}});
            }
        }
    }
    return rows;
}

// They are few and their order moves with each call that ends, so they are copied at once.
template <typename Visit>
bool visit_ended_calls(CoreThread& thread, Visit&& visit) {
    std::vector<CallSnapshot> ended(kEndedCallsShown);
    std::size_t count = 0;
    const bool answered =
        thread.query([&](const Core& core, const Now&) { count = core.ended_calls(ended); });
    for (std::size_t i = 0; i < count; ++i) {
        visit(ended[i]);
    }
    return answered;
}

ctl::Answer calls(CoreThread& thread, const ctl::Arguments& arguments) {
    json rows = json::array();
    const auto now_ns = base::wall_now();
    const auto add = [&](const CallSnapshot& call) { rows.push_back(json_of(call, now_ns)); };
    const bool answered =
        arguments.flag("ended")
            ? visit_ended_calls(thread, add)
            : query_pages<CallSnapshot>(
                  thread,
                  [](const Core& core,
                     const Now&,
                     std::uint32_t& cursor,
                     std::span<CallSnapshot> page) { return core.calls(cursor, page); },
                  add);
    if (!answered) {
        return base::Error{core_is_silent()};
    }
    return rows;
}

std::string ladder_text(const CallSnapshot& call, CallNotes notes) {
    base::WallNs began_wall_ns = call.times.started_ns;
    if (!notes.notes.empty()) {
        const auto age_ns = base::monotonic_now() - notes.notes.front().time_ns;
        began_wall_ns = base::wall_now() - age_ns;
    }
    return draw_ladder({.notes = notes.notes,
                        .caller_hash = call.leg_hashes[0],
                        .began_wall_ns = began_wall_ns,
                        .incomplete = std::move(notes.incomplete)});
}

ctl::Answer call_show(CoreThread& thread, const ctl::Arguments& arguments) {
    const auto& text = arguments.string("id");
    const auto id = id_of(text);
    std::optional<CallSnapshot> found;
    json legs;
    const bool answered = thread.query([&](const Core& core, const Now&) {
        found = id ? core.call(*id) : std::nullopt;
        if (found) {
            legs = legs_json(*found, core.directory());
        }
    });
    if (!answered) {
        return base::Error{core_is_silent()};
    }
    if (!found) {
        return base::Error{
            ctl::Failure{.code = ctl::FailureCode::NotFound,
                         .text = "no call " + text + "; see `calls` and `calls --ended`"}};
    }
    json answer{{"call", json_of(*found, base::wall_now())}, {"legs", std::move(legs)}};
    if (arguments.flag("ladder")) {
        CallNotes notes;
        if (!collect_call_notes(thread, *found, notes)) {
            return base::Error{core_is_silent()};
        }
        answer["ladder"] = ladder_text(*found, std::move(notes));
    }
    return answer;
}

std::vector<ctl::Column> call_columns(bool all) {
    std::vector<ctl::Column> columns = {
        {.key = "id", .title = all ? "call" : "id"},
        {.key = "state", .title = "state"},
        {.key = "caller", .title = "caller"},
        {.key = "dialled", .title = "dialled"},
        {.key = "started", .title = "started", .type = ctl::ColumnType::Time}};
    if (all) {
        columns.push_back({.key = "ringing", .title = "ringing", .type = ctl::ColumnType::Time});
        columns.push_back({.key = "answered", .title = "answered", .type = ctl::ColumnType::Time});
        columns.push_back({.key = "ended", .title = "ended", .type = ctl::ColumnType::Time});
    }
    columns.push_back(
        {.key = "duration_ms", .title = "duration", .type = ctl::ColumnType::DurationMs});
    columns.push_back({.key = "status", .title = "status", .type = ctl::ColumnType::Integer});
    columns.push_back({.key = "cause", .title = "end"});
    return columns;
}

} // namespace

void add_call_commands(ctl::CommandTable& table, const CommandSubject& subject) {
    table.push_back({.path = "calls",
                     .help = "List the calls of this moment, or the last that ended",
                     .arguments = {{.name = "ended",
                                    .type = ctl::ArgumentType::Flag,
                                    .help = "the calls that ended, newest first"}},
                     .sections = {{.columns = call_columns(false)}},
                     .handler = [subject](const ctl::Arguments& arguments) {
                         return calls(*subject.core, arguments);
                     }});
    table.push_back(
        {.path = "call show",
         .help = "Show one call: parties, states, times, and its messages as a ladder",
         .arguments = {{.name = "id",
                        .required = true,
                        .positional = true,
                        .help = "the call's id, as in `calls`"},
                       {.name = "ladder",
                        .type = ctl::ArgumentType::Flag,
                        .help = "draw the messages of the call as arrows with times"}},
         .sections = {{.key = "call", .shape = ctl::Shape::Members, .columns = call_columns(true)},
                      {.key = "legs",
                       .title = "legs",
                       .columns = {{.key = "side", .title = "side"},
                                   {.key = "device", .title = "device"},
                                   {.key = "state", .title = "state"},
                                   {.key = "remote", .title = "requests go to"}}},
                      {.key = "ladder", .title = "ladder", .shape = ctl::Shape::Text}},
         .handler = [subject](const ctl::Arguments& arguments) {
             return call_show(*subject.core, arguments);
         }});
}

} // namespace tandem::controlplane
