#include "gateway/auditor/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

namespace portcullis::auditor {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t at_once = std::size_t{1} << 20;

fs::path beside(const fs::path& place) {
    if (!place.has_filename()) journal::fail(place, "names no file; name the file to write");
    return place.parent_path() / ("." + place.filename().string() + ".new." + std::to_string(::getpid()));
}

}  // namespace

WholeFile::WholeFile(fs::path place)
    : place_(std::move(place)),
      temporary_(beside(place_)),
      file_(temporary_, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW) {}

WholeFile::~WholeFile() {
    std::error_code ignored;
    if (!complete_) fs::remove(temporary_, ignored);
}

void WholeFile::append(std::string_view bytes) {
    waiting_ += bytes;
    if (waiting_.size() >= at_once) write_out();
}

void WholeFile::write_out() {
    if (const auto error = file_.write(waiting_)) journal::fail(place_, "cannot be written", error);
    waiting_.clear();
}

void WholeFile::complete() {
    write_out();
    if (const auto error = file_.sync()) journal::fail(place_, "cannot be synced", error);
    std::error_code error;
    fs::rename(temporary_, place_, error);
    if (error) journal::fail(place_, "cannot be put in its place", error);
    complete_ = true;
    journal::sync_folder(place_.has_parent_path() ? place_.parent_path() : fs::path("."));
}

}  // namespace portcullis::auditor
