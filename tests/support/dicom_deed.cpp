// dicom_deed DEED FILE [OTHER]: does to a stored object what archives, careless or malicious, do to it and
// what none of DCMTK's tools does. The file is written in place, and OTHER, too.

#include <CLI/CLI.hpp>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>

#include "tests/support/compress_jpeg2000.hpp"

namespace judge = portcullis::judge;
using judge::Bytes;

namespace {

void require(const OFCondition& condition, const char* what) {
    if (condition.bad()) throw std::runtime_error(std::string(what) + ": " + condition.text());
}

/// Loaded whole, because it is written to where it came from.
struct File {
    explicit File(std::string where) : path(std::move(where)), format(judge::read_file(path)) {
        require(format->loadAllDataIntoMemory(), "read");
        syntax = dataset().getOriginalXfer();
    }
    void save() {
        require(format->saveFile(path.c_str(), syntax, EET_UndefinedLength, EGL_withoutGL), "write");
    }

    DcmDataset& dataset() { return *format->getDataset(); }
    DcmElement& element(const DcmTagKey& tag) {
        DcmElement* found = nullptr;
        require(dataset().findAndGetElement(tag, found), "element");
        return *found;
    }
    DcmPixelSequence& fragments() {
        auto* sequence = judge::encapsulated(element(DCM_PixelData));
        if (sequence == nullptr) throw std::runtime_error("native pixels");
        return *sequence;
    }
    std::string path;
    std::unique_ptr<DcmFileFormat> format;
    E_TransferSyntax syntax = EXS_Unknown;  // to write
};

/// The items of encapsulated pixels, the offset table first.
std::vector<Bytes> items_of(DcmPixelSequence& sequence) {
    std::vector<Bytes> items;
    for (unsigned long i = 0; i < sequence.card(); ++i) {
        DcmPixelItem* item = nullptr;
        require(sequence.getItem(item, i), "item");
        items.push_back(judge::whole_value(*item));
    }
    return items;
}

void put_items(DcmPixelSequence& sequence, const std::vector<Bytes>& items) {
    while (sequence.card() > 0) {
        DcmPixelItem* item = nullptr;
        require(sequence.remove(item, 0), "item");
        delete item;
    }
    for (const Bytes& bytes : items) {
        auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
        require(item->putUint8Array(bytes.data(), bytes.size()), "item");
        require(sequence.insert(item.release()), "item");
    }
}

/// The bit is one in the middle.
Bytes with_a_bit_flipped(Bytes bytes) {
    bytes.at(bytes.size() / 2) ^= 0x10;
    return bytes;
}

bool is_encapsulated(File& file) {
    return judge::encapsulated(file.element(DCM_PixelData)) != nullptr;
}

void put_native(File& file, const Bytes& bytes) {
    DcmElement& pixels = file.element(DCM_PixelData);
    if (bytes.size() % 2 != 0) throw std::runtime_error("odd length");
    if (pixels.getTag().getEVR() == EVR_OB)
        return require(pixels.putUint8Array(bytes.data(), bytes.size()), "pixels");
    std::vector<Uint16> words(bytes.size() / 2);  // in the order of the machine, which is little-endian
    std::memcpy(words.data(), bytes.data(), bytes.size());
    require(pixels.putUint16Array(words.data(), words.size()), "pixels");
}

/// Native pixels as the only one, or the items without the offset table.
void change_values(File& file, const std::function<void(std::vector<Bytes>&)>& change) {
    if (!is_encapsulated(file)) {
        std::vector<Bytes> one = {judge::whole_value(file.element(DCM_PixelData))};
        change(one);
        return put_native(file, one.at(0));
    }
    auto items = items_of(file.fragments());
    std::vector<Bytes> fragments(items.begin() + 1, items.end());
    change(fragments);
    fragments.insert(fragments.begin(), items.front());
    put_items(file.fragments(), fragments);
}

void flip(File& file) {
    change_values(file, [](auto& values) { values[0] = with_a_bit_flipped(values[0]); });
}

/// Two bytes are missing at the end.
void shorten(File& file) {
    change_values(file, [](auto& values) { values.back().resize(values.back().size() - 2); });
}

/// What makes the length even: another archive pads with another byte.
void pad_anew(File& file) {
    change_values(file, [](auto& values) { values.back().back() = 0x20; });
}

/// In two: the first two bytes, and what is left.
void cut(File& file) {
    change_values(file, [](auto& fragments) {
        std::vector<Bytes> pieces;
        for (const Bytes& fragment : fragments) {
            pieces.emplace_back(fragment.begin(), fragment.begin() + 2);
            pieces.emplace_back(fragment.begin() + 2, fragment.end());
        }
        fragments = pieces;
    });
}

void join(File& file) {
    change_values(file, [](auto& fragments) {
        Bytes all;
        for (const Bytes& fragment : fragments) all.insert(all.end(), fragment.begin(), fragment.end());
        fragments = {all};
    });
}

/// As if every fragment were a frame (PS3.5 A.4).
void add_table(File& file) {
    auto items = items_of(file.fragments());
    items[0].clear();
    std::size_t offset = 0;
    for (std::size_t i = 1; i < items.size(); offset += 8 + items[i].size(), ++i)
        for (int shift = 0; shift < 32; shift += 8)
            items[0].push_back(static_cast<std::uint8_t>(offset >> shift));
    put_items(file.fragments(), items);
}

void drop_table(File& file) {
    auto items = items_of(file.fragments());
    items[0].clear();
    put_items(file.fragments(), items);
}

void compress_jpeg2000(File& file) {
    judge::compress_jpeg2000(file.dataset());
    file.syntax = EXS_JPEG2000LosslessOnly;
}

void exchange(File& file, File& other) {
    change_values(file,
                  [&](auto& mine) { change_values(other, [&](auto& theirs) { std::swap(mine, theirs); }); });
}

constexpr Uint16 block_group = 0x7FE1;

/// The block that holds the envelope: (7FE1,00bb) names PORTCULLIS.
DcmTagKey envelope_of(File& file) {
    for (Uint16 block = 0x10; block <= 0xFE; ++block) {
        OFString creator;
        file.dataset().findAndGetOFString(DcmTagKey(block_group, block), creator);
        if (creator == "PORTCULLIS") return {block_group, static_cast<Uint16>(block << 8 | 1)};
    }
    throw std::runtime_error(file.path + ": no envelope");
}

void put_block(File& file, const DcmTagKey& envelope, const Bytes& value) {
    const DcmTagKey creator(block_group, envelope.getElement() >> 8);
    require(file.dataset().putAndInsertString(DcmTag(creator, EVR_LO), "PORTCULLIS"), "creator");
    require(file.dataset().putAndInsertUint8Array(DcmTag(envelope, EVR_OB), value.data(), value.size()),
            "envelope");
}

/// Gives the file the envelope of the other, in place of its own if it has one.
void take_block(File& file, File& other) {
    const auto envelope = envelope_of(other);
    put_block(file, envelope, judge::whole_value(other.element(envelope)));
}

/// Changes one bit of the envelope.
void damage_block(File& file) {
    const auto envelope = envelope_of(file);
    put_block(file, envelope, with_a_bit_flipped(judge::whole_value(file.element(envelope))));
}

using Deed = std::function<void(File&)>;
using DeedWithTwo = std::function<void(File&, File&)>;

const std::map<std::string, Deed> deeds = {{"flip", flip},
                                           {"shorten", shorten},
                                           {"pad-anew", pad_anew},
                                           {"cut", cut},
                                           {"join", join},
                                           {"add-table", add_table},
                                           {"drop-table", drop_table},
                                           {"damage-block", damage_block},
                                           {"compress-jpeg2000", compress_jpeg2000}};
const std::map<std::string, DeedWithTwo> deeds_with_two = {{"exchange", exchange},
                                                           {"take-block", take_block}};

void perform(const std::string& deed, File& file, const std::string& other) {
    if (const auto found = deeds.find(deed); found != deeds.end()) {
        if (!other.empty()) throw std::runtime_error(deed + " is done to one file");
        found->second(file);
        return file.save();
    }
    const auto found = deeds_with_two.find(deed);
    if (found == deeds_with_two.end()) throw std::runtime_error(deed + ": not a deed");
    File second(other);
    found->second(file, second);
    file.save();
    second.save();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Does to a stored DICOM file what archives do");
    std::string deed, path, other;
    app.add_option("DEED", deed)->required();
    app.add_option("FILE", path)->required()->check(CLI::ExistingFile);
    app.add_option("OTHER", other)->check(CLI::ExistingFile);
    try {
        app.parse(argc, argv);
        File file(path);
        perform(deed, file, other);
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_deed: " << error.what() << '\n';
        return 1;
    }
}
