// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a configuration file. It is loaded or refused; a refusal names the file, one line of
// it and one printable sentence for each problem, in the order of the lines; what is loaded holds
// what the rest of the program takes for granted, and loads again to the same. Built with
// libFuzzer.
#include <algorithm>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "config/load_file.hpp"
#include "tests/fuzz/input.hpp"

// libconfig 1.5 forgets the text of a string when a syntax error follows it (config/lsan.supp).
extern "C" const char* __lsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
    return "leak:libconfig.so\n";
}

namespace tandem::fuzz {

namespace {

// A file in memory that is written anew for each input.
class MemoryFile {
  public:
    MemoryFile() : fd_(::memfd_create("configuration", MFD_CLOEXEC)) {
        require(fd_ >= 0);
        path_ = "/proc/self/fd/" + std::to_string(fd_);
    }

    void write(std::string_view text) const {
        require(::ftruncate(fd_, 0) == 0);
        require(::pwrite(fd_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    }

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    int fd_;
    std::string path_;
};

void check_problems(const std::vector<config::Problem>& problems,
                    const std::string& path,
                    std::string_view text) {
    require(!problems.empty());
    const auto lines = 1 + static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
    std::uint32_t last = 0;
    for (const config::Problem& problem : problems) {
        require(problem.file == path);
        require(problem.line <= lines);
        // What concerns no line stands at the end or the beginning; the rest is in order.
        require(problem.line == 0 || problem.line >= last);
        last = std::max(last, problem.line);
        require(!problem.text.empty());
        require(std::ranges::none_of(problem.text, [](char c) { return c == '\n' || c == '\0'; }));
    }
}

void check_loaded(const config::Configuration& loaded) {
    require(!loaded.ports.empty());
    for (const config::Port& port : loaded.ports) {
        require(!port.name.empty() && port.prefix_length <= 32);
        require(port.mtu >= 576); // RFC 791; the egress stages rely on it
    }
    constexpr std::uint64_t kWalkedMax = 10'000;
    for (const config::DnRange& range : loaded.dn_ranges) {
        config::DnCursor cursor(range);
        std::string number;
        for (std::uint64_t walked = 0; walked < kWalkedMax && cursor.next(number); ++walked) {
            require(!number.empty());
            (void)config::password_of(range, number);
        }
    }
}

} // namespace

} // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    static const fuzz::MemoryFile file;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    file.write(text);
    const auto loaded = config::load_file(file.path());
    const auto again = config::load_file(file.path());
    fuzz::require(loaded.has_value() == again.has_value());
    if (loaded) {
        fuzz::check_loaded(loaded.value());
        fuzz::require(config::dn_count(loaded.value()) == config::dn_count(again.value()));
        return 0;
    }
    fuzz::check_problems(loaded.error(), file.path(), text);
    fuzz::require(config::problems_text(loaded.error()) == config::problems_text(again.error()));
    return 0;
}
