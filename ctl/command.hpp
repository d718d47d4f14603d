// SPDX-License-Identifier: Apache-2.0
//
// A command of the control socket as one row of one table: its name, its arguments, who may use it,
// how its answer is shown, and what it does. The server dispatches from this table, tandemctl and
// the generated manual read it as JSON, so a command is described nowhere else. Each process builds
// its table once at start, on its main thread; afterwards it is read only, by the server's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace tandem::ctl {

enum class ArgumentType : std::uint8_t { String, Integer, Flag, Enumeration };
enum class Access : std::uint8_t { Read, Write };

// How a value of an answer is shown. The JSON value keeps its unit; only the text is for people.
enum class ColumnType : std::uint8_t {
    Text,       // a string, a boolean (yes / no), or any other value as JSON
    Integer,    // a number, aligned right
    Bytes,      // a number of bytes, shown as 1.5 MiB
    DurationMs, // milliseconds, shown as 2m03s
    Time,       // milliseconds since 1970-01-01 UTC, shown as local date and time
};

struct Argument {
    std::string name = {}; // lower case, words joined by '-'; "--name" on the command line
    ArgumentType type = ArgumentType::String;
    bool required = false;
    bool positional = false;  // given without its name; required ones come first
    bool needs_write = false; // giving it needs Access::Write though the command does not
    std::vector<std::string> allowed = {};  // Enumeration only: the values
    std::optional<std::int64_t> min = {};   // Integer only
    std::optional<std::int64_t> max = {};   // Integer only
    std::optional<std::string> preset = {}; // the value when it is not given, in its text form
    std::string help = {};                  // one sentence without a full stop
};

struct Column {
    std::string key = {}; // member of the row object (Table) or of the object (Members)
    std::string title = {};
    ColumnType type = ColumnType::Text;
};

enum class Shape : std::uint8_t {
    Table,   // an array of objects, one line for each, columns in the order given
    Members, // an object, one "title: value" line for each column
    Text,    // a string, printed as it is
};

// One part of an answer. An answer with several parts (a call, its parties, its ladder) is an
// object with one member for each; a part whose member is absent is left out.
struct Section {
    std::string key = {};   // member of the answer which is this part; "" = the whole answer
    std::string title = {}; // heading above the part; "" = none
    Shape shape = Shape::Table;
    std::vector<Column> columns = {};
};

// Codes of errors, as in JSON-RPC 2.0 (section 5.1); the positive ones are ours.
enum class FailureCode : std::int32_t {
    Parse = -32700,
    InvalidRequest = -32600,
    UnknownMethod = -32601,
    InvalidArguments = -32602,
    Internal = -32603,
    NotFound = 1,    // what the arguments name does not exist
    Refused = 2,     // not possible in the present state
    Unavailable = 3, // the part that knows did not answer in time
    Forbidden = 4,   // the peer may only read
};

struct Failure {
    FailureCode code = FailureCode::Refused;
    std::string text = {}; // one line for the operator
};

// The arguments of one request, checked against the command: required ones are present, types and
// ranges hold, presets are filled in.
class Arguments {
  public:
    using Value = std::variant<std::string, std::int64_t, bool>;

    void set(std::string name, Value value);

    // False also for a flag that was not given.
    [[nodiscard]] bool has(std::string_view name) const;
    // The value, or "" / 0 / false when it was not given. Enumerations are strings. Asking with the
    // wrong type is our bug and ends the process.
    [[nodiscard]] const std::string& string(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;

  private:
    std::map<std::string, Value, std::less<>> values_;
};

using Answer = base::Result<nlohmann::json, Failure>;

// Runs on the server's thread and may wait for the process' own threads, at most one second: all
// clients wait with it. What it throws becomes an Internal failure. Whoever stores or calls one
// includes <nlohmann/json.hpp>.
using Handler = std::function<Answer(const Arguments&)>;

struct Command {
    std::string path = {}; // "call show": one to three lower case words; the method is "call.show"
    std::string help = {}; // one sentence without a full stop
    Access access = Access::Read;
    std::vector<Argument> arguments = {};
    std::vector<Section> sections = {}; // how the answer is shown; empty: as indented JSON
    Handler handler = {};
};

using CommandTable = std::vector<Command>;

// "call show" -> "call.show".
[[nodiscard]] std::string method_of(std::string_view path);

// Says what is wrong with the table itself (a path twice, a positional argument behind an optional
// one, an enumeration without values, a preset that is not allowed, no handler), or nothing. Server
// start refuses such a table; a unit test of each process should too.
[[nodiscard]] std::optional<std::string> fault_of(const CommandTable& table);

// The text form of a value (a preset, a word of the command line) as a value of the argument's
// type; the error names the argument and says what is allowed. A flag's texts are "true" and
// "false".
[[nodiscard]] base::Result<Arguments::Value, Failure> value_from_text(const Argument& argument,
                                                                      std::string_view text);

// `params` of a request (an object by name, or null) as checked arguments; an InvalidArguments
// failure names the argument and says what is allowed. The caller includes <nlohmann/json.hpp>.
[[nodiscard]] base::Result<Arguments, Failure> check_arguments(const Command& command,
                                                               const nlohmann::json& params);

// The table as JSON text with a final newline, as --print-commands prints it, as the server leaves
// it in "<run-directory>/<process>.commands.json", and as the method "commands" answers. `process`
// is "dataplane" or "controlplane". The format is described in ctl/README.md.
[[nodiscard]] std::string commands_json(std::string_view process, const CommandTable& table);

// The reverse, for tandemctl: a table without handlers. The text is another process' or an old
// file's: what is not understood is an error of one line.
[[nodiscard]] base::Result<CommandTable, std::string> commands_from_json(std::string_view text);

} // namespace tandem::ctl
