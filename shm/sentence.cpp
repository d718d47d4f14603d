// SPDX-License-Identifier: Apache-2.0
//
// The sentences of errors around the region: one per reason, with the numbers that help. Cold.
#include <cstring>
#include <fmt/format.h>

#include "shm/layout.hpp"
#include "shm/read_record.hpp"
#include "shm/region.hpp"

namespace tandem::shm {

namespace {

template <typename... Args>
std::string_view
say(SentenceBuffer& buffer, fmt::format_string<Args...> format, const Args&... arguments) noexcept {
    const auto result = fmt::vformat_to_n(
        buffer.data(), buffer.size(), format, fmt::make_format_args(arguments...));
    return {buffer.data(), static_cast<std::size_t>(result.out - buffer.data())};
}

std::string_view say_size(const AttachError& error, SentenceBuffer& buffer) noexcept {
    switch (error.refusal) {
    case AttachRefusal::TooSmall:
        return say(buffer,
                   "the region has {} bytes, its header alone needs {}",
                   error.found,
                   error.expected);
    case AttachRefusal::Truncated:
        return say(
            buffer, "the region has {} bytes, its header says {}", error.found, error.expected);
    case AttachRefusal::BadWorkerCount:
        return say(
            buffer, "the region has {} workers, 1 to {} are possible", error.found, error.expected);
    case AttachRefusal::BadCounterCount:
        return say(buffer,
                   "the region has {} counters, this process knows {}",
                   error.found,
                   error.expected);
    case AttachRefusal::BadRingSize:
        return say(buffer,
                   "a ring has {} bytes: not a power of two of at least {}",
                   error.found,
                   error.expected);
    case AttachRefusal::BadNoteCount:
        return say(buffer,
                   "a note ring has {} notes: not a power of two of at least {}",
                   error.found,
                   error.expected);
    case AttachRefusal::PartMisaligned:
        return say(buffer,
                   "a part of the region begins at {}, not at a multiple of {}",
                   error.found,
                   error.expected);
    case AttachRefusal::PartOutOfBounds:
        return say(buffer,
                   "a part of the region begins at {} and does not end within {} bytes",
                   error.found,
                   error.expected);
    default:
        return say(buffer,
                   "two parts of the region overlap, they begin at {} and {}",
                   error.expected,
                   error.found);
    }
}

} // namespace

std::string_view sentence(const AttachError& error, SentenceBuffer& buffer) noexcept {
    switch (error.refusal) {
    case AttachRefusal::NotReady:
        return "the region is not filled yet";
    case AttachRefusal::CannotMap:
        return say(buffer, "the region cannot be mapped (error {})", error.found);
    case AttachRefusal::NotSealed:
        return "the region is not a sealed memory file";
    case AttachRefusal::WrongMagic:
        return say(buffer,
                   "this is no region: it begins with {:#010x}, not {:#010x}",
                   error.found,
                   error.expected);
    case AttachRefusal::OtherMajor:
        return say(buffer,
                   "the region has version {}.{}, this process needs {}.{}: "
                   "both processes must be of one release",
                   error.found >> 16U,
                   error.found & 0xFFFFU,
                   error.expected >> 16U,
                   error.expected & 0xFFFFU);
    case AttachRefusal::OtherLayout:
        return say(buffer,
                   "the region has layout {:016x}, this process needs {:016x}: "
                   "both processes must be of one build",
                   error.found,
                   error.expected);
    default:
        return say_size(error, buffer);
    }
}

std::string_view sentence(const CreateError& error, SentenceBuffer& buffer) noexcept {
    if (error.error_number == 0) {
        return say(buffer, "cannot create the region: bad {}", error.step);
    }
    return say(buffer, "cannot create: {} failed (error {})", error.step, error.error_number);
}

std::string_view sentence(ReadError error) noexcept {
    switch (error) {
    case ReadError::UnknownType:
        return "record of unknown type";
    case ReadError::TooShort:
        return "record shorter than its struct";
    case ReadError::BadExtent:
        return "lengths inside the record do not add up";
    case ReadError::BadIndex:
        return "message index points outside its message";
    case ReadError::BadEnumerator:
        return "value that does not exist";
    case ReadError::BadSlotCount:
        return "slot count out of range";
    }
    return "unknown error";
}

} // namespace tandem::shm
