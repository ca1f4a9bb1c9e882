#include "gateway/audit/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "gateway/audit/index.hpp"
#include "gateway/audit/line.hpp"
#include "gateway/audit/size_lock.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;
using journal::File;

namespace {

constexpr std::string_view prefix = "audit-";
constexpr std::string_view suffix = ".log";
constexpr std::size_t digits = 20;

// 0 if the name is not that of a rotated file.
std::uint64_t first_of(const std::string& name) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (name.size() != prefix.size() + digits + suffix.size() || !name.starts_with(prefix) ||
        !name.ends_with(suffix) ||
        !std::all_of(name.begin() + prefix.size(), name.begin() + prefix.size() + digits, is_digit))
        return 0;
    return std::stoull(name.substr(prefix.size(), digits));
}

// Nothing if there is none, as for a moment while the log is rotated.
std::optional<File> open_if_there(const fs::path& path) {
    for (int again = 0;; ++again) {
        try {
            return File(path, O_RDONLY);
        } catch (const std::runtime_error&) {
            if (!fs::exists(path)) return std::nullopt;
            if (again == 3) throw;
        }
    }
}

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::string why_missing(const fs::path& folder, std::uint64_t first) {
    const auto path = rotated_path(folder, first);
    const auto name = path.filename().string();
    return fs::exists(path) ? name + " is empty" : "there is no " + name;
}

}  // namespace

fs::path active_path(const fs::path& folder) {
    return folder / "audit.log";
}

fs::path rotated_path(const fs::path& folder, std::uint64_t first) {
    const std::string number = std::to_string(first);
    return folder /
           (std::string(prefix) + std::string(digits - number.size(), '0') + number + std::string(suffix));
}

fs::path index_path(fs::path log) {
    return log.replace_extension(".index");
}

std::vector<LogFile> rotated_files(const fs::path& folder) {
    std::vector<LogFile> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (const auto first = first_of(entry.path().filename())) files.push_back({first, entry.path()});
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return files;
}

// audit.log is opened first: if it is rotated meanwhile, it is found under its new name.
std::vector<LogFile> all_files(const fs::path& folder) {
    const auto active = open_if_there(active_path(folder));
    const auto begins = active ? first_record(*active) : 0;
    auto files = rotated_files(folder);
    if (begins > 0 && (files.empty() || files.back().first < begins))
        files.push_back({begins, active_path(folder)});
    return files;
}

std::uint64_t first_record(const File& log, std::uint64_t offset) {
    std::string begin(32, '\0');
    begin.resize(log.read_at(offset, begin));
    return seq_of(begin);
}

MissingRecords::MissingRecords(const fs::path& folder, std::uint64_t missing_from, std::uint64_t missing_to)
    : std::runtime_error(folder.string() + ": records " + std::to_string(missing_from) + " to " +
                         std::to_string(missing_to) + " are missing: " + why_missing(folder, missing_from)),
      from(missing_from),
      to(missing_to),
      why(why_missing(folder, missing_from)) {}

Files::Files(fs::path folder, std::uint64_t first) : folder_(std::move(folder)) {
    open_first(first);
    seek(first);
}

// The list is made after audit.log was opened: it has all files that were rotated before.
void Files::open_first(std::uint64_t first) {
    auto active = open_if_there(active_path(folder_));
    const auto rotated = rotated_files(folder_);
    const auto begins = active ? first_record(*active) : 0;
    if (rotated.empty() || (begins > 0 && begins <= first)) {
        path_ = active_path(folder_);
        if (!active) active.emplace(path_, O_RDONLY);
        file_ = std::move(*active);
        return;
    }
    auto file = rotated.begin();
    while (file + 1 != rotated.end() && (file + 1)->first <= first) ++file;
    path_ = file->path;
    file_ = File(path_, O_RDONLY);
}

// The index is not believed: a line with a number that is not too high must begin where it says.
void Files::seek(std::uint64_t first) {
    begin_ = 0;
    const auto file_begins = first_record(file_);
    if (file_begins > 0) begins_with_ = file_begins;
    const auto index = Index::open(index_path(path_), file_begins);
    const auto offset = index ? index->offset_before(first) : 0;
    if (const auto found = first_record(file_, offset); found > file_begins && found <= first) {
        begin_ = offset;
        begins_with_ = found;
    }
}

// It is what audit.log names; a name that is not there is one that a rotation is just about to make.
bool Files::is_active() const {
    struct stat open {};
    struct stat named {};
    if (::fstat(file_.descriptor(), &open) != 0)
        journal::fail(path_, "cannot be examined", journal::last_error());
    return ::stat(active_path(folder_).c_str(), &named) == 0 && same_file(open, named);
}

// `active` is asked for before the size: a file that is not active any more has all that it will ever have.
Files::Part Files::part(std::uint64_t begin) const {
    const bool active = is_active();
    return {file_, begin, whole_size(file_), active};
}

std::optional<Files::Part> Files::more(std::uint64_t offset, std::uint64_t next) {
    if (begin_) return part(*std::exchange(begin_, std::nullopt));
    const auto rest = part(offset);
    if (rest.end > offset) return rest;
    if (rest.active || !open_next(next)) return std::nullopt;
    return part(0);
}

// A file is renamed before the next audit.log is made: a name that is not there once audit.log is open is
// that of no file that came before it. The present file is not the next, though its name may say so: if it
// has no records.
bool Files::open_next(std::uint64_t next) {
    auto path = active_path(folder_);
    auto file = open_if_there(path);
    const auto begins = file ? first_record(*file) : 0;
    const auto rotated = rotated_files(folder_);
    const auto other = std::find_if(rotated.begin(), rotated.end(),
                                    [&](const auto& one) { return one.first >= next && one.path != path_; });
    if (other != rotated.end() && other->first == next)
        file = open_if_there(path = other->path);
    else if (begins != next && (other != rotated.end() || begins > next))
        throw MissingRecords(folder_, next, (other != rotated.end() ? other->first : begins) - 1);
    if (!file) return false;
    path_ = std::move(path);
    file_ = std::move(*file);
    return true;
}

}  // namespace portcullis::audit
