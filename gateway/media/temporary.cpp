#include "gateway/media/temporary.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "gateway/media/refused.hpp"

namespace portcullis::media {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view infix = ".portcullis-";
constexpr std::string_view random_part = "XXXXXX";  // of mkostemp(3)
constexpr std::size_t longest_name = 255;           // NAME_MAX

bool is_random(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_abandoned(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    return file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

bool is_temporary(std::string_view name) {
    if (name.size() < 2 + infix.size() + random_part.size() || name.front() != '.') return false;
    const auto tail = name.substr(name.size() - infix.size() - random_part.size());
    const auto random = tail.substr(infix.size());
    return tail.substr(0, infix.size()) == infix && std::all_of(random.begin(), random.end(), is_random);
}

Descriptor make_temporary(const fs::path& destination, fs::path& path) {
    const auto name =
        destination.filename().string().substr(0, longest_name - 1 - infix.size() - random_part.size());
    auto text = (destination.parent_path() / ("." + name)).string();
    (text += infix) += random_part;
    Descriptor file(::mkostemp(text.data(), O_CLOEXEC));
    if (!file) refuse_errno("no file can be made beside " + destination.string());
    path = text;
    ::flock(file.get(), LOCK_EX | LOCK_NB);  // where there are no locks nothing is lost but this courtesy
    return file;
}

void remove_leftovers(const fs::path& folder) {
    std::error_code ignored;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
         entry.increment(ignored))
        if (is_temporary(entry->path().filename().native())) found.push_back(entry->path());
    for (const auto& path : found)
        if (is_abandoned(path)) fs::remove(path, ignored);
}

}  // namespace portcullis::media
