#include "gateway/assurance/report.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gateway/assurance/describe.hpp"
#include "gateway/assurance/pictures.hpp"

namespace portcullis::assurance {

const char* const what_tests_prove =
    "NPCR, UACI, entropy, NIST SP 800-22 are regression tests. They prove nothing about security, and every "
    "broken cipher passed them.";

const char* const what_we_claim =
    "Reading sealed pixels without a key requires breaking AES-256-GCM, the key wrap, or the recovery "
    "certificate's RSA-OAEP. The chaotic layer is optional and we claim no strength from it; it limits the "
    "damage of misuse or of a faulty implementation of the outer layer, not of a stolen key. Rabbit is a "
    "stream cipher of chaotic ancestry with a 128-bit key; our 16-lane mode is new. `logistic-sbox` is a "
    "reconstruction of a published method: assume it broken. Statistical tests prove nothing. Patient and "
    "study data, dimensions and (compressed) sizes stay readable.";

const char* const what_changed_keys_show =
    "A changed bit of the object's key, any of the 256, passes through HKDF-SHA256 and gives the codec a "
    "wholly new key, so any codec that depends on its key and makes units that look random will show this; "
    "of the codec's own key, taken alone, only bits whose change reaches every byte of a unit are changed, "
    "because a key need not be one piece: of rabbit-siv's 640, Poly1305 clears 22, and the 256 of the "
    "stream key do not reach the synthetic IV, 16 bytes of the unit.";

const char* const how_it_was_done =
    "Judged is the codec alone, without the AES-256-GCM that encloses it. Every image is cut into units as "
    "the gateway cuts it (256 KiB; every fragment of a compressed image by itself) and encrypted under the "
    "key that sealing derives for the codec from an object's key (DEK) and salt of the image's own. Keys "
    "and the changed bits come from a fixed seed, so that the report can be repeated; such keys are of no "
    "use for anything else. Of every unit of 1024 bytes and more, one bit of the text, one bit of the "
    "codec's key and one bit of the object's key are changed, each by itself (of a key the same bit in all "
    "units of an image); the changed object's key passes through the same HKDF-SHA256 as in sealing, with "
    "the same salt. Smaller units are counted and not judged; chi-square is judged from 1280 bytes on, "
    "entropy from 64 KiB on, the correlation of neighbours from 1024 pairs on. Samples count as the image "
    "has them; compressed pixels, and those without a raster, as bytes in a row. An outlier lies more than "
    "three standard errors from the expectation (correlation: four). How many of them chance lets expect is "
    "computed for each result, for NPCR from the exact binomial distribution. A metric is at expectation if "
    "it has no more outliers than chance gives for their number (a chance of less than one in a thousand "
    "for all metrics together would count as more), and no single result that is rarer than one in a "
    "million for their number.";

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written; check the folder");
}

class Writer {
  public:
    Writer(const codec::Codec& codec, const ReportRequest& request)
        : request_(request), judge_(codec), report_{codec, judge_.key_bits(), {}, {}, {}, {}, {}} {}

    Report make() {
        std::vector<fs::path> files;
        for (const auto& path : request_.paths)
            std::ranges::move(files_under(path), std::back_inserter(files));
        fs::create_directories(request_.output / "pictures");
        for (const Image& image : degenerate_images()) add(image);
        for (const auto& file : files) add_file(file);
        if (report_.files() == 0)
            throw std::runtime_error(request_.paths.front().string() +
                                     ": no image that can be judged; name DICOM files or folders with some");
        request_.progress("speeds");
        report_.tallies = judge_.tallies();
        report_.bench = run_bench({&report_.codec}, request_.bench_seconds, [](int, int) {});
        if (request_.statistics) report_.batteries = run_batteries(report_.codec, request_.progress);
        write(request_.output / "report.json", to_json(report_));
        write(request_.output / "report.html", to_html(report_));
        return std::move(report_);
    }

  private:
    void add_file(const fs::path& file) {
        request_.progress(file.string());
        auto read = read_image(file);
        if (auto* skipped = std::get_if<Skipped>(&read))
            report_.skipped.push_back(std::move(*skipped));
        else
            add(std::get<Image>(read));
    }

    void add(const Image& image) {
        auto judged = judge_.judge(image);
        report_.images.push_back({std::move(judged.result), draw(image, judged)});
    }

    Pictures draw(const Image& image, const JudgedImage& judged) {
        Pictures pictures;
        if (image.layout) {
            pictures.image = save(draw_frame(*image.layout, image.regions.front()), "image");
            pictures.cipher = save(draw_frame(*image.layout, judged.cipher.front()), "cipher");
        }
        if (pictures.cipher.empty()) {
            const auto some = std::ranges::find_if(judged.cipher, [](const Bytes& r) { return !r.empty(); });
            pictures.cipher = save(draw_bytes(*some), "cipher");
        }
        pictures.histogram_before = save(draw_histogram(judged.result.histogram_before), "before");
        pictures.histogram_after = save(draw_histogram(judged.result.histogram_after), "after");
        return pictures;
    }

    std::string save(const std::optional<Picture>& picture, const std::string& what) {
        if (!picture) return {};
        const std::string name =
            "pictures/" + std::to_string(report_.images.size() + 1) + "-" + what + ".png";
        write_png(request_.output / name, *picture);
        return name;
    }

    const ReportRequest& request_;
    Judge judge_;
    Report report_;
};

}  // namespace

std::size_t Report::files() const {
    return images.size() - std::min(images.size(), degenerate_images().size());
}

bool Report::at_expectation() const {
    return deviations().empty();
}

std::vector<std::string> Report::deviations() const {
    std::vector<std::string> all;
    if (!is_cipher(codec)) all.emplace_back("it is no cipher by itself");
    std::ranges::copy(tallies.deviations(), std::back_inserter(all));
    if (batteries)
        for (const auto& battery : *batteries)
            if (battery.installed && !battery.at_expectation()) all.push_back(battery.program);
    return all;
}

Report make_report(const codec::Codec& codec, const ReportRequest& request) {
    return Writer(codec, request).make();
}

}  // namespace portcullis::assurance
