#pragma once
// Which files there are to treat, and where what is made of them goes.

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/media/new_file.hpp"

namespace portcullis::media {

struct Job {
    std::filesystem::path source;
    std::filesystem::path destination;  // the source itself: in place
    std::string problem = {};           // why it cannot be treated, where that is known already

    Place place() const { return source == destination ? Place::in_place : Place::elsewhere; }
};

/// What was asked for cannot be meant: one line.
class UsageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Every file that `paths` name, and those in folders among them at any depth, in the order of `paths` and
/// then of names; without links to folders inside of folders and without temporary files of ours. With
/// `output` a file goes there by its name, and one of a folder by its path from that folder. Throws
/// UsageError: a path that is not there, two files with one destination, an output inside of a folder that
/// is read.
std::vector<Job> make_plan(const std::vector<std::filesystem::path>& paths,
                           const std::optional<std::filesystem::path>& output);

/// Makes the folders of the destinations and removes what killed runs left there. A folder that cannot be
/// made becomes the problem of its files.
void prepare_folders(std::vector<Job>&);

}  // namespace portcullis::media
