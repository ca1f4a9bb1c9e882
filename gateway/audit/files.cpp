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

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
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

std::vector<RotatedFile> rotated_files(const fs::path& folder) {
    std::vector<RotatedFile> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (const auto first = first_of(entry.path().filename())) files.push_back({first, entry.path()});
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return files;
}

std::uint64_t first_record(const File& log, std::uint64_t offset) {
    std::string begin(32, '\0');
    begin.resize(log.read_at(offset, begin));
    return seq_of(begin);
}

MissingRecords::MissingRecords(const fs::path& folder, std::uint64_t missing_from, std::uint64_t missing_to)
    : std::runtime_error(folder.string() + ": records " + std::to_string(missing_from) + " to " +
                         std::to_string(missing_to) + " are missing: there is no " +
                         rotated_path(folder, missing_from).filename().string()),
      from(missing_from),
      to(missing_to) {}

Files::Files(fs::path folder, std::uint64_t first) : folder_(std::move(folder)) {
    open_first(first);
    seek(first);
}

void Files::open_first(std::uint64_t first) {
    const auto rotated = rotated_files(folder_);
    path_ = active_path(folder_);
    file_ = File(path_, O_RDONLY);
    const auto active = first_record(file_);
    if (rotated.empty() || (active > 0 && active <= first)) return;
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

std::optional<Files::Part> Files::more(std::uint64_t offset, std::uint64_t next) {
    if (begin_) return Part{file_, *std::exchange(begin_, std::nullopt), whole_size(file_)};
    // Asked for before the size: a file that is not active any more has all that it will ever have.
    const bool active = is_active();
    if (const auto size = whole_size(file_); size > offset) return Part{file_, offset, size};
    if (active || !open_next(next)) return std::nullopt;
    return Part{file_, 0, whole_size(file_)};
}

// A file is renamed before the next audit.log is made: a name that is not there before audit.log is opened,
// nor afterwards, is that of no file.
bool Files::open_next(std::uint64_t next) {
    const auto rotated = rotated_path(folder_, next);
    const auto open = [this](const fs::path& path) {
        if (!fs::exists(path)) return false;
        path_ = path;
        file_ = File(path, O_RDONLY);
        return true;
    };
    if (open(rotated)) return true;
    const auto active = active_path(folder_);
    if (!fs::exists(active)) return false;
    File file(active, O_RDONLY);
    const auto begins = first_record(file);
    if (open(rotated)) return true;
    const auto others = rotated_files(folder_);
    const auto later =
        std::find_if(others.begin(), others.end(), [&](const auto& one) { return one.first > next; });
    if (later != others.end()) throw MissingRecords(folder_, next, later->first - 1);
    if (begins > next) throw MissingRecords(folder_, next, begins - 1);
    path_ = active;
    file_ = std::move(file);
    return true;
}

}  // namespace portcullis::audit
