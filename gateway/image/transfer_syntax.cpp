#include "gateway/image/transfer_syntax.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "gateway/base/first_common.hpp"

namespace portcullis::image {

namespace {

/// Not Explicit VR Little Endian in the stream, or without the pixels (PS3.5 annex A, PS3.6 annex A).
constexpr std::array<std::string_view, 11> not_carried = {
    "1.2.840.10008.1.2.4.94",   // JPIP Referenced
    "1.2.840.10008.1.2.4.95",   // JPIP Referenced Deflate
    "1.2.840.10008.1.2.4.204",  // JPIP HTJ2K Referenced
    "1.2.840.10008.1.2.4.205",  // JPIP HTJ2K Referenced Deflate
    "1.2.840.10008.1.2.6.1",    // RFC 2557 MIME encapsulation
    "1.2.840.10008.1.2.6.2",    // XML encoding
    "1.2.840.10008.1.2.7.1",    // SMPTE ST 2110-20
    "1.2.840.10008.1.2.7.2",    // SMPTE ST 2110-20
    "1.2.840.10008.1.2.7.3",    // SMPTE ST 2110-30
    "1.2.840.10008.1.20",       // Papyrus 3 Implicit VR Little Endian
    "1.2.840.113619.5.2",       // GE private: Implicit VR with big endian pixels
};

using Known = std::pair<std::string_view, Compression>;
constexpr std::array<Known, 5> lossless_compressions = {
    {{"1.2.840.10008.1.2.4.90", Compression::jpeg_2000},
     {"1.2.840.10008.1.2.4.80", Compression::jpeg_ls},
     {"1.2.840.10008.1.2.4.70", Compression::jpeg_lossless_sv1},
     {"1.2.840.10008.1.2.5", Compression::rle},
     {"1.2.840.10008.1.2.4.57", Compression::jpeg_lossless}}};
constexpr std::array<Known, 4> lossy_compressions = {{{"1.2.840.10008.1.2.4.50", Compression::jpeg_baseline},
                                                      {"1.2.840.10008.1.2.4.51", Compression::jpeg_extended},
                                                      {"1.2.840.10008.1.2.4.81", Compression::jpeg_ls},
                                                      {"1.2.840.10008.1.2.4.91", Compression::jpeg_2000}}};

template <std::size_t count>
std::optional<Compression> find(const std::array<Known, count>& known, const Uid& transfer_syntax) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Known& one) { return one.first == transfer_syntax.str(); });
    return found == known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<TransferSyntax> carried_transfer_syntax(const Uid& uid) {
    if (uid.str() == "1.2.840.10008.1.2") return TransferSyntax{uid, {false}};
    if (uid.str() == "1.2.840.10008.1.2.1") return TransferSyntax{uid, {true}};
    if (uid.str() == "1.2.840.10008.1.2.1.99")
        return TransferSyntax{.uid = uid, .encoding = {true}, .encapsulated = false, .deflated = true};
    if (uid.str() == "1.2.840.10008.1.2.2") return TransferSyntax{uid, {true, true}};
    if (std::find(not_carried.begin(), not_carried.end(), uid.str()) != not_carried.end())
        return std::nullopt;
    return TransferSyntax{uid, {true}, true};
}

std::optional<Uid> first_carried(const std::vector<Uid>& offered) {
    for (const auto& syntax : offered)
        if (carried_transfer_syntax(syntax)) return syntax;
    return std::nullopt;
}

const std::vector<Uid>& uncompressed_syntaxes() {
    static const std::vector<Uid> syntaxes = {Uid::parse("1.2.840.10008.1.2.1").value(),
                                              Uid::parse("1.2.840.10008.1.2").value()};
    return syntaxes;
}

std::optional<Uid> plainest_of(const std::vector<Uid>& offered) {
    const auto uncompressed = first_common(uncompressed_syntaxes(), offered);
    return uncompressed ? uncompressed : first_carried(offered);
}

std::optional<Compression> compression(const Uid& transfer_syntax) {
    const auto lossless = lossless_compression(transfer_syntax);
    return lossless ? lossless : find(lossy_compressions, transfer_syntax);
}

std::optional<Compression> lossless_compression(const Uid& transfer_syntax) {
    return find(lossless_compressions, transfer_syntax);
}

const std::vector<Uid>& lossless_syntaxes() {
    static const std::vector<Uid> syntaxes = [] {
        std::vector<Uid> uids;
        for (const auto& known : lossless_compressions) uids.push_back(Uid::parse(known.first).value());
        return uids;
    }();
    return syntaxes;
}

const TransferSyntax& decompressed_syntax() {
    static const TransferSyntax syntax = carried_transfer_syntax(uncompressed_syntaxes().front()).value();
    return syntax;
}

}  // namespace portcullis::image
