// SPDX-License-Identifier: Apache-2.0
//
// Turns a file into a Configuration: text, scan, libconfig, option table, checks across options;
// see config/load_file.hpp. The only file that includes libconfig (its C interface, which throws
// nothing). It decides what goes where and words the refusals; what an option allows stands in the
// option table. Called by both processes, on the main thread.
#include "config/load_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libconfig.h>
#include <string_view>
#include <utility>

#include "config/accepted_text.hpp"
#include "config/cross_check.hpp"
#include "config/file_text.hpp"
#include "config/nearest_name.hpp"
#include "config/option_table.hpp"
#include "config/shown_text.hpp"
#include "config/text_scan.hpp"

namespace tandem::config {

namespace {

using base::Error;

constexpr std::string_view kPortsList = "ports";
constexpr std::string_view kDnsList = "dns";

// Owns a libconfig tree.
class Tree {
  public:
    Tree() { ::config_init(&tree_); }

    ~Tree() { ::config_destroy(&tree_); }

    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    Tree(Tree&&) = delete;
    Tree& operator=(Tree&&) = delete;

    [[nodiscard]] bool parse(const std::string& text, ProblemList& problems) {
        if (::config_read_string(&tree_, text.c_str()) == CONFIG_TRUE) {
            return true;
        }
        problems.add(static_cast<std::uint32_t>(config_error_line(&tree_)),
                     fmt::format("{}; allowed is: name = value; with strings in quotes, groups in "
                                 "{{}}, lists in ()",
                                 config_error_text(&tree_)));
        return false;
    }

    [[nodiscard]] const config_setting_t* root() const { return config_root_setting(&tree_); }

  private:
    config_t tree_{};
};

// The settings inside a group, list or array, for range-based loops over const libconfig.
std::vector<const config_setting_t*> children_of(const config_setting_t* setting) {
    std::vector<const config_setting_t*> children;
    const int count = ::config_setting_length(setting);
    children.reserve(static_cast<std::size_t>(std::max(count, 0)));
    for (int i = 0; i < count; ++i) {
        children.push_back(::config_setting_get_elem(setting, static_cast<unsigned>(i)));
    }
    return children;
}

std::uint32_t line_of_setting(const config_setting_t* setting) {
    return config_setting_source_line(setting);
}

std::string_view name_of(const config_setting_t* setting) {
    const char* const name = config_setting_name(setting);
    return name == nullptr ? std::string_view() : std::string_view(name);
}

std::string_view string_of(const config_setting_t* setting) {
    const char* const text = setting == nullptr ? nullptr : ::config_setting_get_string(setting);
    return text == nullptr ? std::string_view() : std::string_view(text);
}

// The value as it stands in the file, fit for one line of a message.
std::string shown(const config_setting_t* setting) {
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return std::to_string(::config_setting_get_int64(setting));
    case CONFIG_TYPE_FLOAT:
        return fmt::format("{}", ::config_setting_get_float(setting));
    case CONFIG_TYPE_BOOL:
        return ::config_setting_get_bool(setting) == CONFIG_TRUE ? "true" : "false";
    case CONFIG_TYPE_STRING:
        break;
    case CONFIG_TYPE_GROUP:
        return "{ ... }";
    case CONFIG_TYPE_ARRAY:
        return "[ ... ]";
    default:
        return "( ... )";
    }
    return shown_text(string_of(setting));
}

// What stands in the file, checked against the row.
ParsedValue parse_setting(const OptionRow& row, const config_setting_t* setting) {
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_BOOL:
        if (row.type != OptionType::Boolean) {
            return Error{Refusal()};
        }
        return Value(::config_setting_get_bool(setting) == CONFIG_TRUE);
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return parse_integer(row, ::config_setting_get_int64(setting));
    case CONFIG_TYPE_STRING:
        return parse_text(row, string_of(setting));
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST:
        break;
    default:
        return Error{Refusal()};
    }
    std::vector<std::string> items;
    for (const config_setting_t* item : children_of(setting)) {
        if (config_setting_type(item) != CONFIG_TYPE_STRING) {
            return Error{Refusal()};
        }
        items.emplace_back(string_of(item));
    }
    return parse_list(row, std::move(items));
}

std::vector<std::string_view> names_at(Level level) {
    std::vector<std::string_view> names;
    for (const OptionRow* row : rows_at(level)) {
        names.push_back(row->name);
    }
    return names;
}

// "application, dataplane": where an option of that name may stand.
std::string levels_with(std::string_view name) {
    std::vector<std::string_view> levels;
    for (std::size_t i = 0; i < kLevelCount; ++i) {
        const auto level = static_cast<Level>(i);
        if (find_row(level, name) != nullptr) {
            levels.push_back(level_name(level));
        }
    }
    return fmt::format("{}", fmt::join(levels, ", "));
}

