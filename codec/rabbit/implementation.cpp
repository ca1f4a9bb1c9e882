#include "codec/rabbit/implementation.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace portcullis::codec::rabbit {

namespace {

constexpr const char* variable = "PORTCULLIS_RABBIT";

std::vector<Implementation> find() {
    std::vector<Implementation> found = {{"portable", apply_portable}};
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) found.push_back({"avx2", apply_avx2});
    if (__builtin_cpu_supports("avx512f")) found.push_back({"avx512", apply_avx512});
#endif
    return found;
}

const Implementation& choose() {
    const auto& all = implementations();
    const char* forced = std::getenv(variable);
    if (!forced) return all.back();
    const auto named =
        std::find_if(all.begin(), all.end(), [&](const Implementation& one) { return one.name == forced; });
    if (named != all.end()) return *named;
    std::string names;
    for (const auto& one : all) (names += names.empty() ? "" : ", ") += one.name;
    throw std::runtime_error(std::string(variable) + '=' + forced + ": this processor has " + names +
                             "; write one of them, or unset it");
}

}  // namespace

const std::vector<Implementation>& implementations() {
    static const std::vector<Implementation> all = find();
    return all;
}

const Implementation& implementation() {
    static const Implementation& chosen = choose();
    return chosen;
}

}  // namespace portcullis::codec::rabbit
