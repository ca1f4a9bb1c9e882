#include "gateway/audit/checkpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "gateway/base/hex.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;
using journal::fail;
using journal::File;

namespace {

constexpr std::string_view prefix = "portcullis/audit/";
constexpr std::size_t most_bytes = std::size_t{1} << 20;  // of a checkpoint
constexpr std::string_view empty_line = "\n\n";
constexpr std::string_view signatures_begin = "\n\n\u2014 ";

// Takes a line without its line feed.
std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

std::string read_part(const File& file, std::uint64_t begin, std::size_t length) {
    std::string text(length, '\0');
    text.resize(file.read_at(begin, text));
    return text;
}

std::string not_a_checkpoint(std::uint64_t offset) {
    return "what stands at offset " + std::to_string(offset) + " is not a checkpoint";
}

// Takes a note and the empty line behind it, which is the second one; returns the note.
std::optional<std::string_view> take_note(std::string_view& rest) {
    const auto inner = rest.find(empty_line);
    const auto end = inner == rest.npos ? inner : rest.find(empty_line, inner + empty_line.size());
    if (end == rest.npos) return std::nullopt;
    const auto note = rest.substr(0, end + 1);
    rest.remove_prefix(end + empty_line.size());
    return note;
}

Checkpoint checkpoint_in(std::string_view note, const fs::path& path, std::uint64_t offset) {
    const auto checkpoint = Checkpoint::parse(note);
    if (!checkpoint) fail(path, not_a_checkpoint(offset));
    return *checkpoint;
}

// Of the last note that has an empty line behind them.
std::size_t last_signatures(const std::string& text) {
    const auto end = text.rfind(empty_line);
    if (end == text.npos) return end;
    const auto found = text.rfind(signatures_begin, end);
    return found < end || found == 0 ? found : text.rfind(signatures_begin, end - 1);
}

// Behind what is whole.
void append_note(const fs::path& path, std::uint64_t end, const std::string& note) {
    const File file(path, O_RDWR | O_CREAT | O_NOFOLLOW);
    if (::ftruncate(file.descriptor(), static_cast<off_t>(end)) != 0)
        fail(path, "cannot be cut to its last whole checkpoint", journal::last_error());
    if (const ErrorCode error = file.write_at(end, note + '\n')) fail(path, "cannot be written", error);
    if (const ErrorCode error = file.sync()) fail(path, "cannot be synced", error);
}

}  // namespace

std::string origin_of(const std::string& gateway_id) {
    std::string origin(prefix);
    for (const char c : gateway_id) {
        if (c > ' ' && c < '\x7f' && c != '+' && c != '%')
            origin.push_back(c);
        else
            origin.append("%").append(portcullis::hex(as_bytes({&c, 1})));
    }
    return origin;
}

std::optional<Checkpoint> Checkpoint::parse(std::string_view text) {
    const auto note = parse_note(text);
    if (!note) return std::nullopt;
    std::string_view rest = note->text;
    Checkpoint checkpoint;
    checkpoint.origin = take_line(rest);
    const auto size = take_line(rest);
    const auto root = unbase64(take_line(rest));
    const auto [stop, error] = std::from_chars(size.data(), size.data() + size.size(), checkpoint.size);
    if (checkpoint.origin.empty() || error != std::errc{} || std::to_string(checkpoint.size) != size ||
        !root || root->size() != checkpoint.root.size() || !rest.empty())
        return std::nullopt;
    std::copy(root->begin(), root->end(), checkpoint.root.begin());
    checkpoint.note = text;
    return checkpoint;
}

fs::path checkpoint_path(const fs::path& folder) {
    return folder / "audit.checkpoint";
}

fs::path checkpoints_path(const fs::path& folder) {
    return folder / "audit.checkpoints";
}

std::optional<Checkpoint> latest_checkpoint(const fs::path& folder) {
    const auto path = checkpoint_path(folder);
    if (!fs::exists(path)) return std::nullopt;
    const auto checkpoint = Checkpoint::parse(read_part(File(path, O_RDONLY), 0, most_bytes));
    if (!checkpoint) fail(path, "is not a checkpoint");
    return checkpoint;
}

std::uint64_t read_checkpoints(const fs::path& folder, std::uint64_t from,
                               const std::function<void(const Checkpoint&)>& take) {
    const auto path = checkpoints_path(folder);
    if (!fs::exists(path)) return 0;
    const File file(path, O_RDONLY);
    std::string text;
    for (std::uint64_t read = from;;) {
        std::string_view rest = text;
        while (const auto note = take_note(rest)) {
            take(checkpoint_in(*note, path, from));
            from += note->size() + 1;
        }
        text.erase(0, text.size() - rest.size());
        const auto more = read_part(file, read, std::size_t{1} << 20);
        if (more.empty()) return from;
        if (text.size() > most_bytes) fail(path, not_a_checkpoint(from));
        read += more.size();
        text += more;
    }
}

// The last note of which there are signatures and the empty line behind them.
std::uint64_t checkpoints_end(const fs::path& folder) {
    const auto path = checkpoints_path(folder);
    if (!fs::exists(path)) return 0;
    const File file(path, O_RDONLY);
    const auto size = file.size();
    for (std::uint64_t length = 8 * 1024;; length *= 2) {
        const auto at = size - std::min(length, size);
        const auto text = read_part(file, at, size - at);
        const auto signatures = last_signatures(text);
        const auto before = signatures == std::string::npos || signatures == 0
                                ? std::string::npos
                                : text.rfind(empty_line, signatures - 1);
        if (at > 0 && before == std::string::npos) {
            if (length > most_bytes) fail(path, not_a_checkpoint(at));
            continue;
        }
        const auto begin = before == std::string::npos ? 0 : before + empty_line.size();
        auto rest = std::string_view(text).substr(begin);
        auto end = at + begin;
        if (const auto note = take_note(rest)) end += checkpoint_in(*note, path, end).note.size() + 1;
        if (take_note(rest)) fail(path, not_a_checkpoint(end));
        return end;
    }
}

Checkpoint make_checkpoint(const fs::path& folder, std::uint64_t& bytes, const State& state,
                           const Signer& signer) {
    const std::string text =
        signer.key.name + '\n' + std::to_string(state.head.records) + '\n' + base64(state.tree.root()) + '\n';
    const auto note = sign_note(text, signer);
    append_note(checkpoints_path(folder), bytes, note);
    bytes += note.size() + 1;
    journal::replace_file(checkpoint_path(folder), note);
    return *Checkpoint::parse(note);
}

}  // namespace portcullis::audit
