#include "gateway/media/plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "gateway/media/refused.hpp"
#include "gateway/media/temporary.hpp"

namespace portcullis::media {

namespace fs = std::filesystem;

namespace {

class Planner {
  public:
    explicit Planner(const std::optional<fs::path>& output) : output_(output) {}

    void add(const fs::path& path) {
        std::error_code error;
        const auto status = fs::status(path, error);
        if (!fs::exists(status))
            throw UsageError(path.string() +
                             ": no such file or folder; name DICOM files or folders with some");
        if (!fs::is_directory(status)) return add_file(path, path.filename());
        if (output_) refuse_output_inside(path);
        add_folder(path, {});
    }
    std::vector<Job> take() { return std::move(jobs_); }

  private:
    void add_file(const fs::path& path, const fs::path& relative) {
        // Named twice is treated once.
        if (!sources_.insert(fs::absolute(path).lexically_normal()).second) return;
        Job job{path, output_ ? *output_ / relative : path};
        if (!output_ && fs::is_symlink(fs::symlink_status(path)))
            job.problem = "is a symbolic link; name the file that it stands for";
        if (output_ && !destinations_.insert(job.destination).second)
            throw UsageError(path.string() + ": another file goes to " + job.destination.string() +
                             ", too; treat them one after the other with two outputs");
        jobs_.push_back(std::move(job));
    }

    void add_folder(const fs::path& folder, const fs::path& relative) {
        std::vector<fs::directory_entry> entries;
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
            if (!is_temporary(entry->path().filename().native())) entries.push_back(*entry);
        if (error) jobs_.push_back({folder, folder, "folder cannot be read: " + error.message()});
        std::sort(entries.begin(), entries.end());
        for (const auto& entry : entries) {
            const auto name = relative / entry.path().filename();
            const bool is_folder = entry.is_directory(error);
            if (is_folder && entry.is_symlink(error)) continue;
            is_folder ? add_folder(entry.path(), name) : add_file(entry.path(), name);
        }
    }

    /// It would be read by the next run.
    void refuse_output_inside(const fs::path& folder) const {
        const auto outer = fs::canonical(folder);
        const auto inner = fs::weakly_canonical(fs::absolute(*output_));
        const auto [end, ignored] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
        if (end == outer.end())
            throw UsageError(output_->string() + ": is inside of " + folder.string() +
                             ", which is read; choose another output, or --in-place");
    }

    const std::optional<fs::path> output_;
    std::vector<Job> jobs_;
    std::set<fs::path> sources_, destinations_;
};

/// With those above it, each durable in the one that holds it.
void make_folder(const fs::path& folder) {
    if (folder.empty() || fs::is_directory(folder)) return;
    make_folder(folder.parent_path());
    fs::create_directory(folder);
    sync_folder(folder.parent_path());
}

/// Why it cannot be made; empty if it is there.
std::string prepare(const fs::path& folder) {
    try {
        make_folder(folder);
        remove_leftovers(folder.empty() ? "." : folder);
    } catch (const std::runtime_error& error) {  // a file system's, or Refused
        return error.what();
    }
    return {};
}

}  // namespace

std::vector<Job> make_plan(const std::vector<fs::path>& paths, const std::optional<fs::path>& output) {
    Planner planner(output);
    for (const auto& path : paths) planner.add(path);
    return planner.take();
}

void prepare_folders(std::vector<Job>& jobs) {
    std::map<fs::path, std::string> problems;
    for (auto& job : jobs) {
        const auto [folder, fresh] = problems.try_emplace(job.destination.parent_path());
        if (fresh) folder->second = prepare(folder->first);
        if (job.problem.empty()) job.problem = folder->second;
    }
}

}  // namespace portcullis::media
