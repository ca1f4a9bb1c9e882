#pragma once
#include "gateway/cli_commands.hpp"
#include "gateway/policy/explain.hpp"

namespace portcullis::cli {

/// What was decided about the request, and why.
void answer(const Terminal&, const policy::Request&, const policy::Explanation&);

}  // namespace portcullis::cli
