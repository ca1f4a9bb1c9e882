#pragma once
// Where an object may have been recoded since it was sealed, more than one reading of its bytes may be the
// sealed one. Only the right one verifies.

#include <filesystem>

#include "gateway/image/open.hpp"
#include "gateway/image/recode.hpp"

namespace portcullis::image {

/// Opens what the recoder makes of the data set.
std::unique_ptr<Opener> open_recoded(std::unique_ptr<Recoder>, std::unique_ptr<Opener>);

/// Opens by the one of two that verifies; by the first, if both do. Until that is known, what each lets out
/// is held, in a spool.
std::unique_ptr<Opener> open_either(std::unique_ptr<Opener>, std::unique_ptr<Opener>,
                                    const std::filesystem::path& spool_folder);

}  // namespace portcullis::image
