#pragma once
// Performed procedure steps and unified procedure steps on DCMTK, which has no tool for them. What comes is
// written to files as it came, so that bytes can be compared.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcostrmf.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

namespace portcullis::workflow {

/// A UPS is an instance of UPS Push, whichever of the classes the association agreed on (PS3.4 CC.3).
inline const std::map<std::string, const char*> classes{{"mpps", UID_ModalityPerformedProcedureStepSOPClass},
                                                        {"push", UID_UnifiedProcedureStepPushSOPClass},
                                                        {"pull", UID_UnifiedProcedureStepPullSOPClass},
                                                        {"watch", UID_UnifiedProcedureStepWatchSOPClass}};

inline void require(const OFCondition& condition, const std::string& what) {
    if (condition.bad()) throw std::runtime_error(what + ": " + condition.text());
}

/// The bytes of the data set that follows a command, in a new file that is named by its number: 00, 01...
inline std::filesystem::path receive_into(const std::filesystem::path& folder, int number,
                                          T_ASC_Association* association) {
    const std::string digits = std::to_string(number);
    const auto path = folder / (digits.size() < 2 ? "0" + digits : digits);
    T_ASC_PresentationContextID context = 0;
    DcmOutputFileStream file(OFFilename(path.c_str()));
    require(DIMSE_receiveDataSetInFile(association, DIMSE_BLOCKING, 0, &context, &file, nullptr, nullptr),
            path);
    return path;
}

inline void send(T_ASC_Association* association, T_ASC_PresentationContextID context,
                 T_DIMSE_Message& message, DcmDataset* data_set) {
    require(
        DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, data_set, nullptr, nullptr),
        "sending");
}

template <std::size_t size>
void copy_uid(char (&into)[size], const char* uid) {
    OFStandard::strlcpy(into, uid, size);
}

}  // namespace portcullis::workflow
