// dicom_gate seal|open --keyring DIR [--tenant T] [--codec ID] IN_DIR OUT_DIR: every Part 10 file of IN_DIR
// through the gateway's own sealer or opener, in pieces of varying size, into OUT_DIR. One line for each
// file: its name and `ok` or why not; then there is no file in OUT_DIR. Exit 0 all were ok, 1 some were not,
// 2 it cannot be told.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "gateway/image/attributes.hpp"
#include "gateway/image/block.hpp"
#include "gateway/image/deflate.hpp"
#include "gateway/image/open.hpp"
#include "gateway/image/scan.hpp"
#include "gateway/image/seal.hpp"
#include "gateway/image/tags.hpp"
#include "gateway/keys/keyring.hpp"

namespace fs = std::filesystem;
using namespace portcullis;
using namespace portcullis::image;

namespace {

constexpr std::size_t preamble = 132;  // with the prefix DICM (PS3.10 7.1)
constexpr std::uint64_t longest_inflated = std::uint64_t{1} << 31;
constexpr std::uint32_t transfer_syntax_uid = 0x00020010;

/// Collects the values of the top level that a gate has to know before it begins.
class Values final : public ScanHandler {
  public:
    Result<void> begin_element(const Element& element, ByteView) override {
        const bool wanted = element.tag == transfer_syntax_uid || element.tag == tag::sop_class_uid ||
                            element.tag == tag::sop_instance_uid ||
                            element.tag >> 16 == block_group_length >> 16;
        current_ = wanted && element.form == Form::plain ? &values_[element.tag] : nullptr;
        return {};
    }
    Result<void> value(ByteView bytes) override {
        if (current_) append(*current_, bytes);
        return {};
    }
    Result<void> end_element() override {
        current_ = nullptr;
        return {};
    }
    Result<void> begin_item(std::uint32_t, ByteView) override { return {}; }
    Result<void> end_item() override { return {}; }
    /// What is in sequences does not matter here; whether it can be read, the gate itself judges.
    bool is_sequence(std::uint32_t, bool) const override { return false; }

    std::string uid(std::uint32_t tag) const {
        const auto found = values_.find(tag);
        return found == values_.end() ? std::string() : std::string(without_padding(as_text(found->second)));
    }
    /// Of the first block of ours; nothing if there is none, empty if it holds none.
    std::optional<Bytes> envelope() const {
        for (const auto& [tag, value] : values_) {
            if (!is_block_creator(tag) || !names_us(value)) continue;
            const auto found = values_.find(envelope_tag(tag));
            return found == values_.end() ? Bytes() : found->second;
        }
        return std::nullopt;
    }

  private:
    std::map<std::uint32_t, Bytes> values_;
    Bytes* current_ = nullptr;
};

Values scan(ByteView bytes, Encoding encoding) {
    Values values;
    Scanner scanner(encoding, values);
    if (!scanner.push(bytes) || !scanner.finish()) throw std::runtime_error(scanner.failure_detail());
    return values;
}

struct File {
    Bytes bytes;
    std::size_t data_set;  // where it begins
    TransferSyntax transfer_syntax;

    ByteView head() const { return ByteView(bytes).first(data_set); }
    ByteView body() const { return ByteView(bytes).subspan(data_set); }
};

/// By the length of group 0002, which every file must have (PS3.10 7.1).
File read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    Bytes bytes(std::istreambuf_iterator<char>(in), {});
    constexpr std::size_t group_length_end = preamble + 12;
    if (!in || bytes.size() < group_length_end) throw std::runtime_error("no Part 10 file");
    const std::size_t length = load_le32(&bytes[group_length_end - 4]);
    if (length > bytes.size() - group_length_end) throw std::runtime_error("no Part 10 file");
    const std::size_t end = group_length_end + length;
    const auto meta = scan(ByteView(bytes).subspan(preamble, end - preamble), {true});
    const auto uid = Uid::parse(meta.uid(transfer_syntax_uid));
    const auto syntax = uid ? carried_transfer_syntax(*uid) : std::nullopt;
    if (!syntax) throw std::runtime_error("transfer syntax");
    return {std::move(bytes), end, *syntax};
}

