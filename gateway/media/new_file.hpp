#pragma once
// A file on its way: written beside the place where it shall stand, then made durable, then put there in one
// step. Until then what stands there is untouched.

#include <sys/stat.h>

#include <filesystem>

#include "gateway/base/bytes.hpp"
#include "gateway/media/descriptor.hpp"

namespace portcullis::media {

/// Whether what stands at the destination is to be replaced.
enum class Place { in_place, elsewhere };

class NewFile final : public ByteSink {
  public:
    /// `original`: whose permissions, owner and time it takes. Throws Refused, as all of these do.
    NewFile(std::filesystem::path destination, Place, const struct stat& original);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    /// Removes what was not put in its place.
    ~NewFile() override;

    void write(ByteView) override;
    /// All is written. The disk begins with it, but nobody waits.
    void complete();
    void make_durable();
    /// In place only if the original is still what it was. The folder has to be synced after it.
    void put_in_place();
    std::filesystem::path folder() const { return destination_.parent_path(); }

  private:
    void write_out(ByteView);
    void take_owner();

    const std::filesystem::path destination_;
    const Place place_;
    const struct stat original_;
    std::filesystem::path temporary_;  // empty once it is gone
    Descriptor file_;
    Bytes small_;  // gathered until there is more of it
};

/// Makes names that were made or changed in it durable.
void sync_folder(const std::filesystem::path&);

}  // namespace portcullis::media
