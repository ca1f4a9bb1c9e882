// dicom_new_uid IN OUT: the same object under a fresh SOP Instance UID, printed on standard output.

#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/support/dicom_file.hpp"

namespace {

void require(const OFCondition& condition, const std::string& what) {
    if (condition.bad()) throw std::runtime_error(what + ": " + condition.text());
}

std::string fresh_uid(const char* root) {
    char uid[100];
    return dcmGenerateUniqueIdentifier(uid, root);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Copies a DICOM file under a fresh SOP Instance UID and prints it");
    std::string in, out, study, series;
    app.add_option("IN", in)->required();
    app.add_option("OUT", out)->required();
    app.add_option("--study", study, "Study Instance UID to give it; 'new' for a fresh one");
    app.add_option("--series", series, "Series Instance UID to give it; 'new' for a fresh one");
    try {
        app.parse(argc, argv);
        const auto file = portcullis::judge::read_file(in);
        DcmDataset& dataset = *file->getDataset();
        const std::string instance = fresh_uid(SITE_INSTANCE_UID_ROOT);
        if (study == "new") study = fresh_uid(SITE_STUDY_UID_ROOT);
        if (series == "new") series = fresh_uid(SITE_SERIES_UID_ROOT);
        require(dataset.putAndInsertString(DCM_SOPInstanceUID, instance.c_str()), in);
        if (!study.empty()) require(dataset.putAndInsertString(DCM_StudyInstanceUID, study.c_str()), in);
        if (!series.empty()) require(dataset.putAndInsertString(DCM_SeriesInstanceUID, series.c_str()), in);
        // The meta information is made anew from the dataset; everything else keeps its encoding.
        require(file->saveFile(out.c_str(), dataset.getOriginalXfer(), EET_UndefinedLength, EGL_withoutGL,
                               EPD_noChange, 0, 0, EWM_createNewMeta),
                out);
        std::cout << instance << '\n';
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "dicom_new_uid: " << error.what() << '\n';
        return 1;
    }
}