/// Of its data set.
Values values_of(const File& file) {
    if (!file.transfer_syntax.deflated) return scan(file.body(), file.transfer_syntax.encoding);
    const auto data_set = inflated(file.body(), longest_inflated);
    if (!data_set) throw std::runtime_error(data_set.error().message());
    return scan(*data_set, {true});
}

struct Gate {
    std::unique_ptr<keys::Keyring> keyring;
    std::string tenant;
    const codec::Codec* codec;
    codec::Catalogue allowed;

    codec::ObjectIdentity identity(const Values& values) const {
        return {tenant, values.uid(tag::sop_class_uid), values.uid(tag::sop_instance_uid)};
    }
};

/// Pushes and finishes; throws why not.
template <class Stage>
void pass_through(Stage& stage, ByteView bytes, ByteSink& out) {
    std::minstd_rand random(static_cast<unsigned>(bytes.size()));
    while (!bytes.empty()) {
        const std::size_t longest = random() % 3 == 0 ? 4000 : 40;
        const auto piece = bytes.first(std::min<std::size_t>(1 + random() % longest, bytes.size()));
        bytes = bytes.subspan(piece.size());
        if (auto pushed = stage.push(piece, out); !pushed)
            throw std::runtime_error(pushed.error().message() + ": " + stage.failure_detail());
    }
    if (auto finished = stage.finish(out); !finished)
        throw std::runtime_error(finished.error().message() + ": " + stage.failure_detail());
}

void seal(const Gate& gate, const File& file, ByteSink& out) {
    const auto identity = gate.identity(values_of(file));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const codec::Origin origin{"dicom_gate", "", static_cast<std::uint64_t>(ms)};
    const auto sealer = make_sealer({file.transfer_syntax, identity, origin, gate.codec}, *gate.keyring);
    pass_through(*sealer, file.body(), out);
}

/// What has no block of ours passes as it is.
void open(const Gate& gate, const File& file, ByteSink& out) {
    const auto values = values_of(file);
    const auto envelope = values.envelope();
    if (!envelope) return out.write(file.body());
    const auto opener =
        make_opener({file.transfer_syntax, gate.identity(values), {*envelope}, gate.allowed}, *gate.keyring);
    pass_through(*opener, file.body(), out);
}

using Direction = void (*)(const Gate&, const File&, ByteSink&);

bool convert(const Gate& gate, Direction direction, const fs::path& from, const fs::path& to) {
    std::cout << from.filename().string() << ' ';
    try {
        const auto file = read_file(from);
        ByteCollector out;
        out.write(file.head());
        direction(gate, file, out);
        std::ofstream written(to, std::ios::binary);
        written.write(reinterpret_cast<const char*>(out.collected.data()),
                      static_cast<std::streamsize>(out.collected.size()));
        if (!written.flush()) throw std::runtime_error("cannot be written");
    } catch (const std::runtime_error& error) {
        std::cout << error.what() << '\n';
        return false;
    }
    std::cout << "ok\n";
    return true;
}

int convert_all(const Gate& gate, Direction direction, const fs::path& from, const fs::path& to) {
    fs::create_directories(to);
    std::set<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(from)) paths.insert(entry.path());
    bool all = true;
    for (const auto& path : paths) all &= convert(gate, direction, path, to / path.filename());
    return all ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Seals and opens folders of DICOM files with the gateway's own sealer and opener");
    std::string direction, keyring, tenant = "default", codec_id = "rabbit-siv", from, to;
    app.add_option("DIRECTION", direction)->required()->check(CLI::IsMember({"seal", "open"}));
    app.add_option("IN_DIR", from)->required()->check(CLI::ExistingDirectory);
    app.add_option("OUT_DIR", to)->required();
    app.add_option("--keyring", keyring)->required();
    app.add_option("--tenant", tenant, "default: default");
    app.add_option("--codec", codec_id, "to seal with; every built-in one is opened")
        ->check(CLI::IsMember({"rabbit-siv", "none"}));
    try {
        app.parse(argc, argv);
        const Gate gate{keys::Keyring::open(keyring), tenant, codec::Catalogue::built_in().find(codec_id),
                        codec::Catalogue::built_in()};
        return convert_all(gate, direction == "seal" ? seal : open, from, to);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_gate: " << error.what() << '\n';
        return 2;
    }
}
