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
constexpr std::uint64_t most_bytes = std::uint64_t{1}
                                     << 30;  // of audit.checkpoints: some ten years of minutes

// Takes a line without its line feed.
std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

std::string read_file(const fs::path& path) {
    const File file(path, O_RDONLY);
    const auto size = file.size();
    if (size > most_bytes) fail(path, "is too long for checkpoints");
    std::string text(size, '\0');
    text.resize(file.read_at(0, text));
    return text;
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
    const auto checkpoint = Checkpoint::parse(read_file(path));
    if (!checkpoint) fail(path, "is not a checkpoint");
    return checkpoint;
}

// A note and the empty line behind it: the second empty line ends it.
Checkpoints read_checkpoints(const fs::path& folder) {
    const auto path = checkpoints_path(folder);
    Checkpoints checkpoints;
    if (!fs::exists(path)) return checkpoints;
    const auto text = read_file(path);
    const auto after_empty_line = [&](std::size_t from) {
        const auto found = from == std::string::npos ? from : text.find("\n\n", from);
        return found == std::string::npos ? found : found + 2;
    };
    std::size_t begin = 0;
    for (auto end = after_empty_line(after_empty_line(0)); end != std::string::npos;
         end = after_empty_line(after_empty_line(begin))) {
        const auto checkpoint = Checkpoint::parse(std::string_view(text).substr(begin, end - 1 - begin));
        if (!checkpoint)
            fail(path, "what stands at offset " + std::to_string(begin) + " is not a checkpoint");
        checkpoints.all.push_back(*checkpoint);
        begin = end;
    }
    checkpoints.bytes = begin;
    return checkpoints;
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
