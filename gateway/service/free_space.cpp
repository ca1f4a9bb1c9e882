#include "gateway/service/free_space.hpp"

#include <algorithm>
#include <chrono>

#include "gateway/admin/log.hpp"
#include "gateway/service/services.hpp"

namespace portcullis::service {

FreeSpace::FreeSpace(std::vector<std::filesystem::path> folders, std::uintmax_t least, Measure measure)
    : folders_(std::move(folders)), least_(least), measure_(std::move(measure)) {
    look();
}

bool FreeSpace::look() {
    std::uintmax_t fewest = UINTMAX_MAX;
    for (const auto& folder : folders_) fewest = std::min(fewest, measure_(folder));
    bytes_ = fewest;
    const bool low = fewest < least_;
    return low_.exchange(low) != low;
}

std::uintmax_t FreeSpace::available(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return error ? 0 : space.available;
}

FreeSpaceWatch::FreeSpaceWatch(const boost::asio::any_io_executor& executor, FreeSpace& space,
                               Services& services)
    : space_(space), services_(services), timer_(executor) {}

void FreeSpaceWatch::start() {
    tell(space_.low());
    look_again();
}

void FreeSpaceWatch::look_again() {
    timer_.expires_after(std::chrono::seconds(1));
    timer_.async_wait([this](ErrorCode error) {
        if (error) return;
        tell(space_.look());
        look_again();
    });
}

void FreeSpaceWatch::tell(bool changed) const {
    const std::uint64_t bytes = space_.bytes();
    services_.metrics.free_space(static_cast<double>(bytes));
    if (!changed) return;
    const bool low = space_.low();
    admin::log(low ? admin::Level::error : admin::Level::info, low ? "disk-nearly-full" : "disk-has-room",
               {{"free_bytes", std::to_string(bytes)},
                {"meaning", low ? "nothing is stored or handed out until there is room again"
                                : "everything is served again"}});
    note(services_, audit::Record(low ? "alert" : "warning",
                                  {{"reason", std::string(low ? "disk nearly full" : "disk has room again")},
                                   {"free_bytes", bytes}}));
}

}  // namespace portcullis::service
