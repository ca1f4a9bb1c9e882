#pragma once
// A gateway in small: keys, the identity of one object, seal and open in one call.

#include <filesystem>

#include "codec/codec.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/image/tags.hpp"
#include "tests/codec/sealed_sample.hpp"
#include "tests/image/compare.hpp"
#include "tests/image/cut.hpp"

namespace portcullis::image::test {

inline TransferSyntax syntax(const char* uid) {
    return carried_transfer_syntax(Uid::parse(uid).value()).value();
}
inline const TransferSyntax implicit_le = syntax("1.2.840.10008.1.2");
inline const TransferSyntax explicit_le = syntax("1.2.840.10008.1.2.1");
inline const TransferSyntax explicit_be = syntax("1.2.840.10008.1.2.2");
inline const TransferSyntax jpeg = syntax("1.2.840.10008.1.2.4.50");
inline constexpr std::size_t uncut = SIZE_MAX;

inline const codec::ObjectIdentity some_object = {"st-elsewhere", "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4"};

struct SealedObject {
    ErrorCode error;  // the first one
    std::string detail;
    Bytes bytes;
    Sealed sealed;
};

struct OpenedObject {
    ErrorCode error;
    std::string detail;
    Bytes bytes;
    bool released = false;
    Opened opened;
};

class Gate {
  public:
    explicit Gate(std::uint8_t key_seed = 1) : keys(key_seed) {}

    SealedObject seal(const TransferSyntax& transfer_syntax, ByteView data_set, std::size_t piece = uncut) {
        const SealParameters parameters{transfer_syntax, identity, {"gate-1", "CT1", 1}, &codec, mark,
                                        spool_folder,    rules};
        const auto sealer = make_sealer(parameters, keys);
        ByteCollector out;
        SealedObject result;
        for_each_piece(data_set, piece, [&](ByteView bytes) { return sealer->push(bytes, out).has_value(); });
        auto finished = sealer->finish(out);
        if (finished)
            result.sealed = std::move(*finished);
        else
            result.error = finished.error();
        result.detail = sealer->failure_detail();
        result.bytes = std::move(out.collected);
        return result;
    }

    OpenedObject open(const TransferSyntax& transfer_syntax, ByteView data_set,
                      const std::vector<Bytes>& envelopes, std::size_t piece = uncut) {
        codec::Catalogue allowed;
        (void)allowed.add(codec);
        const auto opener = make_opener({transfer_syntax, identity, envelopes, allowed, spool_folder}, keys);
        ByteCollector out;
        OpenedObject result;
        for_each_piece(data_set, piece, [&](ByteView bytes) {
            const bool taken = opener->push(bytes, out).has_value();
            result.released = opener->released();
            return taken;
        });
        const auto finished = opener->finish(out);
        if (finished)
            result.opened = *finished;
        else
            result.error = finished.error();
        result.detail = opener->failure_detail();
        result.bytes = std::move(out.collected);
        return result;
    }

    /// Where the values stand that an envelope says are sealed.
    std::vector<std::string> regions(ByteView envelope) const {
        codec::Catalogue allowed;
        (void)allowed.add(codec);
        const auto object = codec::ObjectOpener::begin(envelope, keys, allowed, identity);
        std::vector<std::string> names;
        for (const auto& region : (*object)->regions()) names.push_back(tag::name(*region.path));
        return names;
    }

    codec::Codec codec = portcullis::test::built_in("rabbit-siv");
    codec::ObjectIdentity identity = some_object;
    RegionRules rules;
    std::filesystem::path spool_folder = "/var/tmp";
    bool mark = false;  // most tests know every byte of what they seal
    portcullis::test::TestKeys keys;
};

}  // namespace portcullis::image::test