std::string meant_or_allowed(std::string_view name, const std::vector<std::string_view>& names) {
    const std::string_view near = nearest_name(name, names);
    return near.empty() ? fmt::format("allowed are: {}", fmt::join(names, ", "))
                        : fmt::format("did you mean \"{}\"?", near);
}

class FileReader {
  public:
    FileReader(Configuration& configuration, ProblemList& problems)
        : configuration_(&configuration), problems_(&problems) {}

    void read(const config_setting_t* root) {
        check_top_level(root);
        read_top_group(root, Level::Application, &configuration_->application);
        finish_application();
        read_top_group(root, Level::Dataplane, &configuration_->dataplane);
        read_ports(root);
        read_dns(root);
    }

  private:
    void check_top_level(const config_setting_t* root) {
        const std::vector<std::string_view> names = {
            level_name(Level::Application), level_name(Level::Dataplane), kPortsList, kDnsList};
        for (const config_setting_t* child : children_of(root)) {
            const std::string_view name = name_of(child);
            if (std::find(names.begin(), names.end(), name) != names.end()) {
                continue;
            }
            const std::string levels = levels_with(name);
            problems_->add(line_of_setting(child),
                           levels.empty()
                               ? fmt::format("unknown name \"{}\" at the top of the file; {}",
                                             name,
                                             meant_or_allowed(name, names))
                               : fmt::format("option \"{}\" stands at the top of the file; it "
                                             "belongs in: {}",
                                             name,
                                             levels));
        }
    }

    template <typename Object>
    void read_top_group(const config_setting_t* root, Level level, Object* object) {
        const std::string name(level_name(level));
        const config_setting_t* const group = ::config_setting_get_member(root, name.c_str());
        if (group == nullptr) {
            object->lines.assign(rows_at(level).size(), 0);
            require_options(level, object->lines, name, 0);
        } else if (is_group(group, name)) {
            read_options(group, level, name, object, object->lines);
        }
    }

    void finish_application() {
        Application& application = configuration_->application;
        if (application.realm.empty()) {
            application.realm = address_text(application.sip_address);
        }
    }

    void read_ports(const config_setting_t* root) {
        const std::vector<const config_setting_t*> elements = elements_of(root, kPortsList);
        if (elements.empty()) {
            problems_->add(0,
                           "no port: a list such as ports = ( { name = \"sip0\"; device = ...; "
                           "address = ...; } ); with at least one element is needed");
        }
        for (const config_setting_t* element : elements) {
            const std::string where = title("port", element, "name");
            if (!is_group(element, where)) {
                continue;
            }
            Port port;
            port.line = line_of_setting(element);
            read_options(element, Level::Port, where, &port, port.lines);
            port.is_vdev = !is_pci_address(port.device);
            configuration_->ports.push_back(std::move(port));
        }
    }

    void read_dns(const config_setting_t* root) {
        DnRange range_defaults;
        Trunk trunk_defaults;
        inherit(Level::Extension, &range_defaults);
        inherit(Level::Trunk, &trunk_defaults);
        for (const config_setting_t* element : elements_of(root, kDnsList)) {
            if (!is_group(element, "DN")) {
                continue;
            }
            const config_setting_t* const type = ::config_setting_get_member(element, "type");
            const std::string_view type_name = string_of(type);
            if (type_name == level_name(Level::Extension)) {
                read_extensions(element, range_defaults);
            } else if (type_name == level_name(Level::Trunk)) {
                read_trunk(element, trunk_defaults);
            } else {
                refuse_type(element, type);
            }
        }
    }

    void read_extensions(const config_setting_t* element, const DnRange& defaults) {
        DnRange range = defaults;
        range.line = line_of_setting(element);
        read_options(
            element, Level::Extension, title("Extension", element, "numbers"), &range, range.lines);
        configuration_->dn_ranges.push_back(std::move(range));
    }

    void read_trunk(const config_setting_t* element, const Trunk& defaults) {
        Trunk trunk = defaults;
        trunk.line = line_of_setting(element);
        read_options(element, Level::Trunk, title("Trunk", element, "name"), &trunk, trunk.lines);
        configuration_->trunks.push_back(std::move(trunk));
    }

    void refuse_type(const config_setting_t* element, const config_setting_t* type) {
        const std::string allowed = allowed_text(*find_row(Level::Extension, "type"));
        if (type == nullptr) {
            problems_->add(line_of_setting(element),
                           fmt::format("DN: \"type\" is missing; it must be {}", allowed));
        } else {
            problems_->add(
                line_of_setting(type),
                fmt::format("DN: type = {} is not allowed; it must be {}", shown(type), allowed));
        }
    }

    // Gives a DN the application's value of every option that exists at both levels.
    void inherit(Level level, void* object) {
        for (const OptionRow* row : rows_at(level)) {
            const Binding& application = row->at.application;
            if (application.load != nullptr) {
                binding_at(*row, level)
                    .store(object, application.load(&configuration_->application));
            }
        }
    }

