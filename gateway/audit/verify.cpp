#include "gateway/audit/verify.hpp"

#include <fcntl.h>

#include <set>

#include "gateway/audit/batches.hpp"
#include "gateway/audit/evidence.hpp"
#include "gateway/audit/files.hpp"
#include "gateway/audit/lines.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;

namespace {

// Whether a record stands somewhere in the log.
bool is_somewhere(const fs::path& folder, std::uint64_t record) {
    std::vector<fs::path> paths;
    for (const auto& file : rotated_files(folder)) paths.push_back(file.path);
    if (fs::exists(active_path(folder))) paths.push_back(active_path(folder));
    for (const auto& path : paths) {
        const journal::File file(path, O_RDONLY);
        LineReader lines(file, 0, file.size());
        while (const auto line = lines.next())
            if (seq_of(*line) == record) return true;
    }
    return false;
}

std::string and_those_up_to(std::uint64_t from, std::uint64_t to) {
    return to > from ? ", and so are those up to " + std::to_string(to) : "";
}

class Verification {
  public:
    Verification(const fs::path& folder, const Known& known)
        : folder_(folder), known_(known), evidence_(folder, known), files_(folder, 1) {}

    Verified run() {
        if (auto what = evidence_.fault())
            found_.fault = Fault{0, *what};
        else if (begin())
            read();
        if (!found_.fault) found_.fault = evidence_.end(state_.head.records);
        if (!found_.fault) found_.fault = left_over();
        if (!found_.fault) found_.fault = unconfirmed_begin();
        found_.records = state_.head.records;
        found_.root_hash = hex(state_.tree.root());
        found_.checkpoints = evidence_.count();
        found_.checkpointed = evidence_.checkpointed();
        return found_;
    }

  private:
    bool fail(std::uint64_t record, std::string what) {
        found_.fault = Fault{record, std::move(what)};
        return false;
    }

    // At the oldest record that is here. What came before it is known from the index alone; a checkpoint of
    // later records shows whether that is true.
    bool begin() {
        found_.first = files_.begins_with();
        if (found_.first > known_.first)
            return fail(known_.first, "is not here" + and_those_up_to(known_.first, found_.first - 1) +
                                          ": the log begins with record " + std::to_string(found_.first) +
                                          "; if they were moved away as old, say so by --first " +
                                          std::to_string(found_.first));
        if (found_.first == 1) return compare();
        const auto index = Index::open(index_path(files_.path()), found_.first);
        if (!index)
            return fail(0, index_path(files_.path()).string() +
                               ": is missing or damaged: it has the tree of the records before " +
                               std::to_string(found_.first) + ", which are not here; restore it");
        state_ = index->before();
        return compare();
    }

    bool compare() {
        found_.fault = evidence_.compare(state_.tree);
        return !found_.fault;
    }

    void read() {
        try {
            std::uint64_t offset = 0;
            while (const auto part = files_.more(offset, state_.head.records + 1)) {
                if (part->begin > 0) return;  // it grows; all that the checkpoints speak of was there before
                begins_.insert(state_.head.records + 1);
                BatchReader batches(part->file, part->begin, part->end);
                while (const auto batch = batches.next())
                    if (!take(*batch)) return;
                offset = batches.offset();
                if (offset != part->end) {
                    fail(state_.head.records + 1, "is torn: it does not end with a line feed");
                    return;
                }
            }
        } catch (const MissingRecords& missing) {
            fail(missing.from, "is missing" + and_those_up_to(missing.from, missing.to) + ": " + missing.why);
        }
    }

    // Readers go by the names of the files. What was rotated meanwhile begins later.
    std::optional<Fault> left_over() const {
        for (const auto& [first, path] : rotated_files(folder_))
            if (first <= state_.head.records && !begins_.contains(first))
                return Fault{0, path.string() + ": is no part of the log: no file of it begins with record " +
                                    std::to_string(first)};
        return std::nullopt;
    }

    // What the index tells of records that were moved away is true if it leads to a root that was signed.
    std::optional<Fault> unconfirmed_begin() const {
        if (known_.keys.empty() || evidence_.checkpointed() + 1 >= found_.first) return std::nullopt;
        return Fault{0, "no checkpoint shows that what came before record " + std::to_string(found_.first) +
                            " is true: the last one is of " + std::to_string(evidence_.checkpointed()) +
                            " records"};
    }

    bool take(const Batch& batch) {
        for (std::size_t i = 0; i < batch.lines.size(); ++i)
            if (!take(batch.lines[i], batch.hashes[i])) return false;
        if (known_.progress) known_.progress(state_.head.records);
        return true;
    }

    bool take(std::string_view line, const std::optional<LineHashes>& hashes) {
        const auto record = state_.head.records + 1;
        if (auto fault = follow(hashes, state_.head)) return fail(record, explain(record, hashes, *fault));
        state_.tree.add(state_.head.hash);
        if (record > evidence_.checkpointed() && found_.unconfirmed_since.empty())
            found_.unconfirmed_since = time_text(line);
        if (is_event(line, "checkpoint")) found_.fault = evidence_.compare_record(record, line);
        return !found_.fault && compare();
    }

    // A record that is not in its place is moved if it is in another, or else missing.
    std::string explain(std::uint64_t record, const std::optional<LineHashes>& found,
                        const std::string& fault) {
        if (!found || !found->own || found->seq <= record) return fault;
        const std::string instead = ": record " + std::to_string(found->seq) + " stands in its place";
        if (is_somewhere(folder_, record)) return "was moved" + instead;
        return "is missing" + and_those_up_to(record, found->seq - 1) + instead;
    }

    const fs::path folder_;
    const Known& known_;
    Evidence evidence_;
    Files files_;
    std::set<std::uint64_t> begins_;  // the first records of the files
    State state_;
    Verified found_;
};

}  // namespace

Verified verify(const fs::path& folder, const Known& known) {
    return Verification(folder, known).run();
}

}  // namespace portcullis::audit
