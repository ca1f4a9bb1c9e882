#include "gateway/audit/evidence.hpp"

#include <algorithm>

#include "gateway/audit/reader.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;

namespace {

constexpr auto is_smaller = [](const auto& item, std::uint64_t size) { return item.checkpoint.size < size; };

std::string of_records(std::uint64_t size) {
    return "of " + std::to_string(size) + (size == 1 ? " record" : " records");
}

}  // namespace

// The latest is read first: a gateway that makes more of them meanwhile writes it last.
Evidence::Evidence(fs::path folder, const Known& known) : folder_(std::move(folder)), known_(known) {
    for (const auto& [from, checkpoint] : known.witnesses) items_.push_back({from, checkpoint, false});
    try {
        read_own();
    } catch (const std::runtime_error& error) {
        unreadable_ = error.what();
    }
    std::stable_sort(items_.begin(), items_.end(),
                     [](const auto& a, const auto& b) { return a.checkpoint.size < b.checkpoint.size; });
}

void Evidence::read_own() {
    latest_ = latest_checkpoint(folder_);
    own_bytes_ = read_checkpoints(folder_, 0, [&](const Checkpoint& checkpoint) {
        ++own_;
        if (checkpoint.size < last_)
            throw std::runtime_error(checkpoints_path(folder_).string() + ": the checkpoint " +
                                     of_records(checkpoint.size) + " stands behind one " + of_records(last_) +
                                     ": the log was replaced by an older one, or they were moved");
        last_ = checkpoint.size;
        items_.push_back({checkpoints_path(folder_).string(), checkpoint, true});
    });
}

// As the auditor knows it, or else as the log says itself.
std::string Evidence::origin() const {
    for (const auto& key : known_.keys)
        if (!key.name.empty()) return key.name;
    if (!known_.witnesses.empty()) return known_.witnesses.front().checkpoint.origin;
    return items_.front().checkpoint.origin;
}

std::optional<std::string> Evidence::fault_of(const Item& item) const {
    const auto& checkpoint = item.checkpoint;
    const std::string which = item.name + ": the checkpoint " + of_records(checkpoint.size);
    if (const auto expected = origin(); checkpoint.origin != expected)
        return which + " is of another log: its origin is " + checkpoint.origin + ", not " + expected;
    if (known_.keys.empty()) return std::nullopt;
    switch (verify_note(*parse_note(checkpoint.note), known_.keys)) {
        case Signed::yes:
            return std::nullopt;
        case Signed::wrong:
            return which + " was changed: its signature is wrong";
        case Signed::not_by_these:
            break;
    }
    return which + " is not signed by the key that was given, but by another";
}

std::optional<std::string> Evidence::fault() const {
    if (unreadable_) return unreadable_;
    for (const auto& item : items_)
        if (auto what = fault_of(item)) return what;
    if (latest_ && !has(latest_->note))
        return checkpoints_path(folder_).string() + ": the checkpoint " + of_records(latest_->size) +
               ", which is in " + checkpoint_path(folder_).filename().string() + ", was removed";
    return std::nullopt;
}

std::optional<Fault> Evidence::compare(const MerkleTree& tree) {
    for (; next_ < items_.size() && items_[next_].checkpoint.size <= tree.size(); ++next_) {
        const auto& [name, checkpoint, own] = items_[next_];
        if (checkpoint.size == tree.size() && checkpoint.root == tree.root()) {
            sound_ = tree.size();
        } else if (checkpoint.size == tree.size()) {
            return Fault{sound_ + 1, "up to record " + std::to_string(tree.size()) +
                                         ": not the records of the checkpoint in " + name +
                                         ": some were changed, removed or inserted, or the log was replaced, "
                                         "and all hashes written anew"};
        } else if (!own) {
            return Fault{0, name + ": the checkpoint " + of_records(checkpoint.size) +
                                " speaks of records that were moved away; bring them back to verify it"};
        }
    }
    return std::nullopt;
}

bool Evidence::has(const std::string& note) const {
    const auto checkpoint = Checkpoint::parse(note);
    if (!checkpoint) return false;
    const auto begin = std::lower_bound(items_.begin(), items_.end(), checkpoint->size, is_smaller);
    const auto end = std::find_if(begin, items_.end(),
                                  [&](const auto& item) { return item.checkpoint.size > checkpoint->size; });
    return std::any_of(begin, end,
                       [&](const auto& item) { return item.own && item.checkpoint.note == note; });
}

std::optional<Fault> Evidence::compare_record(std::uint64_t record, std::string_view line) {
    if (known_.keys.empty()) return std::nullopt;
    const auto logged = parse(line);
    const auto note = logged ? logged->text("note") : std::string();
    if (has(note)) return std::nullopt;
    // A gateway may have made it meanwhile.
    bool is_new = false;
    read_checkpoints(folder_, own_bytes_, [&](const auto& one) { is_new = is_new || one.note == note; });
    if (is_new) return std::nullopt;
    const auto told = Checkpoint::parse(note);
    return Fault{record,
                 (told ? "tells of the checkpoint " + of_records(told->size) + ", which was removed from "
                       : "tells of what is no checkpoint, and is not in ") +
                     checkpoints_path(folder_).string()};
}

std::optional<Fault> Evidence::end(std::uint64_t records) const {
    if (next_ < items_.size()) {
        const auto& [name, checkpoint, own] = items_.back();
        return Fault{records + 1, "is missing: the log ends after record " + std::to_string(records) +
                                      ", but the checkpoint in " + name + " is " +
                                      of_records(checkpoint.size) +
                                      ": the log was cut off, or replaced by an old copy"};
    }
    if (!known_.keys.empty() && own_ == 0 && records > 0)
        return Fault{0, checkpoints_path(folder_).string() +
                            ": there is no checkpoint, though a key was given: they were removed, or the "
                            "gateway never made one"};
    for (const auto& [name, checkpoint, own] : items_)
        if (!own && checkpoint.size > last_ && own_ > 0)
            return Fault{0, checkpoints_path(folder_).string() + ": the checkpoint " +
                                of_records(checkpoint.size) + ", which is in " + name + ", was removed"};
    return std::nullopt;
}

}  // namespace portcullis::audit
