#pragma once
// Holds up, or fails, what makes the journal durable: fsync and fdatasync are this program's own. Else they
// do nothing, so that the tests are not as slow as the disk: none of them has its machine crash.

namespace portcullis::service::test {

/// While one lives, no fdatasync of a journal's segment returns; then all do what they always do.
class HeldDisk {
  public:
    HeldDisk();
    ~HeldDisk();
    HeldDisk(const HeldDisk&) = delete;
    HeldDisk& operator=(const HeldDisk&) = delete;
};

/// While one lives, every fdatasync of a journal's segment fails with EIO.
class BrokenDisk {
  public:
    BrokenDisk();
    ~BrokenDisk();
    BrokenDisk(const BrokenDisk&) = delete;
    BrokenDisk& operator=(const BrokenDisk&) = delete;
};

}  // namespace portcullis::service::test