    void read_options(const config_setting_t* group,
                      Level level,
                      const std::string& where,
                      void* object,
                      OptionLines& lines) {
        const std::span<const OptionRow* const> rows = rows_at(level);
        lines.assign(rows.size(), 0);
        for (const config_setting_t* setting : children_of(group)) {
            const std::string_view name = name_of(setting);
            const auto found = std::find_if(rows.begin(), rows.end(), [name](const OptionRow* row) {
                return row->name == name;
            });
            if (found == rows.end()) {
                refuse_name(setting, level, where);
                continue;
            }
            lines[static_cast<std::size_t>(found - rows.begin())] = line_of_setting(setting);
            read_option(setting, **found, binding_at(**found, level), where, object);
        }
        require_options(level, lines, where, line_of_setting(group));
    }

    void read_option(const config_setting_t* setting,
                     const OptionRow& row,
                     const Binding& binding,
                     const std::string& where,
                     void* object) {
        const ParsedValue value = parse_setting(row, setting);
        if (!value) {
            problems_->add(line_of_setting(setting),
                           fmt::format("{}: {} = {} is not allowed{}{}; it must be {}",
                                       where,
                                       row.name,
                                       row.secret ? "..." : shown(setting),
                                       value.error().empty() ? "" : ": ",
                                       value.error(),
                                       allowed_text(row)));
        } else if (binding.store != nullptr) {
            binding.store(object, *value);
        }
    }

    void refuse_name(const config_setting_t* setting, Level level, const std::string& where) {
        const std::string_view name = name_of(setting);
        const std::string levels = levels_with(name);
        problems_->add(line_of_setting(setting),
                       levels.empty()
                           ? fmt::format("{}: unknown option \"{}\"; {}",
                                         where,
                                         name,
                                         meant_or_allowed(name, names_at(level)))
                           : fmt::format("{}: option \"{}\" has no meaning here; it belongs in: {}",
                                         where,
                                         name,
                                         levels));
    }

    void require_options(Level level,
                         const OptionLines& lines,
                         const std::string& where,
                         std::uint32_t line) {
        const std::span<const OptionRow* const> rows = rows_at(level);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i]->presence == Presence::Required && lines[i] == 0) {
                problems_->add(line,
                               fmt::format("{}: \"{}\" is missing; it must be {}",
                                           where,
                                           rows[i]->name,
                                           allowed_text(*rows[i])));
            }
        }
    }

    bool is_group(const config_setting_t* setting, const std::string& where) {
        if (config_setting_type(setting) == CONFIG_TYPE_GROUP) {
            return true;
        }
        problems_->add(line_of_setting(setting),
                       fmt::format("{} = {} is not allowed; it must be a group of options in {{}}",
                                   where,
                                   shown(setting)));
        return false;
    }

    // The elements of a list at the top of the file; none when it is missing or no list.
    std::vector<const config_setting_t*> elements_of(const config_setting_t* root,
                                                     std::string_view name) {
        const config_setting_t* const list =
            ::config_setting_get_member(root, std::string(name).c_str());
        if (list == nullptr) {
            return {};
        }
        if (config_setting_type(list) != CONFIG_TYPE_LIST) {
            problems_->add(line_of_setting(list),
                           fmt::format("{} = {} is not allowed; it must be a list of groups: {} = "
                                       "( {{ ... }}, {{ ... }} );",
                                       name,
                                       shown(list),
                                       name));
            return {};
        }
        return children_of(list);
    }

    // "port \"sip0\"", or "port" when the naming option is missing.
    static std::string
    title(std::string_view kind, const config_setting_t* element, const char* naming_option) {
        const bool named = config_setting_type(element) == CONFIG_TYPE_GROUP;
        const config_setting_t* const name =
            named ? ::config_setting_get_member(element, naming_option) : nullptr;
        return name == nullptr || string_of(name).empty() ? std::string(kind)
                                                          : fmt::format("{} {}", kind, shown(name));
    }

    Configuration* configuration_;
    ProblemList* problems_;
};

void read_text(const std::string& text, Configuration& configuration, ProblemList& problems) {
    scan_text(text, problems);
    if (!problems.empty()) {
        return;
    }
    Tree tree;
    if (!tree.parse(text, problems)) {
        return;
    }
    FileReader(configuration, problems).read(tree.root());
    cross_check(configuration, problems);
}

} // namespace

base::Result<Configuration, std::vector<Problem>> load_text(const std::string& text,
                                                            const std::string& name) {
    ProblemList problems(name);
    Configuration configuration;
    configuration.file = name;
    read_text(text, configuration, problems);
    if (!problems.empty()) {
        return Error{problems.take()};
    }
    return configuration;
}

base::Result<Configuration, std::vector<Problem>> load_file(const std::string& path) {
    const base::Result<std::string, std::string> text = read_file_text(path);
    if (!text) {
        ProblemList problems(path);
        problems.add(0, text.error());
        return Error{problems.take()};
    }
    return load_text(*text, path);
}

} // namespace tandem::config
