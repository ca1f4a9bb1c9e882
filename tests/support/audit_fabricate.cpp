// audit_fabricate FOLDER RECORDS: an audit log as a gateway writes it, through the same AuditLog, without the
// journal before it: stores and retrievals of studies, each of a patient, with their checkpoints. The same
// arguments give the same records, but for times and signatures.

#include <CLI/CLI.hpp>
#include <iostream>

#include "gateway/audit/audit.hpp"
#include "gateway/audit/checkpoint.hpp"
#include "gateway/audit/scribe.hpp"
#include "gateway/keys/audit_key.hpp"

using namespace portcullis;
using audit::Record;

namespace {

struct Plan {
    std::string folder;
    std::uint64_t records = 0;
    std::string keyring;  // empty: no checkpoints
    std::string gateway = "gate-1";
    std::uint64_t rotate = std::uint64_t{1} << 30;  // bytes
    std::uint64_t checkpoint = 100'000;             // records
};

constexpr std::uint64_t images_of_study = 50;
constexpr std::uint64_t studies_of_patient = 3;

/// What is the same in all records about one image.
Record about(const std::string& event, std::uint64_t image, const std::string& phase) {
    const auto study = image / images_of_study;
    const std::string uid = "1.2.826.0.1.3680043.9.7133." + std::to_string(study);
    return {event,
            {{"phase", phase},
             {"peer", "ct-" + std::to_string(study % 7)},
             {"calling_ae", "CT" + std::to_string(study % 7)},
             {"called_ae", std::string("PACS")},
             {"address", "10.0.3." + std::to_string(study % 7 + 1)},
             {"archive", std::string("main")},
             {"sop_class", std::string("1.2.840.10008.5.1.4.1.1.2")},
             {"sop_instance", uid + ".1." + std::to_string(image)},
             {"study", uid},
             {"patient_id", "P" + std::to_string(1'000'000 + study / studies_of_patient)}}};
}

/// Intent and outcome of a store, and now and then those of a retrieval.
Record record(std::uint64_t number) {
    const auto image = number / 4;
    switch (number % 4) {
        case 0: {
            auto intent = about("store", image, "intent");
            intent.values.emplace_back("decision", std::string("seal"));
            intent.values.emplace_back("rule", std::string("rules[0]"));
            intent.values.emplace_back("units", std::uint64_t{1});
            return intent;
        }
        case 1: {
            auto outcome = about("store", image, "outcome");
            outcome.values.emplace_back("status", std::string("0000"));
            return outcome;
        }
        case 2:
            return about("retrieve", image / 2, "intent");
        default:
            return about("retrieve", image / 2, "outcome");
    }
}

class Writer {
  public:
    explicit Writer(const Plan& plan) : plan_(plan), log_(plan.folder, options()) {}

    void write() {
        for (std::uint64_t number = 0; number < plan_.records; ++number) {
            add(record(number));
            if (number % plan_.checkpoint == plan_.checkpoint - 1) sign();
        }
        sign();
        apply();
        log_.sync();
    }

  private:
    audit::Options options() const {
        audit::Options chosen{{plan_.rotate, std::chrono::hours(24)}, {}};
        if (plan_.keyring.empty()) return chosen;
        const auto key = std::make_shared<const keys::AuditKey>(keys::AuditKey::open_or_make(plan_.keyring));
        chosen.signer = audit::Signer{{audit::origin_of(plan_.gateway), key->public_key()},
                                      [key](std::string_view text) { return key->sign(text); }};
        return chosen;
    }

    void add(const Record& record) {
        auto payload = audit::Scribe().entry(record).payload;
        log_.prepare(payload);
        prepared_.emplace_back(position_++, std::move(payload));
        if (prepared_.size() == 1000) apply();
    }

    void apply() {
        if (!prepared_.empty()) log_.apply(prepared_);
        prepared_.clear();
    }

    void sign() {
        apply();
        if (const auto checkpoint = log_.checkpoint()) add(*checkpoint);
    }

    const Plan& plan_;
    audit::AuditLog log_;
    journal::Position position_ = log_.next();
    std::vector<std::pair<journal::Position, std::string>> prepared_;
};

}  // namespace

int main(int argc, char** argv) {
    Plan plan;
    CLI::App app("Writes an audit log as a gateway does.", "audit_fabricate");
    app.add_option("FOLDER", plan.folder)->required();
    app.add_option("RECORDS", plan.records, "Besides those of checkpoints")->required();
    app.add_option("--keyring", plan.keyring, "Whose key signs the checkpoints");
    app.add_option("--gateway", plan.gateway, "The id of the gateway")->capture_default_str();
    app.add_option("--rotate", plan.rotate, "Bytes of a file")->capture_default_str();
    app.add_option("--checkpoint", plan.checkpoint, "Records between two")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        Writer(plan).write();
    } catch (const std::exception& error) {
        std::cerr << "audit_fabricate: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
