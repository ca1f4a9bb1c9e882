#pragma once
// Specimens, and what archives do to them, by element.

#include <catch2/catch.hpp>
#include <functional>

#include "gateway/image/element.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/image/transfer_syntax.hpp"
#include "gateway/probe/data_set.hpp"
#include "gateway/probe/study.hpp"

namespace portcullis::probe {

inline const std::vector<Specimen>& specimens() {
    static const auto all = make_specimens(make_names(), 1);
    return all;
}

inline const scu::Object& specimen(const std::string& name) {
    for (const auto& one : specimens())
        if (one.name == name) return one.object;
    FAIL("no specimen " << name);
    throw std::logic_error("unreachable");
}

inline image::TransferSyntax syntax_of(const scu::Object& object) {
    return *image::carried_transfer_syntax(object.transfer_syntax);
}

inline DataSet read(const scu::Object& object) {
    const auto data_set = read_data_set(object.data_set, syntax_of(object));
    REQUIRE(data_set.has_value());
    return *data_set;
}

/// Written anew in Explicit VR Little Endian, without sequences; encapsulated pixel data as
/// `transfer_syntax`.
inline scu::Object written(const scu::Object& original, const DataSet& data_set,
                           const char* transfer_syntax) {
    constexpr image::Encoding encoding{true};
    Bytes out;
    for (const auto& [path, value] : data_set) {
        if (!path.within.empty() || value.vr == "SQ") continue;
        const auto length = static_cast<std::uint32_t>(value.bytes.size());
        image::append_header(out, path.tag, value.vr, value.encapsulated ? 0xFFFFFFFF : length, encoding);
        append(out, value.bytes);
        for (const auto& item : value.items) {
            image::append_item_header(out, static_cast<std::uint32_t>(item.size()), encoding);
            append(out, item);
        }
        if (value.encapsulated) image::append_header(out, image::tag::sequence_delimitation, {}, 0, encoding);
    }
    return {original.sop_class, original.sop_instance, *Uid::parse(transfer_syntax), out};
}

/// The object after an archive did this to it.
inline scu::Object after(const scu::Object& original, const std::function<void(DataSet&)>& deed) {
    auto data_set = read(original);
    deed(data_set);
    return written(original, data_set, original.transfer_syntax.str().c_str());
}

inline codec::Path top(std::uint32_t tag) {
    return {{}, tag};
}

}  // namespace portcullis::probe
