#include "gateway/probe/observe.hpp"

#include <algorithm>
#include <set>

#include "gateway/image/attributes.hpp"
#include "gateway/image/error.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/probe/codestreams.hpp"
#include "gateway/probe/study.hpp"

namespace portcullis::probe {

namespace {

namespace tag = image::tag;

constexpr std::uint32_t lossy_image_compression = 0x00282110;

struct Pair {
    const DataSet& sent;
    const DataSet& returned;
};

bool is_text(std::string_view vr) {
    static const std::set<std::string_view> binary = {"OB", "OW", "OF", "OD", "OL", "OV", "UN", "US",
                                                      "SS", "UL", "SL", "FL", "FD", "AT", "SQ"};
    return !binary.contains(vr);
}

/// Padding is no part of a value; of bulk a byte that makes it even.
bool is_same(const Value& sent, const Value& returned) {
    if (sent.bytes == returned.bytes) return true;
    const bool text = is_text(sent.vr.empty() ? returned.vr : sent.vr);
    return text &&
           image::without_padding(as_text(sent.bytes)) == image::without_padding(as_text(returned.bytes));
}

Fate fate_of(const Pair& pair, const codec::Path& path) {
    const auto sent = pair.sent.find(path);
    if (sent == pair.sent.end()) return Fate::kept;
    const auto returned = pair.returned.find(path);
    if (returned == pair.returned.end()) return Fate::lost;
    if (!is_same(sent->second, returned->second)) return Fate::changed;
    const bool unknown = returned->second.vr == "UN" && sent->second.vr != "UN";
    return unknown ? Fate::kept_as_un : Fate::kept;
}

Fate fate_of(const Pair& pair, std::uint32_t tag) {
    return fate_of(pair, codec::Path{{}, tag});
}

Fate worst(const Pair& pair, std::initializer_list<std::uint32_t> tags) {
    Fate worst = Fate::kept;
    for (const auto tag : tags) worst = std::max(worst, fate_of(pair, tag));
    return worst;
}

PixelFate native_fate(ByteView sent, ByteView returned) {
    if (sent.size() != returned.size()) return PixelFate::changed;
    if (std::equal(sent.begin(), sent.end(), returned.begin())) return PixelFate::same;
    constexpr auto stored = (1u << bits_stored) - 1;
    for (std::size_t at = 0; at + 1 < sent.size(); at += 2)
        if ((load_le16(&sent[at]) & stored) != (load_le16(&returned[at]) & stored)) return PixelFate::changed;
    return PixelFate::high_bits_lost;
}

/// What decoders make of the codestreams.
Bytes picture() {
    Bytes bytes;
    for (const auto value : pixels()) append_le16(bytes, value);
    return bytes;
}

Bytes joined(const Value& value) {
    Bytes whole;
    for (std::size_t i = 1; i < value.items.size(); ++i) append(whole, value.items[i]);
    return whole;
}

/// An archive that joins fragments may pad the whole anew.
bool is_same_stream(Bytes a, Bytes b) {
    const auto strip = [](Bytes& bytes) {
        while (!bytes.empty() && bytes.back() == 0) bytes.pop_back();
    };
    strip(a);
    strip(b);
    return a == b;
}

void judge_fragments(const Value& sent, const Value& returned, Observed& observed) {
    const bool same_fragments =
        sent.items.size() == returned.items.size() &&
        std::equal(sent.items.begin() + 1, sent.items.end(), returned.items.begin() + 1);
    if (same_fragments)
        observed.fragments = FragmentFate::same;
    else
        observed.fragments =
            is_same_stream(joined(sent), joined(returned)) ? FragmentFate::recut : FragmentFate::changed;
    observed.pixels = observed.fragments == FragmentFate::changed ? PixelFate::recompressed : PixelFate::same;
    const auto table = [](const Value& value) { return value.items.empty() ? Bytes() : value.items.front(); };
    if (table(sent) != table(returned))
        observed.offset_table = table(returned).empty() ? Fate::lost : Fate::changed;
}

void judge_pixels(const Pair& pair, bool same_syntax, Observed& observed) {
    const auto* sent = find(pair.sent, tag::pixel_data);
    const auto* returned = find(pair.returned, tag::pixel_data);
    if (!sent || !returned) {
        observed.pixels = returned == sent ? PixelFate::same : PixelFate::lost;
    } else if (returned->encapsulated && sent->encapsulated && same_syntax) {
        judge_fragments(*sent, *returned, observed);
    } else if (returned->encapsulated) {
        observed.pixels = PixelFate::recompressed;
    } else {
        observed.pixels = native_fate(sent->encapsulated ? picture() : sent->bytes, returned->bytes);
    }
}

/// What is judged by name, and what is nobody's value.
bool is_judged(std::uint32_t tag) {
    static const std::set<std::uint32_t> judged = {
        private_creator,     private_text,         private_bytes,           trailing_creator,
        trailing_bytes,      trailing_padding,     icon_sequence,           tag::pixel_data,
        tag::overlay_data,   tag::patient_id,      tag::study_instance_uid, tag::series_instance_uid,
        tag::image_comments, tag::sop_instance_uid};
    return judged.contains(tag) || tag::is_group_length(tag);
}

void judge_others(const Pair& pair, Observed& observed) {
    const auto top = [](const codec::Path& path) {
        return path.within.empty() ? path.tag : path.within.front().sequence;
    };
    for (const auto& [path, value] : pair.sent) {
        const auto fate = is_judged(top(path)) ? Fate::kept : fate_of(pair, path);
        if (fate == Fate::changed || fate == Fate::lost) observed.others.push_back(path);
    }
    for (const auto& [path, value] : pair.returned)
        if (!is_judged(top(path)) && !pair.sent.contains(path)) observed.others.push_back(path);
}

Fate icon_fate(const Pair& pair) {
    return fate_of(pair, codec::Path{{{icon_sequence, 0}}, tag::pixel_data});
}

}  // namespace

Result<Observed> observe(const scu::Object& sent, const scu::Object& returned) {
    const auto sent_syntax = image::carried_transfer_syntax(sent.transfer_syntax);
    const auto returned_syntax = image::carried_transfer_syntax(returned.transfer_syntax);
    if (!sent_syntax || !returned_syntax) return image::errc::malformed;
    const auto before = read_data_set(sent.data_set, *sent_syntax);
    if (!before) return before.error();
    const auto after = read_data_set(returned.data_set, *returned_syntax);
    if (!after) return after.error();
    const Pair pair{*before, *after};

    Observed observed;
    observed.transfer_syntax = returned.transfer_syntax.str();
    observed.native = !returned_syntax->encapsulated;
    judge_pixels(pair, sent.transfer_syntax == returned.transfer_syntax, observed);
    observed.private_elements = worst(pair, {private_creator, private_text, private_bytes});
    observed.trailing_group = worst(pair, {trailing_creator, trailing_bytes});
    observed.trailing_padding = fate_of(pair, trailing_padding);
    observed.overlay = fate_of(pair, tag::overlay_data);
    observed.icon = icon_fate(pair);
    observed.comments = fate_of(pair, tag::image_comments);
    observed.lossy = text_of(*after, lossy_image_compression) == "01";
    for (const auto tag :
         {tag::sop_instance_uid, tag::patient_id, tag::study_instance_uid, tag::series_instance_uid})
        if (text_of(*before, tag) != text_of(*after, tag)) observed.identifiers.push_back(tag);
    judge_others(pair, observed);
    return observed;
}

}  // namespace portcullis::probe
