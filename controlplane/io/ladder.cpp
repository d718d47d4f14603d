// SPDX-License-Identifier: Apache-2.0
//
// Lays out columns, then draws one line for each note.
#include "controlplane/io/ladder.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/endpoint.hpp"
#include "sipparse/method.hpp"

namespace tandem::controlplane {

namespace {

// Two peers, the switch and the longest remark fit into 100 columns.
constexpr std::size_t kFirstLifeLine = 12; // behind the time of a line, under half an endpoint
constexpr std::size_t kColumnColumns = 30; // from one life line to the next
constexpr std::size_t kLabelBytesMax = kColumnColumns - 5; // an arrow keeps its head and its tail
// A call forks to at most 16 contacts; more come from somebody who sprays a known Call-ID.
constexpr std::size_t kPeersMax = 20;
constexpr std::string_view kSwitchName = "tandem";

struct Peer {
    std::uint64_t call_id_hash = 0;
    base::Endpoint remote;

    bool operator==(const Peer&) const = default;
};

// Peers from left to right; `switch_at` is the place of the switch among the columns.
struct Columns {
    std::vector<Peer> peers;
    std::size_t switch_at = 0;

    [[nodiscard]] bool have(const Peer& peer) const {
        return std::find(peers.begin(), peers.end(), peer) != peers.end();
    }

    // Of a peer they have.
    [[nodiscard]] std::size_t of(const Peer& peer) const {
        const auto found = std::find(peers.begin(), peers.end(), peer);
        const auto at = static_cast<std::size_t>(found - peers.begin());
        return at < switch_at ? at : at + 1;
    }

    [[nodiscard]] std::size_t count() const { return peers.size() + 1; }
};

Peer peer_of(const shm::Note& note) {
    return {.call_id_hash = note.call_id_hash, .remote = note.remote};
}

Columns columns_of(const LadderInput& input) {
    Columns columns;
    for (const bool caller_side : {true, false}) {
        for (const auto& note : input.notes) {
            const bool is_caller = note.call_id_hash == input.caller_hash;
            if (is_caller == caller_side && columns.peers.size() < kPeersMax &&
                !columns.have(peer_of(note))) {
                columns.peers.push_back(peer_of(note));
            }
        }
        if (caller_side) {
            columns.switch_at = columns.peers.size();
        }
    }
    return columns;
}

std::size_t life_line(std::size_t column) {
    return kFirstLifeLine + column * kColumnColumns;
}

std::string with_life_lines(const Columns& columns) {
    std::string line(life_line(columns.count() - 1) + 1, ' ');
    for (std::size_t column = 0; column < columns.count(); ++column) {
        line[life_line(column)] = '|';
    }
    return line;
}

void put(std::string& line, std::size_t at, std::string_view text) {
    if (line.size() < at + text.size()) {
        line.resize(at + text.size(), ' ');
    }
    line.replace(at, text.size(), text);
}

void put_centred(std::string& line, std::size_t centre, std::string_view text) {
    put(line, centre - std::min(centre, text.size() / 2), text);
}

std::string without_trailing_blanks(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    line += '\n';
    return line;
}

std::string heading(const Columns& columns) {
    std::string line;
    for (const auto& peer : columns.peers) {
        std::array<char, base::kEndpointTextBytesMax> text{};
        const auto* end = base::write_endpoint(peer.remote, text.data());
        put_centred(line,
                    life_line(columns.of(peer)),
                    {text.data(), static_cast<std::size_t>(end - text.data())});
    }
    put_centred(line, life_line(columns.switch_at), kSwitchName);
    return without_trailing_blanks(line);
}

// What came over the wire must not steer a terminal, and every byte takes one column.
std::string printable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

std::string title_of(const shm::Note& note, std::string_view method) {
    const auto text = printable(note.get_text());
    if (note.status == 0) {
        return method.empty() ? text : std::string(method);
    }
    return text.empty() ? std::to_string(note.status) : fmt::format("{} {}", note.status, text);
}

// The reason phrase gives way to what says more.
std::string label_of(const shm::Note& note) {
    const auto method = static_cast<sipparse::Method>(note.method);
    const auto name = sipparse::method_name(method);
    std::string behind;
    if (note.status != 0 && method != sipparse::Method::Invite && !name.empty()) {
        behind = fmt::format(" ({})", name);
    }
    if ((note.flags & shm::NoteFlags::kHasSdp) != 0) {
        behind += " +sdp";
    }
    auto title = title_of(note, name);
    const auto room = kLabelBytesMax - behind.size();
    if (title.size() > room) {
        title.replace(room - 2, std::string::npos, "..");
    }
    return title + behind;
}

std::string remarks_of(const shm::Note& note) {
    std::string remarks;
    const auto add = [&](std::uint16_t flag, std::string_view text) {
        if ((note.flags & flag) != 0) {
            remarks += remarks.empty() ? "  " : ", ";
            remarks += text;
        }
    };
    add(shm::NoteFlags::kRetransmission, "again");
    add(shm::NoteFlags::kByDataplane, "by the dataplane");
    add(shm::NoteFlags::kDropped, "went no further");
    return remarks;
}

std::string line_of(const shm::Note& note, const Columns& columns, base::MonotonicNs began_ns) {
    std::string line = with_life_lines(columns);
    const auto since_ns = note.time_ns - std::min(note.time_ns, began_ns);
    put(line, 0, fmt::format("{:>9.3f}", static_cast<double>(since_ns) / 1e9));
    const auto peer = life_line(columns.of(peer_of(note)));
    const auto middle = life_line(columns.switch_at);
    const auto left = std::min(peer, middle);
    const auto right = std::max(peer, middle);
    const bool points_right = (note.direction == shm::NoteDirection::In) == (peer == left);
    put(line, left + 1, std::string(right - left - 1, '-'));
    if (points_right) {
        line[right - 1] = '>';
    } else {
        line[left + 1] = '<';
    }
    // Beside the switch, where no other life line is crossed.
    const auto beside = peer == left ? right - kColumnColumns / 2 : left + kColumnColumns / 2;
    put_centred(line, beside, fmt::format(" {} ", label_of(note)));
    line += remarks_of(note);
    return without_trailing_blanks(line);
}

std::string clock_text(base::WallNs wall_ns) {
    const auto seconds = static_cast<time_t>(wall_ns / base::kNsPerS);
    tm local{};
    ::localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    const auto bytes = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
    return fmt::format(
        "{}.{:03}", std::string_view(text.data(), bytes), wall_ns % base::kNsPerS / base::kNsPerMs);
}

} // namespace

std::string draw_ladder(const LadderInput& input) {
    if (input.notes.empty()) {
        return "no notes of this call are left" +
               (input.incomplete.empty() ? std::string() : ": " + input.incomplete) + "\n";
    }
    const auto columns = columns_of(input);
    std::string text =
        fmt::format("seconds since {}\n\n", clock_text(input.began_wall_ns)) + heading(columns);
    std::size_t left_out = 0;
    for (const auto& note : input.notes) {
        if (columns.have(peer_of(note))) {
            text += line_of(note, columns, input.notes.front().time_ns);
        } else {
            ++left_out;
        }
    }
    if (left_out > 0) {
        text += fmt::format("\nnot shown: {} messages of further peers\n", left_out);
    }
    if (!input.incomplete.empty()) {
        text += "\nincomplete: " + input.incomplete + "\n";
    }
    return text;
}

} // namespace tandem::controlplane
