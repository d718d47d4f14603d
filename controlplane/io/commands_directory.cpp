// SPDX-License-Identifier: Apache-2.0
//
// dn list, dn show, registrations, trunks: who the switch knows and where they are.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "config/option_list.hpp"
#include "controlplane/core/directory.hpp"
#include "controlplane/core/registrar.hpp"
#include "controlplane/core/router.hpp"
#include "controlplane/io/commands.hpp"
#include "controlplane/io/endpoint_text.hpp"
#include "controlplane/io/query_pages.hpp"

namespace tandem::controlplane {

namespace {

using nlohmann::json;

// A DN with copies of its texts, since views end with the query.
struct DnRow {
    std::string number;
    std::string contact; // configured; "*" = learned
    std::uint32_t calls = 0;
    std::uint32_t max_calls = 0;
    std::uint32_t bindings = 0;
    bool has_password = false;
    bool learned = false;
};

struct BindingRow {
    std::string number;
    std::string contact;
    base::Endpoint destination;
    base::Endpoint source;
    std::uint64_t expires_wall_ns = 0;
    bool via_source = false;
    bool restored = false;
};

DnRow row_of(const DnView& dn) {
    DnRow row{.number = std::string(dn.number),
              .contact = "*",
              .calls = dn.calls,
              .max_calls = dn.range->max_calls,
              .bindings = dn.bindings,
              .has_password = !dn.range->password.empty(),
              .learned = dn.range->contact.learned};
    if (!row.learned) {
        row.contact = endpoint_text(dn.range->contact.target);
    }
    return row;
}

BindingRow row_of(const BindingView& binding, const Directory& directory) {
    return {.number = std::string(directory.dn(binding.dn).number),
            .contact = std::string(binding.contact_uri),
            .destination = binding.destination,
            .source = binding.source,
            .expires_wall_ns = binding.expires_wall_ns,
            .via_source = binding.via_source,
            .restored = binding.restored};
}

json json_of(const DnRow& row) {
    const bool reachable = !row.learned || row.bindings > 0;
    return {{"number", row.number},
            {"state", row.calls > 0 ? "on call" : (reachable ? "idle" : "not registered")},
            {"contact", row.contact},
            {"bindings", row.bindings},
            {"calls", row.calls},
            {"max_calls", row.max_calls},
            {"digest", row.has_password}};
}

json json_of(const BindingRow& row) {
    return {{"number", row.number},
            {"contact", row.contact},
            {"sent_to", endpoint_text(row.destination)},
            {"registered_from", endpoint_text(row.source)},
            {"nat", row.via_source},
            {"restored", row.restored},
            {"expires", row.expires_wall_ns / base::kNsPerMs}};
}

std::size_t read_dns(const Core& core, std::uint32_t& cursor, std::span<DnRow> page) {
    const auto& directory = core.directory();
    std::size_t count = 0;
    for (; count < page.size() && cursor < directory.dn_count(); ++cursor) {
        page[count++] = row_of(directory.dn(DnIndex{cursor}));
    }
    return count;
}

std::size_t read_bindings(const Core& core, std::uint32_t& cursor, std::span<BindingRow> page) {
    std::array<BindingView, kPageRows> views;
    const auto count =
        core.registrar().list(cursor, std::span(views).first(std::min(page.size(), kPageRows)));
    for (std::size_t i = 0; i < count; ++i) {
        page[i] = row_of(views[i], core.directory());
    }
    return count;
}

ctl::Answer dn_list(CoreThread& thread, bool active_only) {
    json rows = json::array();
    const bool answered = query_pages<DnRow>(
        thread,
        [](const Core& core, const Now&, std::uint32_t& cursor, std::span<DnRow> page) {
            return read_dns(core, cursor, page);
        },
        [&](const DnRow& row) {
            if (!active_only || row.calls > 0 || row.bindings > 0) {
                rows.push_back(json_of(row));
            }
        });
    if (!answered) {
        return base::Error{core_is_silent()};
    }
    return rows;
}

ctl::Answer registrations(CoreThread& thread, const std::string& number) {
    json rows = json::array();
    const bool answered = query_pages<BindingRow>(
        thread,
        [](const Core& core, const Now&, std::uint32_t& cursor, std::span<BindingRow> page) {
            return read_bindings(core, cursor, page);
        },
        [&](const BindingRow& row) {
            if (number.empty() || row.number == number) {
                rows.push_back(json_of(row));
            }
        });
    if (!answered) {
        return base::Error{core_is_silent()};
    }
    return rows;
}

ctl::Answer dn_show(const CommandSubject& subject, const std::string& number) {
    std::optional<DnRow> found;
    json bindings = json::array();
    const bool answered = subject.core->query([&](const Core& core, const Now& now) {
        const auto index = core.directory().find_dn(number);
        if (!index) {
            return;
        }
        found = row_of(core.directory().dn(*index));
        std::array<BindingView, kTargetsMax> views;
        const auto count = core.registrar().bindings(*index, now, views);
        for (std::size_t i = 0; i < count; ++i) {
            bindings.push_back(json_of(row_of(views[i], core.directory())));
        }
    });
    if (!answered) {
        return base::Error{core_is_silent()};
    }
    if (!found) {
        return base::Error{ctl::Failure{.code = ctl::FailureCode::NotFound,
                                        .text = "no DN " + number + " is configured"}};
    }
    json options = json::array();
    for (const auto& option : config::dn_options(*subject.configuration, number)) {
        options.push_back(
            {{"name", option.name}, {"value", option.value}, {"source", option.source}});
    }
    return json{{"dn", json_of(*found)}, {"bindings", bindings}, {"options", options}};
}

ctl::Answer trunks(CoreThread& thread) {
    json rows = json::array();
    const bool answered = thread.query([&](const Core& core, const Now&) {
        for (std::uint32_t i = 0; i < core.directory().trunk_count(); ++i) {
            const auto trunk = core.directory().trunk(TrunkIndex{i});
            const auto& options = *trunk.options;
            rows.push_back(
                {{"name", options.name},
                 {"prefix", options.prefix},
                 {"replace_prefix",
                  options.replace_prefix ? json(*options.replace_prefix) : json(nullptr)},
                 {"contact", endpoint_text(options.contact.target)},
                 {"priority", options.priority},
                 {"calls", trunk.calls},
                 {"capacity", options.capacity},
                 {"calls_total", trunk.calls_total}});
        }
    });
    if (!answered) {
        return base::Error{core_is_silent()};
    }
    return rows;
}

const std::vector<ctl::Column>& dn_columns() {
    static const std::vector<ctl::Column> kColumns = {
        {.key = "number", .title = "number"},
        {.key = "state", .title = "state"},
        {.key = "contact", .title = "contact"},
        {.key = "bindings", .title = "bindings", .type = ctl::ColumnType::Integer},
        {.key = "calls", .title = "calls", .type = ctl::ColumnType::Integer},
        {.key = "max_calls", .title = "max calls", .type = ctl::ColumnType::Integer},
        {.key = "digest", .title = "digest"}};
    return kColumns;
}

const std::vector<ctl::Column>& binding_columns() {
    static const std::vector<ctl::Column> kColumns = {
        {.key = "number", .title = "number"},
        {.key = "contact", .title = "contact"},
        {.key = "sent_to", .title = "sent to"},
        {.key = "registered_from", .title = "registered from"},
        {.key = "nat", .title = "nat"},
        {.key = "restored", .title = "restored"},
        {.key = "expires", .title = "expires", .type = ctl::ColumnType::Time}};
    return kColumns;
}

} // namespace

void add_directory_commands(ctl::CommandTable& table, const CommandSubject& subject) {
    table.push_back({.path = "dn list",
                     .help = "List DNs with their state",
                     .arguments = {{.name = "active",
                                    .type = ctl::ArgumentType::Flag,
                                    .help = "only DNs that are registered or on a call"}},
                     .sections = {{.columns = dn_columns()}},
                     .handler = [subject](const ctl::Arguments& arguments) {
                         return dn_list(*subject.core, arguments.flag("active"));
                     }});
    table.push_back(
        {.path = "dn show",
         .help = "Show one DN: its state, where it is registered, its options",
         .arguments = {{.name = "number",
                        .required = true,
                        .positional = true,
                        .help = "the DN, as in the configuration"}},
         .sections = {{.key = "dn", .shape = ctl::Shape::Members, .columns = dn_columns()},
                      {.key = "bindings", .title = "registered", .columns = binding_columns()},
                      {.key = "options",
                       .title = "options",
                       .columns = {{.key = "name", .title = "option"},
                                   {.key = "value", .title = "value"},
                                   {.key = "source", .title = "from"}}}},
         .handler = [subject](const ctl::Arguments& arguments) {
             return dn_show(subject, arguments.string("number"));
         }});
    table.push_back(
        {.path = "registrations",
         .help = "List the bindings learnt from REGISTER; restored: from the journal",
         .arguments = {{.name = "number", .positional = true, .help = "only those of this DN"}},
         .sections = {{.columns = binding_columns()}},
         .handler = [subject](const ctl::Arguments& arguments) {
             return registrations(*subject.core, arguments.string("number"));
         }});
    table.push_back(
        {.path = "trunks",
         .help = "List trunks with their calls",
         .sections =
             {{.columns =
                   {{.key = "name", .title = "trunk"},
                    {.key = "prefix", .title = "prefix"},
                    {.key = "replace_prefix", .title = "replaced by"},
                    {.key = "contact", .title = "contact"},
                    {.key = "priority", .title = "priority", .type = ctl::ColumnType::Integer},
                    {.key = "calls", .title = "calls", .type = ctl::ColumnType::Integer},
                    {.key = "capacity", .title = "capacity", .type = ctl::ColumnType::Integer},
                    {.key = "calls_total", .title = "total", .type = ctl::ColumnType::Integer}}}},
         .handler = [subject](const ctl::Arguments&) { return trunks(*subject.core); }});
}

} // namespace tandem::controlplane
