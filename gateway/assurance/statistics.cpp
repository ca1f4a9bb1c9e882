#include "gateway/assurance/statistics.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

#include "codec/object.hpp"
#include "gateway/assurance/chance.hpp"
#include "gateway/assurance/child.hpp"
#include "gateway/assurance/seeded.hpp"
#include "gateway/assurance/verdict.hpp"

namespace portcullis::assurance {

namespace {

constexpr double weak_margin = 0.005;

/// By number; with the word length where one has to be chosen. Left out: 5 to 7 and 14 (suspect or "do not
/// use" in dieharder's own list), 17 (reads more than keystream_limit, measured),
/// and 201, which was not tried.
struct DieharderTest {
    const char* number;
    const char* ntuple = nullptr;
};
constexpr std::array<DieharderTest, 28> dieharder_tests = {{
    {"0"},   {"1"},   {"2"},        {"3"},        {"4"},        {"8"},        {"9"},
    {"10"},  {"11"},  {"12"},       {"13"},       {"15"},       {"16"},       {"100"},
    {"101"}, {"102"}, {"200", "1"}, {"200", "2"}, {"200", "4"}, {"200", "8"}, {"202"},
    {"203"}, {"204"}, {"205"},      {"206"},      {"207"},      {"208"},      {"209"},
}};

bool within(double p, double margin) {
    return p < margin || p > 1 - margin;
}

class Keystream {
  public:
    explicit Keystream(const codec::Codec& codec)
        : cipher_(codec.create(Seeded().bytes(codec.key_length))), unit_(codec::unit_size) {}
    ByteView next() {
        std::fill(unit_.begin(), unit_.end(), std::uint8_t{0});
        cipher_->encrypt(unit_, number_++);
        return unit_;
    }

  private:
    std::unique_ptr<codec::UnitCipher> cipher_;
    Bytes unit_;
    std::uint64_t number_ = 0;
};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

std::vector<std::string> fields(const std::string& line) {
    std::vector<std::string> all;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');) all.push_back(trimmed(field));
    return all;
}

std::optional<double> number(const std::string& text) {
    std::istringstream stream(text);
    double value = 0;
    if (!(stream >> value) || !stream.eof()) return std::nullopt;
    return value;
}

[[noreturn]] void refuse(const std::string& what, const Fed& fed) {
    throw std::runtime_error(what + " does not do its work: " + fed.output.substr(0, fed.output.find('\n')));
}

/// Every test goes on where the one before stopped, so that no two judge the same bytes.
Battery run_dieharder(Keystream& keystream, const std::function<void(const std::string&)>& progress) {
    Battery battery{"dieharder", true, {}};
    for (const auto& test : dieharder_tests) {
        const std::string what = std::string("dieharder -d ") + test.number;
        progress(what);
        // -g 200: standard input; the seed is for what a test draws itself.
        std::vector<std::string> words = {"dieharder", "-g", "200", "-S", "1", "-c", ",", "-d", test.number};
        if (test.ntuple) words.insert(words.end(), {"-n", test.ntuple});
        const auto fed = feed(
            words, [&] { return keystream.next(); }, keystream_limit);
        if (!fed) return {"dieharder", false, {}};
        auto values = parse_dieharder(fed->output);
        if (values.empty() && !fed->all) refuse(what, *fed);
        if (values.empty()) values.push_back({what, "", std::nullopt});
        std::ranges::move(values, std::back_inserter(battery.values));
    }
    return battery;
}

Battery run_ent(Keystream& keystream, const std::function<void(const std::string&)>& progress) {
    progress("ent");
    const auto fed = feed(
        {"ent", "-t"}, [&] { return keystream.next(); }, keystream_limit);
    if (!fed) return {"ent", false, {}};
    const auto chi_square = parse_ent(fed->output);
    if (!chi_square) refuse("ent", *fed);
    return {"ent",
            true,
            {{"chi-square of the bytes", std::to_string(*chi_square), chi_square_above(*chi_square, 255)}}};
}

}  // namespace

std::size_t Battery::failures() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        values, [](const PValue& value) { return !value.p || within(*value.p, impossible); }));
}

std::size_t Battery::weak() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        values, [](const PValue& value) { return !value.p || within(*value.p, weak_margin); }));
}

bool Battery::at_expectation() const {
    return failures() == 0 && poisson_at_least(weak(), expected_weak()) >= false_alarm;
}

std::vector<PValue> parse_dieharder(const std::string& output) {
    std::vector<PValue> values;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) {
        const auto columns = fields(line);  // name, ntuple, tsamples, psamples, p, assessment
        if (columns.size() < 6) continue;
        if (const auto p = number(columns[4])) values.push_back({columns[0], columns[1], p});
    }
    return values;
}

std::optional<double> parse_ent(const std::string& output) {
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) {
        const auto columns = fields(line);  // 1, bytes, entropy, chi-square, ...
        if (columns.size() > 3 && columns[0] == "1") return number(columns[3]);
    }
    return std::nullopt;
}

std::vector<Battery> run_batteries(const codec::Codec& codec,
                                   const std::function<void(const std::string&)>& progress) {
    Keystream keystream(codec);
    return {run_ent(keystream, progress), run_dieharder(keystream, progress)};
}

}  // namespace portcullis::assurance
