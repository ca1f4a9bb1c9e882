#pragma once
#include <algorithm>
#include <vector>

namespace portcullis {

/// Whether it is among them.
template <class T>
bool has(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace portcullis
