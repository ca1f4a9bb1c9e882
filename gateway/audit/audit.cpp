#include "gateway/audit/audit.hpp"

#include "gateway/audit/appender.hpp"

namespace portcullis::audit {

namespace fs = std::filesystem;

struct AuditLog::Impl {
    Impl(const fs::path& folder, Rotation chosen) : files(folder), rotation(chosen) {}

    Appender files;
    const Rotation rotation;
    std::optional<Head> prepared;  // since the first one was; of the writer thread
};

AuditLog::AuditLog(const fs::path& folder, Rotation rotation)
    : impl_(std::make_unique<Impl>(folder, rotation)) {}

AuditLog::~AuditLog() = default;

void AuditLog::prepare(std::string& payload) {
    if (!impl_->prepared) impl_->prepared = impl_->files.state().head;
    payload = seal_line(payload, *impl_->prepared);
}

void AuditLog::apply(const std::vector<std::pair<journal::Position, std::string>>& entries) {
    if (impl_->files.is_full(impl_->rotation, entries.front().second)) impl_->files.rotate();
    impl_->files.append(entries);
}

void AuditLog::sync() {
    impl_->files.sync();
}

journal::Position AuditLog::next() const {
    return impl_->files.state().head.records;
}

}  // namespace portcullis::audit
