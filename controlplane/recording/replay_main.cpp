// SPDX-License-Identifier: Apache-2.0
//
// tandem-replay: feeds recordings to a second core and says whether it did the same. One process,
// one thread, nothing but the core.
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "base/result.hpp"
#include "controlplane/recording/replay.hpp"

namespace {

namespace recording = tandem::controlplane::recording;

constexpr int kExitSame = 0;
constexpr int kExitDiffers = 1;
constexpr int kExitBadInput = 2;

constexpr const char* kUsage =
    "usage: tandem-replay [--closed] FILE...\n"
    "\n"
    "Feeds what tandem-controlplane recorded (option record-inputs) to a second core and compares\n"
    "everything it does, byte for byte.\n"
    "\n"
    "  --closed   a recording whose process did not end in order is bad input\n"
    "  --version  print the version\n"
    "  --help     print this text\n"
    "\n"
    "Exit status: 0 all the same, 1 something differs, 2 bad arguments, or a file that is "
    "damaged,\n"
    "incomplete or of another version.\n";

// A file as bytes for as long as this lives.
class MappedFile {
  public:
    static tandem::base::Result<MappedFile, std::string> open(const char* path) {
        const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

        struct stat status {};

        if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
            const std::string why = std::strerror(errno); // NOLINT(concurrency-mt-unsafe)
            ::close(descriptor);
            return tandem::base::Error{why};
        }
        const auto bytes = static_cast<std::size_t>(status.st_size);
        void* data = MAP_FAILED;
        if (S_ISREG(status.st_mode) && bytes > 0) {
            data = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
        }
        ::close(descriptor);
        if (data == MAP_FAILED) {
            return tandem::base::Error{std::string("is empty or no regular file")};
        }
        return MappedFile(static_cast<const char*>(data), bytes);
    }

    MappedFile(MappedFile&& other) noexcept : data_(other.data_), bytes_(other.bytes_) {
        other.data_ = nullptr;
    }

    ~MappedFile() {
        if (data_ != nullptr) {
            ::munmap(const_cast<char*>(data_), bytes_);
        }
    }

    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    MappedFile& operator=(MappedFile&&) = delete;

    [[nodiscard]] std::string_view bytes() const { return {data_, bytes_}; }

  private:
    MappedFile(const char* data, std::size_t bytes) : data_(data), bytes_(bytes) {}

    const char* data_;
    std::size_t bytes_;
};

int judge(const recording::ReplayResult& result, bool must_be_closed) {
    switch (result.verdict) {
    case recording::Verdict::Same:
        return must_be_closed && !result.closed ? kExitBadInput : kExitSame;
    case recording::Verdict::Differs:
        return kExitDiffers;
    case recording::Verdict::Incomplete:
    case recording::Verdict::Unreadable:
        break;
    }
    return kExitBadInput;
}

const char* verdict_text(recording::Verdict verdict) {
    switch (verdict) {
    case recording::Verdict::Same:
        return "the same";
    case recording::Verdict::Differs:
        return "NOT THE SAME";
    case recording::Verdict::Incomplete:
        return "INCOMPLETE";
    case recording::Verdict::Unreadable:
        break;
    }
    return "UNREADABLE";
}

int replay_file(const char* path, bool must_be_closed) {
    const auto file = MappedFile::open(path);
    if (!file) {
        fmt::print(stderr, "{}: {}\n", path, file.error());
        return kExitBadInput;
    }
    const auto result = recording::replay(file->bytes());
    fmt::print("{}: {}, {} steps, everything compared {} times; {}\n",
               path,
               verdict_text(result.verdict),
               result.steps,
               result.comparisons,
               result.text);
    return judge(result, must_be_closed);
}

} // namespace

int main(int count, char** values) {
    bool must_be_closed = false;
    std::vector<const char*> files;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = values[i];
        if (word == "--help") {
            std::fputs(kUsage, stdout);
            return kExitSame;
        }
        if (word == "--version") {
            std::puts("tandem-replay " TANDEM_VERSION);
            return kExitSame;
        }
        if (word == "--closed") {
            must_be_closed = true;
        } else if (word.starts_with("-")) {
            fmt::print(stderr, "tandem-replay: no option {}\n{}", word, kUsage);
            return kExitBadInput;
        } else {
            files.push_back(values[i]);
        }
    }
    if (files.empty()) {
        std::fputs(kUsage, stderr);
        return kExitBadInput;
    }
    int worst = kExitSame;
    for (const char* file : files) {
        const int status = replay_file(file, must_be_closed);
        // A core that differs is the worst there is to say.
        worst = status == kExitDiffers || worst == kExitSame ? status : worst;
    }
    return worst;
}
